"""A small directory and the pieces of submissions, for tests of monitoring."""

from datetime import UTC, date, datetime
from typing import Any

from services.monitoring.domain import Candidate, Dated, Directory, Municipality, Organization, Procedure, Source
from services.monitoring.domain.checking import check
from services.monitoring.domain.submission import read_submission
from services.monitoring.events import Indicator

NOW = datetime(2022, 11, 2, 12, 0, tzinfo=UTC)
OCCURRED = "2022-11-01T09:00:00+05:00"


def procedure(**more: Any) -> Procedure:
    told: dict[str, Any] = {
        "key": "vpr",
        "code": 10,
        "group": "results",
        "name": "Проверочные работы",
        "maximum": "4",
        "indicators": (
            Indicator(key="i1", name="Первый", maximum="2"),
            Indicator(key="i2", name="Второй", maximum="2"),
        ),
        "subject": "either",
        "permitted_uses": ("analysis",),
        "act": "письмо",
    }
    return Procedure(**(told | more))


def source(**more: Any) -> Source:
    told: dict[str, Any] = {"key": "gis-education", "name": "ГИС", "procedures": None, "clients": ("gis-education",)}
    return Source(**(told | more))


SOURCES = (
    source(),
    source(key="narrow", procedures=("niko",), clients=("narrow",)),
    source(key="portal", name="Портал", clients=(), people=True),
)
ZLATOUST = Municipality("74-zlatoustovsky-go", 1, (Dated("Златоустовский ГО", "75712000", date(2006, 1, 1)),))
TROITSK = Municipality(
    "74-troitsky-mr",
    1,
    (
        Dated("Троицкий МР", "75654000", date(2006, 1, 1), date(2025, 1, 1)),
        Dated("Троицкий МО", "75554000", date(2025, 1, 1)),
    ),
)


def directory() -> Directory:
    found = Directory()
    found.learn(
        procedures=[procedure(), procedure(key="niko", code=11, subject="municipality")],
        sources=SOURCES,
        municipalities=[ZLATOUST, TROITSK],
        organizations=[
            Organization("school-1", 1, ZLATOUST.id),
            Organization("school-of-ministry", 1, None),
        ],
    )
    return found


def body(**more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "procedure": "vpr",
        "subject": {"municipality": ZLATOUST.id},
        "period": "2022",
        "values": {"i1": 2, "i2": "1.5"},
        "source": "gis-education",
        "occurred_at": OCCURRED,
    }
    return {name: value for name, value in (told | more).items() if value is not ...}


def candidate(**more: Any) -> Candidate:
    return check(read_submission(body(**more)), directory(), now=NOW)
