"""A card: one municipality's score of one period by procedure, group and overall, with its told revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from services.scoring.domain.facts import Status
from services.scoring.domain.league import League, league_of
from services.scoring.domain.methodology import OVERALL, Bands, Group, Level, Methodology, half_up
from services.scoring.domain.rules import ZERO

State = Literal["scored", "no_data", "not_applicable", "did_not_exist"]
Basis = Literal["act", "result", "edition"]
CardKey = tuple[str, str]
REMEMBERED = 65_536
# Instead of what somebody typed with a result: that is free text, which may name a person.
RESULT_SAYS = "процедура не применялась: так указано в результате"


class Held(NamedTuple):
    """The last known revision of one result and what it says; `points` is None unless it has a value.

    `values` (of every indicator, in the edition's order) are kept only where the procedure has a relative rule:
    there points follow the scale, and only the result that counts has any.
    Made for each fact, like `ProcedureScore`: named tuples, which cost a quarter of a frozen dataclass.
    """

    result: str
    revision: int
    recorded_at: str
    status: Status
    points: Fraction | None = None
    missing: tuple[str, ...] = ()
    reason: str | None = None
    act: str | None = None
    values: tuple[str | None, ...] = ()


class ProcedureScore(NamedTuple):
    """A procedure's score: the result that counts (`held`) and what is known of others, also withdrawn.

    `stated` is the id of the applicability act by which it does not apply.
    """

    state: State
    maximum: Fraction
    held: Held | None = None
    others: tuple[Held, ...] = ()
    reason: str | None = None
    act: str | None = None
    stated: str | None = None

    @property
    def basis(self) -> Basis | None:
        """What says that it does not apply: an applicability act, a result, the edition; None where it applies."""
        if self.state != "not_applicable":
            return None
        return "act" if self.stated else "result" if self.held else "edition"

    def public(self) -> "ProcedureScore":
        """The same as anybody may read it: of a result not the reason and the act, which whoever sent it typed."""
        return self._replace(reason=RESULT_SAYS, act=None) if self.basis == "result" else self

    @property
    def points(self) -> Fraction | None:
        """The points of the result that counts; None unless scored."""
        return self.held.points if self.held is not None and self.state == "scored" else None

    @property
    def share(self) -> Fraction | None:
        """Points over maximum; None unless scored."""
        points = self.points
        return None if points is None else points / self.maximum

    @property
    def withdrawn(self) -> Held | None:
        """Where no result counts, the one that was withdrawn last; None where none ever came."""
        if self.held is not None:
            return None
        return max(self.others, key=lambda one: (one.recorded_at, one.result), default=None)

    @property
    def in_force(self) -> Held | None:
        """The result in force, also where an act outweighs it; of several the one recorded last."""
        found = [one for one in self.known() if one.status != "withdrawn"]
        return self.held or max(found, key=lambda one: (one.recorded_at, one.result), default=None)

    def known(self) -> tuple[Held, ...]:
        """Every result ever heard of in this place."""
        return self.others if self.held is None else (self.held, *self.others)


@dataclass(frozen=True, slots=True)
class Score:
    """A score of a group, a procedure or overall; everything but `state` is empty unless scored."""

    state: State
    points: Fraction | None = None
    maximum: Fraction | None = None
    percent: int | None = None
    level: Level | None = None
    level_conflict: bool = False
    share: Fraction | None = field(default=None, compare=False)


NO_DATA = Score("no_data")
NOT_APPLICABLE = Score("not_applicable")
DID_NOT_EXIST = Score("did_not_exist")
UNSCORED = {one.state: one for one in (NO_DATA, NOT_APPLICABLE, DID_NOT_EXIST)}


@dataclass(frozen=True, slots=True)
class Card:
    """One municipality's score of one period; `revision` counts the told changes.

    `scale` is the number of the period's scale by which its relative points are measured (0: has none, or the first).
    """

    municipality: str
    period: str
    methodology: str
    revision: int
    procedures: Mapping[str, ProcedureScore]
    scores: Mapping[str, Score]
    scale: int = 0

    @property
    def key(self) -> CardKey:
        """Municipality and period."""
        return self.municipality, self.period

    @property
    def league(self) -> League:
        """Among whom it is ranked."""
        return league_of(self.municipality, self.period)

    @property
    def reported(self) -> bool:
        """Whether some result behind the card is in force."""
        return any(held.status != "withdrawn" for scored in self.procedures.values() for held in scored.known())

    @property
    def data_at(self) -> str | None:
        """When the last of the results behind the card was recorded; None where there is none."""
        return max((held.recorded_at for scored in self.procedures.values() for held in scored.known()), default=None)


def unborn(card: Card) -> Card:
    """The card of a municipality that did not exist in the period: which is neither zero nor no data.

    What was reported of it all the same is taken at its word: a card with a score stays.
    """
    if any(score.points is not None for score in card.scores.values()):
        return card
    procedures = {key: ProcedureScore("did_not_exist", one.maximum) for key, one in card.procedures.items()}
    return replace(card, procedures=procedures, scores=dict.fromkeys(card.scores, DID_NOT_EXIST))


@lru_cache(maxsize=4_096)
def integer(number: int) -> Fraction:
    """A whole number as a fraction, made once."""
    return Fraction(number)


def total(numbers: Sequence[Fraction]) -> Fraction:
    """The exact sum; whole numbers, the usual case, are added as integers."""
    whole, rest = 0, ZERO
    for number in numbers:
        numerator, denominator = number.as_integer_ratio()
        if denominator == 1:
            whole += numerator
        else:
            rest += number
    return rest + whole if rest else integer(whole)


def graded(points: Fraction, maximum: Fraction, *, percent_bands: Bands, points_bands: Bands | None) -> Score:
    """Share, percent (half-up, at most 100), level by the percent, whether the points bands say otherwise.

    `points_bands` is given only where the full maximum applies; points are rounded half-up to read them.
    """
    share = points / maximum
    percent = min(half_up(share * 100), 100)
    level = percent_bands.level(percent)
    by_points = None if points_bands is None else points_bands.level(half_up(points))
    conflict = by_points is not None and by_points != level
    return Score("scored", points, maximum, percent, level, conflict, share)


def group_scores(
    methodology: Methodology,
    procedures: Mapping[str, ProcedureScore],
    *,
    without: frozenset[str] = frozenset(),
    standing: Mapping[str, Score] = MappingProxyType({}),
) -> dict[str, Score]:
    """Scores of the groups in the methodology's order, then `overall`.

    `without` leaves procedures out, with their maxima; `standing` holds scores of groups that did not change.
    """
    scores: dict[str, Score] = {}
    sums: list[Sums] = []
    for group in methodology.groups:
        known = standing.get(group.key)
        if known is not None and known.points is not None and known.maximum is not None:
            scores[group.key] = known
            exempt = ZERO if known.maximum is group.summed else group.summed - known.maximum
            sums.append(Sums(known.points, exempt))
            continue
        summed = _sums(group, procedures, without)
        scores[group.key] = remembered(methodology, group.key, summed)
        sums.append(summed)
    points = [summed.points for summed in sums if summed.points is not None]
    everything = Sums(total(points) if points else None, total([summed.exempt for summed in sums]))
    scores[OVERALL] = remembered(methodology, OVERALL, everything)
    return scores


def remembered(methodology: Methodology, group: str, sums: "Sums") -> Score:
    """The score of a group's sums, kept with the edition: the same few sums come again and again."""
    points = None if sums.points is None else sums.points.as_integer_ratio()
    key = (group, points, sums.exempt.as_integer_ratio())
    score = methodology.scored.get(key)
    if score is None:
        if len(methodology.scored) >= REMEMBERED:
            methodology.scored.clear()
        score = methodology.scored[key] = _score(methodology, group, sums)
    return score


def _score(methodology: Methodology, group: str, sums: "Sums") -> Score:
    for one in methodology.groups:
        if one.key == group:
            return sums.score(methodology, one.summed, one.points_bands)
    applicable = methodology.overall_maximum(sums.exempt) + sums.exempt
    return sums.score(methodology, applicable, methodology.overall_points_bands)


@dataclass(frozen=True, slots=True)
class Sums:
    """The points of a group (None where nothing is scored) and the maxima that do not apply."""

    points: Fraction | None
    exempt: Fraction

    def score(self, methodology: Methodology, whole: Fraction, points_bands: Bands | None) -> Score:
        """The score of these points, of the whole maximum less what does not apply."""
        maximum = whole - self.exempt if self.exempt else whole
        if self.points is None:
            return NO_DATA if maximum else NOT_APPLICABLE
        full = None if self.exempt else points_bands
        return graded(self.points, maximum, percent_bands=methodology.percent_bands, points_bands=full)


def _sums(group: Group, procedures: Mapping[str, ProcedureScore], without: frozenset[str]) -> Sums:
    points, exempt = [], []
    for procedure in group.procedures:
        score = procedures[procedure.key]
        if score.state == "not_applicable" or procedure.key in without:
            exempt.append(score.maximum)
        elif score.held is not None and score.held.points is not None:
            points.append(score.held.points)
    return Sums(total(points) if points else None, total(exempt))


def procedure_score(methodology: Methodology, score: ProcedureScore) -> Score:
    """A procedure's own percent and level, by the same bands in percent."""
    points = score.points
    if points is None:
        return UNSCORED[score.state]
    bands = methodology.percent_bands
    return graded(points, score.maximum, percent_bands=bands, points_bands=None)
