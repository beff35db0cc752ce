"""Schools entering and leaving the list of low results: told to their own municipality and the region's staff only."""

from datetime import date
from typing import Any

import httpx

from services.notification.api.webhooks.bodies import KINDS
from services.notification.consumers import facts_of
from services.registry.events import OrganizationChanged, OrganizationRegistered
from services.scoring.events import ResultCause, SchoolDelisted, SchoolListed
from shared.kernel import Cause, Event, Heard, Origin
from tests.contracts.answers import judged
from tests.integration.notification.conftest import Live
from tests.integration.notification.listening import listening
from tests.integration.notification.told import NAMES

CAUSE = ResultCause(result="r1", revision=2, procedure="vpr")


def told(kind: type[SchoolListed | SchoolDelisted] = SchoolListed, **more: Any) -> Event:
    named: dict[str, Any] = {
        "school": "74-school-1", "municipality": "a", "period": "2022", "list": "low_results",
        "criteria": ("year.russian", "three_years.set"), "thresholds": "small", "causes": (CAUSE,), "causes_count": 1,
    }  # fmt: skip
    return kind(**(named | more))


async def hear(live: Live, *events: Event) -> int:
    await live.uses.telling.hear(NAMES)
    heard = [
        Heard(event=event, id=f"e{number}", source="rsoko/scoring", cause=Cause("c"), origin=Origin("t", 0, number))
        for number, event in enumerate(events)
    ]
    return len(await live.uses.telling.hear(facts_of(heard)))


async def inbox(live: Live, who: str, **asked: str) -> Any:
    headers = {"Authorization": f"Bearer {who}"}
    async with httpx.AsyncClient(base_url=live.url, headers=headers, event_hooks=judged(live.app)) as client:
        return (await client.get("/v1/inbox", params=asked)).raise_for_status().json()["items"]


async def test_its_municipality_and_the_staff_hear_of_a_school_once_and_nobody_else(live: Live):
    events = [told(), told(SchoolDelisted, municipality="b", school="74-school-2")]
    assert await hear(live, *events) == 2
    assert await hear(live, *events) == 0, "a repeat tells nothing"
    [item] = await inbox(live, "a")
    assert (item["kind"], item["causes_count"], item["changes"]) == ("school_listed", 1, [])
    assert item["school"] == {
        "id": "74-school-1", "name": None, "criteria": ["year.russian", "three_years.set"], "thresholds": "small",
    }  # fmt: skip
    assert item["title"] == (
        "Школа 74-school-1: низкие результаты за 2022 год — русский язык (за год); совокупность критериев (за три года)"
    )
    assert "Основание: 1 результат: «" in item["body"]
    assert [one["school"]["id"] for one in await inbox(live, "b")] == ["74-school-2"]
    assert len(await inbox(live, "ministry")) == 2
    assert [one["kind"] for one in await inbox(live, "ministry", kind="school_delisted")] == ["school_delisted"]


def organization(name: str, revision: int = 1) -> Event:
    kind = OrganizationRegistered if revision == 1 else OrganizationChanged
    return kind(
        id="74-school-1", revision=revision, region="74", name=name, kind="school", owner="municipality",
        municipality="a", valid_from=date(2014, 1, 1),
    )  # fmt: skip


async def test_an_item_calls_its_school_as_the_registry_does_now(live: Live):
    await hear(live, organization("Школа № 1"), told())
    await hear(live, organization("Лицей № 1", 2))
    await hear(live, organization("Школа № 1"))
    [item] = await inbox(live, "a")
    assert item["title"].startswith("Лицей № 1: низкие результаты за 2022 год")
    assert item["school"]["name"] == "Лицей № 1"
    assert (await live.uses.naming.now()).school("74-school-1") is None, "tens of thousands are not held in memory"


async def test_the_stream_calls_a_school_by_its_name_too(live: Live):
    await hear(live, organization("Школа № 1"))
    async with listening(live.url, "a") as stream:
        await hear(live, told())
        [told_live] = await stream.news(1)
    assert told_live.event == "school_listed"
    assert told_live.data["title"].startswith("Школа № 1: ")
    async with listening(live.url, "a", last=0) as stream:
        [told_again] = await stream.news(1)
    assert told_again.data == told_live.data, "behind a gap it is read again, with its name"


async def test_a_school_of_the_ministry_is_told_to_the_staff_only(live: Live):
    await hear(live, told(municipality=None))
    [item] = await inbox(live, "ministry")
    assert item["municipality"] == {"id": "-", "name": "Министерство", "oktmo": None}
    assert await inbox(live, "a") == []
    assert await inbox(live, "b") == []


async def test_what_was_loaded_quietly_and_strong_schools_alarm_nobody(live: Live):
    assert await hear(live, told(quiet=True), told(list="strong")) == 0
    assert await inbox(live, "ministry") == []


def test_no_webhook_hears_of_schools():
    assert not {"school_listed", "school_delisted"} & set(KINDS)
