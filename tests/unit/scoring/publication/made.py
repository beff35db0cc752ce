"""What the tests of publication are made of: editions and objections on their way."""

from datetime import UTC, date, datetime, timedelta

from services.scoring.domain.publication import (
    About,
    Complaint,
    Course,
    Edition,
    Made,
    Objection,
    Plan,
    Signature,
    draft,
    raised,
)

NOON = datetime(2023, 2, 1, 12, tzinfo=UTC)
UNTIL = date(2023, 2, 10)
OVER = datetime(2023, 2, 10, 19, tzinfo=UTC)  # midnight in Yekaterinburg
BY = "regional_operator:one"


def made(at: datetime = NOON, sha256: str = "a" * 64) -> Made:
    return Made(at, "small", sha256)


def drafted(course: Course | None = None) -> Edition:
    return draft(course or Course("2022"), Plan("2022", None, UNTIL), made(), by=BY).state


def objection(number: int = 1, about: About = About(procedure="first"), at: datetime = NOON) -> Objection:  # noqa: B008 - frozen
    complaint = Complaint("m1", about, "Не так", "письмо")
    return raised(complaint, f"2022-1-{number}", edition="2022-1", period="2022", signed=Signature(BY, at)).state


def later(**by: float) -> datetime:
    return OVER + timedelta(**by)
