"""Facts and readers of the tests."""

from datetime import UTC, datetime

from services.notification.domain import (
    MUNICIPALITY,
    PROCEDURE,
    DatedName,
    Facts,
    GroupChange,
    NameFact,
    RatingFact,
    Reader,
    ResultCause,
    ScoreFact,
    Standing,
)
from shared.policy import EVERYTHING, Scope

AT = datetime(2022, 11, 1, 7, tzinfo=UTC)
BEFORE = Standing("scored", "72", "95", "72/95", 76, "above_average", 3)
AFTER = Standing("scored", "74", "95", "74/95", 78, "above_average", 1)
MINISTRY = Reader("ministry-1", EVERYTHING)


def of(municipality: str, subject: str = "") -> Reader:
    """A person of a municipality."""
    scope = Scope(everything=False, attributes={"municipality": municipality})
    return Reader(subject or f"of-{municipality}", scope)


def score(municipality: str, revision: int = 1, *, quiet: bool = False) -> ScoreFact:
    """A told change of a municipality's overall score."""
    return ScoreFact(
        municipality=municipality,
        period="2022",
        revision=revision,
        methodology="complex-analytics-2022",
        changes=(GroupChange("overall", BEFORE, AFTER),),
        causes=(ResultCause("r1", 2, "vpr"),),
        causes_count=1,
        data_at=AT,
        quiet=quiet,
    )


def rating(event: str) -> RatingFact:
    """A told change of the ranks of 2022."""
    return RatingFact(f"rsoko/scoring|{event}", "2022", AT, 2)


def facts(*told: ScoreFact | RatingFact) -> Facts:
    """A batch of news."""
    return Facts(told=told)


def named(key: str, name: str, code: str, *, since: str) -> NameFact:
    """A municipality with one name."""
    return NameFact(MUNICIPALITY, key, 1, (DatedName(name, code, since),))


NAMES = Facts(
    names=(
        named("a", "Аргаяшский МР", "75606000", since="2005-01-01"),
        NameFact(PROCEDURE, "vpr", 1, (DatedName("Всероссийские проверочные работы", None, ""),)),
    )
)
