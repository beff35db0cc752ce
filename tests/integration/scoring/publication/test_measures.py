"""What operators see of publication: editions by state, objections past their date, parts that were made or failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from services.scoring.usecases import Scoring
from services.scoring.usecases.publication import computing
from shared import aside
from shared.telemetry.metrics import REGISTRY
from tests.integration.scoring.publication.conftest import ACT, People

OBJECTIONS = "/v1/editions/2022-1/objections"
OBJECTION = {"procedure": "first", "text": "Два года подряд было больше", "evidence": "Письмо № 7"}


def shown(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def overdue(scoring: Scoring) -> timedelta:
    await scoring.publication.measuring.measure()
    return timedelta(seconds=shown("rsoko_objections_overdue_seconds"))


@contextmanager
def made(part: str, times: int) -> Iterator[None]:
    before = shown("rsoko_edition_making_seconds_count", part=part)
    yield
    assert shown("rsoko_edition_making_seconds_count", part=part) - before == times, part


async def test_an_objection_is_overdue_from_the_end_of_the_time_of_reply_until_it_is_settled(
    people: People, scoring: Scoring
):
    edition = await people.drafted()
    (await people.ask("m1", "POST", OBJECTIONS, OBJECTION)).raise_for_status()
    assert await overdue(scoring) == timedelta()
    people.clock.move(days=2)
    assert await overdue(scoring) == timedelta(days=1, hours=14), "the last day ends at midnight in Yekaterinburg"
    answer = await people.ask("operator", "POST", f"{OBJECTIONS}/2022-1-1/answer", {"decision": "accepted"})
    assert answer.raise_for_status().json()["settled"] is False
    assert await overdue(scoring) > timedelta(days=1), "what was promised is waited for, too"
    withdrawn = await people.act("operator", {**edition, "revision": 3}, "withdraw", {"reason": "Начнём снова"})
    withdrawn.raise_for_status()
    assert await overdue(scoring) == timedelta(), "an edition that was withdrawn waits for nobody"


async def test_nothing_is_overdue_without_objections_and_editions_are_counted_by_state(
    people: People, scoring: Scoring
):
    await people.published()
    await people.drafted()
    people.clock.move(days=30)
    assert await overdue(scoring) == timedelta()
    states = ("draft", "frozen", "published", "superseded", "withdrawn")
    assert [shown("rsoko_editions", state=one) for one in states] == [1, 0, 1, 0, 0]


async def test_every_part_that_is_made_is_timed(people: People):
    with made("content", 2):
        edition = await people.frozen()
    people.clock.move(days=20)
    with made("tables", 1), made("paper", 1), made("content", 0):
        (await people.act("ministry", edition, "publish", ACT)).raise_for_status()


async def test_a_part_that_takes_too_long_is_counted_as_failed_and_nothing_is_drafted(
    people: People, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(computing, "SMALL", 0)
    monkeypatch.setattr(aside, "_run", _never)
    before = shown("rsoko_edition_making_failed_total", part="content")
    body = {"period": "2022", "reply_until": people.clock.now.date().isoformat()}
    with made("content", 0):
        refused = await people.ask("operator", "POST", "/v1/editions", body)
    assert refused.status_code == 503
    assert shown("rsoko_edition_making_failed_total", part="content") - before == 1
    assert (await people.ask("operator", "GET", "/v1/editions")).json()["items"] == []


async def _never(*_: object) -> bytes:
    raise TimeoutError
