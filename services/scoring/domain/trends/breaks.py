"""What stands between two years of a trend: another edition of the methodology, a reform of the territory."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.scoring.domain.methodology import Methodology
from services.scoring.domain.territory import Change, Territory
from services.scoring.domain.trends.lines import Line
from services.scoring.domain.trends.window import last_day


@dataclass(frozen=True, slots=True)
class Break:
    """Between two periods: editions (`from`, `to`) or a reform."""

    after: str
    before: str
    editions: tuple[Methodology, Methodology] | None = None
    reform: Change | None = None


def breaks_of(lines: Sequence[Line], territory: Territory, whose: Callable[[str], Collection[str]]) -> list[Break]:
    """The breaks between neighbouring lines, those of the methodology first.

    Editions are compared with the last known one: years without any do not hide that it changed. A reform stands
    before the first period at whose end it holds, if it is of those `whose` the land was when it came.
    """
    found, edition = [], lines[0].methodology if lines else None
    for one, other in pairwise(lines):
        if edition is not None and other.methodology is not None and other.methodology.id != edition.id:
            found.append(Break(one.period, other.period, editions=(edition, other.methodology)))
        edition = other.methodology or edition
        reforms = territory.changes_of(whose, last_day(one.period), last_day(other.period))
        found += [Break(one.period, other.period, reform=reform) for reform in reforms]
    return found
