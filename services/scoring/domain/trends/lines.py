"""The lines of a trend: one period each, of a municipality as it was, or of today's one through its predecessors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.scoring.domain.card import NO_DATA, NOT_APPLICABLE, graded
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.territory import Territory, Way
from services.scoring.domain.trends.standing import Standing
from services.scoring.domain.trends.window import first_day, last_day

Basis = Literal["own", "predecessor", "combined", "not_comparable"]
# That a procedure did not apply is known, by an act.
UNKNOWN = frozenset({"no_data", "did_not_exist"})


@dataclass(frozen=True, slots=True)
class Part:
    """One of the municipalities that a line was made of."""

    municipality: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Line:
    """One period: the standing, whose it is (`basis`), by which edition, and what it was made of (empty if own)."""

    period: str
    municipality: str
    basis: Basis
    methodology: Methodology | None
    standing: Standing
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """What lines are read from."""

    standing: Callable[[str, str], Standing]
    methodology: Callable[[str], Methodology | None]
    name: Callable[[str, str], str]
    territory: Territory


def as_was(reader: Reader, municipality: str, period: str) -> Line:
    """The line of a municipality as it was in the period."""
    return Line(period, municipality, "own", reader.methodology(period), reader.standing(municipality, period))


def as_is(reader: Reader, municipality: str, period: str) -> Line:
    """The line of today's territory: of whoever it was at the end of the period.

    In the year of a reform the results may still be of the predecessors: where nothing is known of who it was at the
    end of the period, not even that it did not apply, those count whose it was at the beginning.
    """
    late = reader.territory.origins(municipality, last_day(period))
    line = _of(reader, municipality, period, late)
    if line.standing.score.state not in UNKNOWN:
        return line
    early = reader.territory.origins(municipality, first_day(period))
    earlier = line if early == late else _of(reader, municipality, period, early)
    return line if earlier.standing.score.state in UNKNOWN else earlier


def _of(reader: Reader, municipality: str, period: str, origins: Mapping[str, Way]) -> Line:
    edition = reader.methodology(period)
    if len(origins) == 1:
        ((whose, way),) = origins.items()
        standing = reader.standing(whose, period)
        if way == "same":
            return Line(period, whose, "own", edition, standing)
        return Line(period, municipality, "predecessor", edition, standing, (Part(whose, standing),))
    parts = tuple(Part(one, reader.standing(one, period)) for one in sorted(origins))
    split = [one for one, way in origins.items() if way == "split"]
    if split:
        said = f"сравнить нельзя: вошли только части ({_names(reader, split, period)})"
        return Line(period, municipality, "not_comparable", edition, Standing(NO_DATA, None, said), parts)
    basis, standing = combined(reader, parts, period)
    return Line(period, municipality, basis, edition, standing, parts)


def combined(reader: Reader, parts: tuple[Part, ...], period: str) -> tuple[Basis, Standing]:
    """Predecessors together: the sum of their points over the sum of their maxima, without a rank.

    Those to whom it did not apply leave both sums. Where one has no data there is no sum: a missing part would count
    as zero.
    """
    if all(part.standing.score.state == "not_applicable" for part in parts):
        return "combined", Standing(NOT_APPLICABLE, None, "не применялась ни к одному из предшественников")
    missing = [part.municipality for part in parts if part.standing.score.state in UNKNOWN]
    if missing:
        if len(missing) == len(parts):
            return "combined", Standing(NO_DATA, None, "нет данных ни об одном из предшественников")
        said = f"сравнить нельзя: нет данных ({_names(reader, missing, period)}), сумма была бы неполной"
        return "not_comparable", Standing(NO_DATA, None, said)
    methodology = reader.methodology(period)
    assert methodology is not None, "without an edition nothing is scored"
    scores = [part.standing.score for part in parts if part.standing.score.points is not None]
    points = sum((one.points or Fraction(0) for one in scores), Fraction(0))
    maximum = sum((one.maximum or Fraction(0) for one in scores), Fraction(0))
    return "combined", Standing(graded(points, maximum, percent_bands=methodology.percent_bands, points_bands=None))


def _names(reader: Reader, whose: list[str], period: str) -> str:
    return ", ".join(sorted(reader.name(one, period) for one in whose))
