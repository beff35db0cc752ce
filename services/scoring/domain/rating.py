"""A rating: the ranked rows of one table of a period, those without data apart, and whose ranks moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.scoring.domain.card import DID_NOT_EXIST, NO_DATA, Card, Score, group_scores, procedure_score
from services.scoring.domain.methodology import OVERALL, Methodology
from services.scoring.domain.names import alphabetical
from services.scoring.domain.standings import Table
from services.scoring.events import Mover
from shared.kernel import NotFound, Refused

MOVERS_NAMED = 10
NO_RESULTS = "нет действующих результатов"
ALL_EXEMPT = "все процедуры не применялись"
REST_EXEMPT = "все процедуры, кроме исключённых, не применялись"


@dataclass(frozen=True, slots=True)
class Row:
    """A municipality's place: dense rank on the exact share."""

    rank: int
    municipality: str
    score: Score


@dataclass(frozen=True, slots=True)
class Absent:
    """A municipality without a rank: `no_data`, `not_applicable` or `did_not_exist`, and why."""

    municipality: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rating:
    """Rows by rank, ties alphabetically by name; those without data, alphabetically too."""

    rows: tuple[Row, ...]
    no_data: tuple[Absent, ...]


def rate(
    cards: Iterable[Card],
    *,
    group: str,
    names: Mapping[str, str],
    methodology: Methodology,
    without: frozenset[str] = frozenset(),
    unborn: Mapping[str, str] = MappingProxyType({}),
) -> Rating:
    """The rating of one period, by a group, `overall` or a procedure; `names` lists all municipalities.

    Of whoever is listed without a card nothing is known, not even what does not apply (`everybody` gives them one).

    `without` leaves procedures out, with their maxima. `unborn` are those that did not exist in the period, with the
    reason; one with a score all the same is taken at its word. NotFound (`group-not-found`, `procedure-not-found`);
    Refused (`everything-excluded`) where nothing is left of the table.
    """
    _check(group, without, methodology)
    scores = {card.municipality: _score(card, group, methodology=methodology, without=without) for card in cards}
    table = Table()
    for municipality, (score, _) in scores.items():
        table.put(municipality, score.share)
    ranks = table.ranks()
    by_name = sorted(names.keys() | scores.keys(), key=lambda one: (alphabetical(names.get(one, one)), one))
    rows = [Row(ranks[one], one, scores[one][0]) for one in by_name if one in ranks]
    unheard = (NO_DATA, NO_RESULTS)
    absent = {one: (DID_NOT_EXIST, reason) for one, reason in unborn.items()}
    others = ((one, *absent.get(one, scores.get(one, unheard))) for one in by_name if one not in ranks)
    return Rating(
        rows=tuple(sorted(rows, key=lambda row: row.rank)),
        no_data=tuple(Absent(one, score.state, reason) for one, score, reason in others),
    )


def _check(group: str, without: frozenset[str], methodology: Methodology) -> None:
    known = {one.key for one in methodology.groups} | methodology.procedures.keys() | {OVERALL}
    if group not in known:
        listed = ", ".join(one.key for one in methodology.groups)
        detail = f"«{group[:100]}»: есть {OVERALL}, {listed} и ключи процедур"
        raise NotFound("group-not-found", "Такой группы нет в методике", detail)
    unknown = sorted(without - methodology.procedures.keys())
    if unknown:
        detail = f"«{unknown[0][:100]}» не оценивается методикой {methodology.id}"
        raise NotFound("procedure-not-found", "Такой процедуры нет в методике", detail)
    if not methodology.counted(group, without):
        left_out = ", ".join(sorted(without))
        detail = f"«{group}» без {left_out}: считать не из чего. Уберите из exclude хотя бы одну из них."
        raise Refused("everything-excluded", "В таблице не осталось процедур", detail)


def _score(card: Card, group: str, *, methodology: Methodology, without: frozenset[str]) -> tuple[Score, str]:
    """A card's score in a table and, where it is none, the reason."""
    procedure = card.procedures.get(group)
    if procedure is not None:
        return procedure_score(methodology, procedure), procedure.public().reason or NO_RESULTS
    score = (group_scores(methodology, card.procedures, without=without) if without else card.scores)[group]
    exempt = REST_EXEMPT if without else ALL_EXEMPT
    return score, exempt if score.state == "not_applicable" else NO_RESULTS


def moved(before: Table, after: Table) -> tuple[int, tuple[Mover, ...]]:
    """How many ranks differ between two tables, and the first ten movers, best rank now first."""
    return moved_ranks(before.ranks(), after.ranks())


def moved_ranks(old: Mapping[str, int], new: Mapping[str, int]) -> tuple[int, tuple[Mover, ...]]:
    """The same from the ranks themselves."""
    movers = [
        Mover(municipality=one, before=old.get(one), after=new.get(one))
        for one in old.keys() | new.keys()
        if old.get(one) != new.get(one)
    ]
    movers.sort(key=lambda mover: (mover.after is None, mover.after or 0, mover.municipality))
    return len(movers), tuple(movers[:MOVERS_NAMED])
