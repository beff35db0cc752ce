"""Results of one procedure and year as columns of whole numbers: the last revision of each school's result."""

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    Counts = NDArray[int64]

NO_DATA = -1


class Origin(NamedTuple):
    """Whose result a row is, and which revision."""

    school: str
    municipality: str | None
    result: str
    revision: int


class Table:
    """Rows by school; a cell without data, or with one that is no count, is -1."""

    __slots__ = ("_cells", "_rows", "names", "origins")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.origins: list[Origin] = []
        self._cells = array("i")
        self._rows: dict[str, int] = {}

    def add(self, origin: Origin, values: Mapping[str, str | None] | None) -> None:
        """Take a revision over unless a newer one of the same result, or another result, stands there."""
        cells = array("i", [_count((values or {}).get(name)) for name in self.names])
        row = self._rows.get(origin.school)
        width = len(self.names)
        if row is None:
            self._rows[origin.school] = len(self.origins)
            self.origins.append(origin)
            self._cells.extend(cells)
        elif self.origins[row][2:] < origin[2:]:
            self.origins[row] = origin
            self._cells[row * width : (row + 1) * width] = cells

    def columns(self, *names: str) -> "Counts":
        """These columns as a matrix, a row for each school."""
        import numpy as np

        whole = np.frombuffer(self._cells, dtype=np.intc) if self._cells else np.zeros(0, dtype=np.intc)
        places = [self.names.index(name) for name in names]
        return whole.reshape(-1, len(self.names))[:, places].astype(np.int64)

    def row_of(self, school: str) -> int | None:
        """Where a school stands."""
        return self._rows.get(school)


def _count(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() and len(text) <= 9 else NO_DATA  # noqa: PLR2004 - what an int of the array holds
