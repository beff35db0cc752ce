"""Steps of publication in the inbox: each municipality once, objections also for the region's staff."""

from collections.abc import Sequence
from datetime import date

import httpx

from services.notification.consumers import facts_of
from services.scoring.events import (
    ObjectionAnswered,
    ObjectionRaised,
    ScoreDrafted,
    ScorePublished,
    ScoreWithdrawn,
    Standing,
)
from shared.kernel import Cause, Event, Heard, Origin
from tests.contracts.answers import judged
from tests.integration.notification.conftest import Live
from tests.integration.notification.told import NAMES

SCORED = Standing(state="scored", points="74", maximum="95", share="74/95", percent=78, level="above_average", rank=2)
HEAD = {"edition": "2022-1", "period": "2022", "number": 1, "url": "/v1/editions/2022-1"}
ABOUT = {
    "objection": "2022-1-1",
    "edition": "2022-1",
    "period": "2022",
    "municipality": "a",
    "url": "/v1/editions/2022-1",
}


def heard(*events: Event) -> list[Heard[Event]]:
    return [
        Heard(event=event, id=str(number), source="rsoko/scoring", cause=Cause("c"), origin=Origin("t", 0, number))
        for number, event in enumerate(events)
    ]


def drafted(municipality: str) -> ScoreDrafted:
    return ScoreDrafted(municipality=municipality, after=SCORED, reply_until=date(2023, 2, 10), **HEAD)


def published(municipality: str) -> ScorePublished:
    before = SCORED.model_copy(update={"rank": 1})
    act = {"act_number": "01-14", "act_date": date(2023, 2, 20)}
    return ScorePublished(municipality=municipality, before=before, after=SCORED, **act, **HEAD)


async def hear(live: Live, *events: Event) -> int:
    return len(await live.uses.telling.hear(facts_of(heard(*events))))


async def inbox(live: Live, who: str, **asked: str) -> Sequence[dict[str, object]]:
    headers = {"Authorization": f"Bearer {who}"}
    async with httpx.AsyncClient(base_url=live.url, headers=headers, event_hooks=judged(live.app)) as client:
        return (await client.get("/v1/inbox", params=asked)).raise_for_status().json()["items"]  # type: ignore[no-any-return]


async def test_each_municipality_hears_of_a_draft_and_of_a_publication_once(live: Live):
    await live.uses.telling.hear(NAMES)
    both = [drafted("a"), drafted("b"), published("a"), published("b")]
    assert await hear(live, *both) == 4
    assert await hear(live, *both) == 0, "a repeat tells nothing"
    items = await inbox(live, "a")
    assert [one["kind"] for one in items] == ["edition_published", "edition_drafted"]
    assert items[0]["edition"] == {
        "id": "2022-1",
        "reply_until": None,
        "act": {"number": "01-14", "date": "2023-02-20"},
        "objection": None,
        "decision": None,
    }
    assert [change["after"]["rank"] for change in items[0]["changes"]] == [2]  # type: ignore[attr-defined]
    assert "оценки других" in str(items[0]["body"])
    assert len(await inbox(live, "ministry")) == 4
    assert [one["id"] for one in await inbox(live, "b", kind="edition_drafted")] == ["2022-1:b:edition_drafted"]


async def test_each_municipality_hears_once_that_a_draft_was_withdrawn(live: Live):
    gone = [ScoreWithdrawn(municipality=one, after=SCORED, objections=1, **HEAD) for one in ("a", "b")]
    assert await hear(live, drafted("a"), drafted("b"), *gone) == 4
    assert await hear(live, *gone) == 0, "a repeat tells nothing"
    items = await inbox(live, "a")
    assert [one["kind"] for one in items] == ["edition_withdrawn", "edition_drafted"]
    assert "закрыты: 1." in str(items[0]["body"])
    assert items[0]["changes"] == []


async def test_the_staff_hears_of_an_objection_and_the_municipality_of_each_answer(live: Live):
    accepted = ObjectionAnswered(decision="accepted", **ABOUT)
    corrected = ObjectionAnswered(decision="accepted", result="r1", revision=2, **ABOUT)
    await hear(live, ObjectionRaised(procedure="vpr", **ABOUT), accepted, corrected)
    assert [one["kind"] for one in await inbox(live, "ministry")] == [
        "objection_answered",
        "objection_answered",
        "objection_raised",
    ]
    assert [one["edition"]["decision"] for one in await inbox(live, "a")] == ["accepted", "accepted", None]  # type: ignore[index]
    assert await inbox(live, "b") == []
