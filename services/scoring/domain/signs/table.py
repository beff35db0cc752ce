"""Results of one procedure and year as columns of whole numbers: the last revision of what counts of each school."""

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from services.scoring.domain.schools.counting import Claim, counted

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    Counts = NDArray[int64]

NO_DATA = -1


class Origin(NamedTuple):
    """Whose result a row is, which revision, and by what it counts where the school has others."""

    school: str
    municipality: str | None
    result: str
    revision: int
    period: str = ""
    in_force: bool = True

    @property
    def claim(self) -> Claim:
        """See `Claim`."""
        return Claim(self.in_force, self.period, self.result)


class Table:
    """Rows by school; a cell without data, or with one that is no count, is -1."""

    __slots__ = ("_cells", "_chosen", "_results", "_told", "names")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._told: list[Origin] = []
        self._cells = array("i")
        self._results: dict[str, int] = {}
        self._chosen: dict[str, int] | None = None

    def add(self, origin: Origin, values: Mapping[str, str | None] | None) -> None:
        """Take a revision over unless a newer one of the same result stands there.

        Every result keeps a row until the end: only a later revision may say that one was withdrawn.
        """
        cells = array("i", [_count((values or {}).get(name)) for name in self.names])
        row = self._results.get(origin.result)
        width = len(self.names)
        if row is None:
            self._results[origin.result] = len(self._told)
            self._told.append(origin)
            self._cells.extend(cells)
        elif self._told[row].revision < origin.revision:
            self._told[row] = origin
            self._cells[row * width : (row + 1) * width] = cells
        self._chosen = None

    @property
    def origins(self) -> list[Origin]:
        """The result of each school that counts."""
        return [self._told[row] for row in self._rows().values()]

    def columns(self, *names: str) -> "Counts":
        """These columns as a matrix, a row for each school."""
        import numpy as np

        whole = np.frombuffer(self._cells, dtype=np.intc) if self._cells else np.zeros(0, dtype=np.intc)
        places = [self.names.index(name) for name in names]
        rows = list(self._rows().values())
        return whole.reshape(-1, len(self.names))[np.ix_(rows, places)].astype(np.int64)

    def places(self) -> dict[str, int]:
        """Where each school stands."""
        return {school: place for place, school in enumerate(self._rows())}

    def _rows(self) -> dict[str, int]:
        """The row of each school's result that counts."""
        if self._chosen is None:
            told = self._told
            self._chosen = counted(
                range(len(told)), place=lambda row: told[row].school, claim=lambda row: told[row].claim
            )
        return self._chosen


def _count(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() and len(text) <= 9 else NO_DATA  # noqa: PLR2004 - what an int of the array holds
