"""Made-up scores of the made-up reforms, and the lines of trends that are read from them."""

from collections.abc import Mapping
from fractions import Fraction

from services.scoring.domain import Score, read_methodology
from services.scoring.domain.card import DID_NOT_EXIST, NO_DATA, graded
from services.scoring.domain.names import Municipality, Names
from services.scoring.domain.territory import Territory
from services.scoring.domain.trends import Line, Reader, Standing, as_is, as_was
from tests.unit.scoring.made import METHODOLOGY, document
from tests.unit.scoring.reforms import REFORMED

YEARS = ("2020", "2021", "2022")
LATER = read_methodology(document(id="later", title="Новая методика"))
Scores = Mapping[tuple[str, str], Score]


def scored(points: int, maximum: int = 10) -> Score:
    return graded(Fraction(points), Fraction(maximum), percent_bands=METHODOLOGY.percent_bands, points_bands=None)


def reader(scores: Scores, municipalities: tuple[Municipality, ...] = REFORMED) -> Reader:
    """Reads these scores; who has none has no data, or did not exist."""
    names = Names()
    for one in municipalities:
        names.put(one)

    def standing(whose: str, period: str) -> Standing:
        absent = NO_DATA if names.existed(whose, period) else DID_NOT_EXIST
        score = scores.get((whose, period), absent)
        return Standing(score, 1 if score.share is not None else None)

    return Reader(
        standing,
        lambda period: LATER if period == "2022" else METHODOLOGY,
        lambda whose, period: str(names.of(whose, period)["name"]),
        Territory(municipalities),
    )


SCORES: Scores = {
    ("74-alfa", "2020"): scored(3),
    ("74-beta", "2020"): scored(4, 8),
    ("74-soyuz", "2021"): scored(6),
    ("74-soyuz", "2022"): scored(9),
    ("74-gamma", "2020"): scored(5),
    ("74-gamma", "2021"): scored(0),
    ("74-gamma-north", "2022"): scored(7),
    ("74-delta", "2020"): scored(2),
    ("74-delta", "2022"): scored(8),
}


def told(lines: list[Line]) -> list[tuple[str, str, int | None]]:
    return [(line.basis, line.standing.score.state, line.standing.score.percent) for line in lines]


def of(whose: str, *, way: str = "as_is", scores: Scores = SCORES) -> list[Line]:
    read = as_is if way == "as_is" else as_was
    return [read(reader(scores), whose, year) for year in YEARS]
