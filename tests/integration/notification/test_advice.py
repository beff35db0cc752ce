"""Recommendations join the item of their cause on a real MongoDB, whichever comes first, and are told once."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from services.notification.consumers import facts_of
from services.notification.domain.webhooks import Wanted
from services.notification.store import ComingStore, FeedStore, InboxStore
from services.notification.usecases import Notification
from services.roadmap import events as roadmap
from shared.kernel import Cause, Event, Heard, Origin
from shared.mongo import Database
from shared.policy import EVERYTHING, Scope
from shared.testing import eventually
from tests.contracts.answers import judged
from tests.integration.notification.conftest import Live
from tests.integration.notification.receiving import receiving
from tests.integration.notification.sending import SECRET, World
from tests.integration.notification.told import NAMES, facts, score

DUE = roadmap.NearestDeadline(
    activity="region-2022:8",
    roadmap="region-2022",
    task_number="8",
    title="Семинар",
    due=date(2022, 11, 30),
    state="open",
)


def step(kind: type[roadmap.RecommendationState], state: str, revision: int) -> roadmap.RecommendationState:
    return kind(
        recommendation="a:2022:overall:1",
        municipality="a",
        addressee="a",
        score_revision=1,
        text_key="level-fell-overall",
        period="2022",
        group="overall",
        state=state,
        revision=revision,
        before_level="high",
        after_level="above_average",
        deadlines=(DUE,),
    )


DRAFTED = step(roadmap.RecommendationDrafted, "drafted", 1)
ISSUED = step(roadmap.RecommendationIssued, "issued", 2)
CONSIDERED = step(roadmap.RecommendationConsidered, "considered", 3)
DISCARDED = step(roadmap.RecommendationDiscarded, "discarded", 2)


MAP = roadmap.ActivityPlanned(
    activity="region-2022:8",
    revision=1,
    roadmap="region-2022",
    region="74",
    municipality=None,
    place=8,
    task_number="8",
    title="Семинар",
    windows=(
        roadmap.ActivityWindow(start=date(2022, 11, 1), end=date(2022, 11, 30)),
        roadmap.ActivityWindow(start=date(2122, 11, 1), end=date(2122, 11, 30)),
    ),
    cancelled=False,
)
DID = roadmap.ActivityReported(
    execution=f"{MAP.activity}|a", activity=MAP.activity, municipality="a", revision=2, left=MAP.windows[1:]
)


async def hear(uses: Notification, *events: Event) -> int:
    """How many rows of the feed came of it."""
    heard = [
        Heard(event, f"e-{number}", "rsoko/roadmap", Cause("c"), Origin(event.topic(), 0, number))
        for number, event in enumerate(events)
    ]
    return len(await uses.telling.hear(facts_of(heard)))


@pytest.fixture
async def client(live: Live) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": "Bearer ministry"}
    async with httpx.AsyncClient(base_url=live.url, headers=headers, event_hooks=judged(live.app)) as found:
        yield found


async def items(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/v1/inbox")).json()["items"]
    return found


@pytest.mark.parametrize("first", ["item", "recommendation"])
async def test_either_may_come_first(live: Live, client: httpx.AsyncClient, first: str):
    await live.uses.telling.hear(NAMES)
    if first == "item":
        await live.uses.telling.hear(facts(score("a")))
        (before,) = await items(client)
        assert (before["recommendations"], before["deadlines"]) == ([], [])
        await hear(live.uses, DRAFTED)
    else:
        await hear(live.uses, DRAFTED)
        await live.uses.telling.hear(facts(score("a")))
    (item,) = await items(client)
    assert item["recommendations"] == [
        {
            "id": "a:2022:overall:1",
            "state": "drafted",
            "period": "2022",
            "group": "overall",
            "score_revision": 1,
            "before_level": "high",
            "after_level": "above_average",
        }
    ]
    assert item["deadlines"] == [], "those of the day of drafting are the draft's own"
    assert "Что дальше: рекомендация (общая оценка, изменение оценки № 1) — проект, ещё не направлена." in item["body"]
    marked = await client.post(f"/v1/inbox/{item['id']}/read")
    assert marked.json()["recommendations"] == item["recommendations"]


async def test_every_change_names_the_nearest_deadlines_as_they_are_when_it_is_read(
    live: Live, client: httpx.AsyncClient
):
    await live.uses.telling.hear(NAMES)
    await live.uses.telling.hear(facts(score("a"), score("b")))
    assert [one["deadlines"] for one in await items(client)] == [[], []]
    assert await hear(live.uses, MAP) == 0
    for item in await items(client):
        near = [(one["activity"], one["number"], one["due"], one["state"]) for one in item["deadlines"]]
        assert near == [
            ("region-2022:8", "8", "2122-11-30", "planned"),
            ("region-2022:8", "8", "2022-11-30", "overdue"),
        ]
        assert "Ближайшие сроки: до 30.11.2122 — № 8 «Семинар»." in item["body"]
        assert "Просрочено без подтверждения: до 30.11.2022 — № 8 «Семинар»." in item["body"]
    assert await hear(live.uses, DID, MAP) == 0
    found = {one["municipality"]["id"]: one for one in await items(client)}
    assert [one["due"] for one in found["a"]["deadlines"]] == ["2122-11-30"]
    assert len(found["b"]["deadlines"]) == 2
    marked = (await client.post(f"/v1/inbox/{found['a']['id']}/read")).json()
    assert (marked["deadlines"], marked["body"]) == (found["a"]["deadlines"], found["a"]["body"])


async def test_the_stream_tells_what_is_next_with_the_change_itself(live: Live, client: httpx.AsyncClient):
    await live.uses.telling.hear(NAMES)
    await hear(live.uses, MAP, DID, DRAFTED)
    async with client.stream("GET", "/v1/stream") as stream:
        lines = stream.aiter_lines()
        while await anext(lines) != "event: heartbeat":
            continue
        await live.uses.telling.hear(facts(score("a", 2)))
        while await anext(lines) != "event: score_changed":
            continue
        told = json.loads((await anext(lines)).removeprefix("data:"))
    assert [one["due"] for one in told["deadlines"]] == ["2122-11-30"]
    assert [(one["id"], one["state"]) for one in told["recommendations"]] == [("a:2022:overall:1", "drafted")]
    assert "Ближайшие сроки: до 30.11.2122" in told["body"]


async def test_what_another_process_hears_is_next_here_too(
    live: Live, own_database: Database, client: httpx.AsyncClient
):
    await live.uses.telling.hear(facts(score("a")))
    stores = FeedStore(own_database), InboxStore(own_database), ComingStore(own_database)
    other = Notification(*stores, clock=own_database.mongo.clock)
    await hear(other, MAP, DRAFTED)

    async def joined() -> bool:
        (item,) = await items(client)
        return len(item["deadlines"]) == 2 and live.uses.coming._advised.of("a") != []

    await eventually(joined, what="the other process's facts are known here")


async def test_a_repeat_changes_nothing_and_a_step_changes_the_item_without_a_new_row(
    live: Live, client: httpx.AsyncClient
):
    await live.uses.telling.hear(facts(score("a")))
    assert await hear(live.uses, DRAFTED) == 1
    assert await hear(live.uses, DRAFTED, CONSIDERED, DRAFTED) == 0
    (item,) = await items(client)
    assert [one["state"] for one in item["recommendations"]] == ["considered"]
    assert len(await live.uses.telling.behind(0, scope=EVERYTHING)) == 2


async def test_that_it_was_issued_is_an_unread_item_of_its_own_told_once(live: Live, client: httpx.AsyncClient):
    await live.uses.telling.hear(NAMES)
    await live.uses.telling.hear(facts(score("a")))
    await hear(live.uses, DRAFTED)
    (change,) = await items(client)
    await client.post("/v1/inbox/read", json={"up_to": change["id"]})
    assert await hear(live.uses, ISSUED) == 1
    assert await hear(live.uses, DRAFTED, ISSUED, ISSUED) == 0
    page = (await client.get("/v1/inbox")).json()
    assert (page["unread"], [one["kind"] for one in page["items"]]) == (1, ["recommendation_issued", "score_changed"])
    item = page["items"][0]
    assert ("направлена рекомендация за 2022 год — общая оценка" in item["title"], item["read_at"]) == (True, None)
    assert [(one["id"], one["state"]) for one in item["recommendations"]] == [("a:2022:overall:1", "issued")]
    await hear(live.uses, CONSIDERED)
    item = (await items(client))[0]
    assert [one["state"] for one in item["recommendations"]] == ["considered"]
    other = await client.get("/v1/inbox", headers={"Authorization": "Bearer b"})
    assert other.json()["items"] == []


async def test_a_discarded_draft_leaves_its_item(live: Live, client: httpx.AsyncClient):
    await live.uses.telling.hear(facts(score("a")))
    await hear(live.uses, DRAFTED)
    assert await hear(live.uses, DISCARDED, DRAFTED) == 0
    (item,) = await items(client)
    assert (item["recommendations"], item["deadlines"]) == ([], [])
    assert "Что дальше" not in item["body"]


async def test_the_stream_tells_a_draft_by_a_name_of_its_own_to_those_it_concerns(
    live: Live, client: httpx.AsyncClient
):
    await live.uses.telling.hear(NAMES)
    await hear(live.uses, DRAFTED)
    for who, sees in (("ministry", True), ("a", True), ("b", False)):
        headers = {"Authorization": f"Bearer {who}"}
        await live.uses.telling.hear(facts(score("b", 1)))
        async with client.stream("GET", "/v1/stream?last_event_id=0", headers=headers) as stream:
            if not sees:
                first = [line async for line in _until(stream, "score_changed")]
                assert "event: recommendation_drafted" not in first
                continue
            lines = [line async for line in _until(stream, "recommendation_drafted")]
            told = json.loads(lines[-1].removeprefix("data:"))
            assert (told["id"], told["item"], told["municipality"]["name"]) == (
                "a:2022:overall:1",
                "a:2022:1",
                "Аргаяшский МР",
            )


async def _until(stream: httpx.Response, event: str) -> AsyncIterator[str]:
    """Lines up to the data of the first event of this name."""
    seen = False
    async for line in stream.aiter_lines():
        yield line
        if seen:
            return
        seen = line == f"event: {event}"


async def test_a_webhook_brings_the_draft_by_itself_and_names_the_change_that_it_joins(database: Database):
    world = World(database)
    await world.uses.telling.hear(NAMES)
    async with receiving() as everything, receiving() as others, receiving() as issues:
        await world.hook(everything.url, kinds=("score_changed", "recommendation_drafted"))
        await world.hook(others.url, kinds=("rating_changed",))
        await world.hook(issues.url, kinds=("recommendation_issued",))
        async with world.courier():
            await world.uses.telling.hear(facts(score("a")))
            await eventually(lambda: len(everything.came) == 1)
            await hear(world.uses, DRAFTED, ISSUED)
            await eventually(lambda: len(everything.came) == 2)
            await hear(world.uses, DRAFTED)
            await world.uses.telling.hear(facts(score("a", 2)))
            await eventually(lambda: (len(everything.came), len(issues.came)) == (3, 1))
        await world.posting._close(list(world.posting._kept))
    change, draft, later = (one.verified(SECRET) for one in everything.came)
    issued = issues.came[0].verified(SECRET)
    types = [one["type"] for one in (change, draft, later, issued)]
    assert types == ["score_changed", "recommendation_drafted", "score_changed", "recommendation_issued"]
    assert (change["data"]["recommendations"], change["data"]["deadlines"]) == ([], [])
    assert [one["state"] for one in later["data"]["recommendations"]] == ["issued"]
    assert draft["data"]["item"] == change["data"]["id"]
    assert [one["due"] for one in draft["data"]["deadlines"]] == ["2022-11-30"]
    assert others.came == []
    assert [(one["id"], one["state"]) for one in issued["data"]["recommendations"]] == [("a:2022:overall:1", "issued")]


async def test_a_system_is_brought_deadlines_and_no_recommendations(database: Database):
    world = World(database)
    await hear(world.uses, MAP, DRAFTED)
    async with receiving() as system:
        scope = Scope(everything=False, attributes={"source": "gis"})
        await world.webhooks.register(Wanted(system.url, ("score_changed",), None), scope)
        async with world.courier():
            await world.uses.telling.hear(facts(score("a", 2)))
            await eventually(lambda: len(system.came) == 1)
        await world.posting._close(list(world.posting._kept))
    told = system.came[0].verified(SECRET)["data"]
    assert (told["recommendations"], len(told["deadlines"])) == ([], 2)
    assert "рекомендация" not in told["body"]


async def test_an_event_from_before_items_were_named_is_left_out(uses: Notification):
    old = DRAFTED.model_copy(update={"period": None})
    assert await hear(uses, old) == 0
