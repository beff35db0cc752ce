"""What the tests of publication are made of: editions and objections on their way."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from services.scoring.domain import Fact, recount
from services.scoring.domain.applicability import Act, Applicability
from services.scoring.domain.publication import (
    About,
    Complaint,
    Course,
    Edition,
    Head,
    Inputs,
    Made,
    Objection,
    Packed,
    Plan,
    Scored,
    Signature,
    Tables,
    draft,
    make_content,
    raised,
    read_content,
)
from tests.unit.scoring.made import METHODOLOGY, START, of_period

NOON = datetime(2023, 2, 1, 12, tzinfo=UTC)
UNTIL = date(2023, 2, 10)
OVER = datetime(2023, 2, 10, 19, tzinfo=UTC)  # midnight in Yekaterinburg
BY = "regional_operator:one"
HEAD = Head("2022-1", "2022", START, "small", "Малая методика", "0" * 64)
NAMES = {f"m{n}": {"id": f"m{n}", "name": name, "oktmo": None} for n, name in enumerate(["Ёж", "Аист", "Еж", "Яр"])}


def made(at: datetime = NOON, sha256: str = "a" * 64) -> Made:
    return Made(at, "small", sha256)


def drafted(course: Course | None = None) -> Edition:
    return draft(course or Course("2022"), Plan("2022", None, UNTIL), made(), by=BY).state


def objection(number: int = 1, about: About = About(procedure="first"), at: datetime = NOON) -> Objection:  # noqa: B008 - frozen
    complaint = Complaint("m1", about, "Не так", "письмо")
    return raised(complaint, f"2022-1-{number}", edition="2022-1", period="2022", signed=Signature(BY, at)).state


def later(**by: float) -> datetime:
    return OVER + timedelta(**by)


def content(facts: Sequence[Fact], unborn: Mapping[str, str] | None = None) -> bytes:
    """The content that these facts make; `unborn` were not there, each for its reason."""
    cards = list(recount(facts, methodology_of=of_period).values())
    told = {fact.municipality or "": fact.recorded for fact in facts}
    return make_content(HEAD, Scored(cards, METHODOLOGY, Inputs((), NAMES, unborn or {}), told))


def tables(facts: Sequence[Fact], unborn: Mapping[str, str] | None = None) -> Tables:
    """The tables of that content."""
    return read_content(Packed.of(content(facts, unborn)))[1]


def act(recorded: datetime, withdrawn: datetime | None = None, *, period: str = "2022") -> Applicability:
    """The act by which `first` does not apply to `m1`."""
    ordered = Act("приказ № 7", date(2023, 1, 30))
    return Applicability("a1", "first", period, ("m1",), "нет", ordered, recorded, withdrawn, withdrawn and "ошибка")
