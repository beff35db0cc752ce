"""The live stream through a real server: at once, in order, resumable, within the scope, ended in time."""

import asyncio
import time
from dataclasses import replace

import httpx
import pytest

from services.notification.api import hub as hub_module
from services.notification.api import stream as stream_module
from services.notification.domain import Facts, IssuedFact
from services.notification.store import ComingStore, FeedStore, InboxStore
from services.notification.usecases import Notification
from shared.mongo import Database, DeleteMany
from shared.policy import EVERYTHING
from shared.testing import eventually
from tests.integration.notification.conftest import ACTORS, Live
from tests.integration.notification.listening import Told, listening
from tests.integration.notification.told import NAMES, facts, rating, score


def seen(told: list[Told]) -> list[str]:
    return [one.data.get("id", one.event) for one in told]


@pytest.fixture
def never_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 600.0)


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    async def listen(self: hub_module.Hub) -> None:
        del self
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(hub_module.Hub, "listen", listen)


@pytest.mark.usefixtures("never_polled", "deaf", "live")
async def test_a_change_stored_by_this_process_is_told_without_waiting_for_a_poll_or_for_mongodb(live: Live) -> None:
    await live.uses.telling.hear(NAMES)
    async with listening(live.url, "ministry") as stream:
        assert (await stream.next()).event == "heartbeat"
        await live.uses.telling.hear(facts(score("a")))
        told = await stream.next()
    assert (told.event, told.id) == ("score_changed", 1)
    assert told.data["municipality"] == {"id": "a", "name": "Аргаяшский МР", "oktmo": "75606000"}
    assert told.data["read_at"] is None
    assert told.data["title"].startswith("Аргаяшский МР: общая оценка за 2022 год — 78 %")
    assert told.data["changes"][0]["after"]["rank"] == 1


async def test_an_issued_recommendation_is_named_by_its_id_and_group(live: Live) -> None:
    issued = IssuedFact("a:2022:overall:5", "a", "2022", "overall", 5, "high", "low")
    async with listening(live.url, "a") as stream:
        await stream.next()
        await live.uses.telling.hear(Facts(told=(issued,)))
        told = await stream.next()
    assert told.event == "recommendation_issued"
    assert told.data["recommendations"] == [
        {
            "id": "a:2022:overall:5", "state": "issued", "period": "2022", "group": "overall", "score_revision": 5,
            "before_level": "high", "after_level": "low",
        }
    ]  # fmt: skip


@pytest.mark.usefixtures("never_polled", "live")
async def test_a_change_stored_by_another_process_is_told_without_waiting_for_a_poll(
    live: Live, own_database: Database
) -> None:
    async with listening(live.url, "ministry") as stream:
        await stream.next()
        stores = FeedStore(own_database), InboxStore(own_database), ComingStore(own_database)
        other = Notification(*stores, clock=own_database.mongo.clock)
        await other.telling.hear(facts(score("a"), rating("e1")))
        told = await stream.news(2)
    assert [one.event for one in told] == ["score_changed", "rating_changed"]
    assert set(told[1].data) == {"region", "period", "data_at", "moved"}


async def test_a_municipality_hears_of_itself_and_of_ratings_only(live: Live) -> None:
    async with listening(live.url, "a") as own, listening(live.url, "b") as other:
        await own.next()
        await other.next()
        await live.uses.telling.hear(facts(score("a"), score("b"), rating("e1")))
        assert seen(await own.news(2)) == ["a:2022:1", "rating_changed"]
        assert seen(await other.news(2)) == ["b:2022:1", "rating_changed"]


async def test_the_ministry_can_listen_to_one_municipality(live: Live) -> None:
    await live.uses.telling.hear(NAMES)
    async with listening(live.url, "ministry", query={"municipality": "75606000"}) as stream:
        await stream.next()
        await live.uses.telling.hear(facts(score("b"), score("a")))
        assert seen(await stream.news(1)) == ["a:2022:1"]


async def test_without_an_id_only_new_events_come(live: Live) -> None:
    await live.uses.telling.hear(facts(score("a"), score("a", 2)))
    async with listening(live.url, "ministry") as stream:
        first = await stream.next()
        assert (first.event, first.id) == ("heartbeat", 2)
        await live.uses.telling.hear(facts(score("a", 3)))
        assert seen(await stream.news(1)) == ["a:2022:3"]


@pytest.mark.parametrize("by", ["header", "query"])
async def test_behind_an_id_comes_exactly_what_was_missed(live: Live, by: str) -> None:
    await live.uses.telling.hear(facts(*(score(name, number) for number in range(1, 4) for name in "ab")))
    given = {"last": 2} if by == "header" else {"query": {"last_event_id": "2"}}
    async with listening(live.url, "a", **given) as stream:
        assert [(one.id, one.data["id"]) for one in await stream.news(2)] == [(3, "a:2022:2"), (5, "a:2022:3")]
        await live.uses.telling.hear(facts(score("a", 4)))
        assert [one.id for one in await stream.news(1)] == [7]


async def test_more_than_a_page_is_resumed_whole(live: Live) -> None:
    await live.uses.telling.hear(facts(*(score("a", number) for number in range(1, 1102))))
    async with listening(live.url, "a", last=0) as stream:
        assert [one.id for one in await stream.news(1101)] == list(range(1, 1102))


async def test_a_reader_that_comes_and_goes_under_load_loses_and_repeats_nothing(live: Live) -> None:
    async def write(name: str) -> None:
        for number in range(1, 61):
            await live.uses.telling.hear(facts(score(name, number)))

    found: list[Told] = []
    last: int | None = 0
    # A group, so that a writer that fails is what the test says, and not a reader who waits in vain.
    async with asyncio.TaskGroup() as group:
        for name in "abc":
            group.create_task(write(name))
        while len(found) < 180:
            async with listening(live.url, "ministry", last=last) as stream:
                found += await stream.news(min(7, 180 - len(found)))
                last = stream.last
    assert [one.id for one in found] == list(range(1, 181))
    assert len(set(seen(found))) == 180


async def test_a_heartbeat_carries_an_id_to_resume_behind(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "HEARTBEAT_SECONDS", 0.05)
    async with listening(live.url, "b") as stream:
        await stream.next()
        await live.uses.telling.hear(facts(score("a")))
        beat = await stream.next()
        while beat is not None and beat.id == 0:
            beat = await stream.next()
        assert beat is not None
        assert (beat.event, beat.id) == ("heartbeat", 1)


async def test_an_id_that_is_no_longer_kept_is_told(live: Live, own_database: Database) -> None:
    await live.uses.telling.hear(facts(*(score("a", number) for number in range(1, 6))))
    await own_database.write("feed", [DeleteMany({"_id": {"$lte": 3}})])
    for last, reason in ((1, "too-old"), (99, "unknown-id")):
        async with listening(live.url, "ministry", last=last) as stream:
            told = await stream.next()
            assert (told.event, told.id, told.data) == ("reset", 5, {"reason": reason})


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 16, "٣"])
async def test_an_id_that_is_no_number_is_refused(live: Live, last: str) -> None:
    async with httpx.AsyncClient(headers={"Authorization": "Bearer ministry"}) as client:
        answer = await client.get(f"{live.url}/v1/stream", params={"last_event_id": last})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-event-id")


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [(None, {}, 401), ("expert", {}, 403), ("a", {"municipality": "b"}, 403), ("unknown", {}, 401)],
)
async def test_a_stream_is_for_those_who_may(live: Live, who: str | None, query: dict[str, str], status: int) -> None:
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.get(f"{live.url}/v1/stream", params=query)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_too_many_streams_are_sent_away_and_a_closed_one_makes_room(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "STREAMS_MOST", 1)
    async with httpx.AsyncClient(headers={"Authorization": "Bearer ministry"}) as client:
        async with listening(live.url, "a") as stream:
            await stream.next()
            answer = await client.get(f"{live.url}/v1/stream")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        await eventually(lambda: live.app.state.hub.count == 0, within=5, what="the stream is closed")
        async with listening(live.url, "a") as stream:
            assert await stream.next() is not None


async def test_who_asks_for_the_headers_only_holds_no_stream(live: Live) -> None:
    async with httpx.AsyncClient(headers={"Authorization": "Bearer a"}) as client:
        heads = await client.head(f"{live.url}/v1/stream")
    assert (heads.status_code, heads.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    await eventually(lambda: live.app.state.hub.count == 0, within=5, what="the stream is closed")


async def test_one_reader_is_told_of_too_many_streams_and_others_are_let_in(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live.app.state.hub, "_each", 1)
    async with listening(live.url, "a") as stream:
        await stream.next()
        async with httpx.AsyncClient(headers={"Authorization": "Bearer a"}) as client:
            answer = await client.get(f"{live.url}/v1/stream")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
            429,
            "too-many-streams",
            "5",
        )
        async with listening(live.url, "ministry") as other:
            assert await other.next() is not None


async def test_streams_end_promptly_when_the_process_stops(live: Live) -> None:
    async with listening(live.url, "ministry") as stream:
        await stream.next()
        began = time.perf_counter()
        live.app.state.platform.draining.set()
        assert await stream.next() is None
        assert time.perf_counter() - began < stream_module.HEARTBEAT_SECONDS / 2, "not with the next heartbeat only"
    async with httpx.AsyncClient(headers={"Authorization": "Bearer ministry"}) as client:
        assert (await client.get(f"{live.url}/v1/stream")).status_code == 503


async def test_a_stream_ends_with_the_token_that_opened_it(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTORS, "a", replace(ACTORS["a"], expires=time.time() + 0.3))
    async with listening(live.url, "a") as stream:
        while await stream.next() is not None:
            continue
    await eventually(lambda: live.app.state.hub.count == 0, within=5, what="the stream is closed")


async def test_a_slow_client_is_let_go_and_delays_nobody(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "QUEUE_MOST", 3)
    hub = live.app.state.hub
    slow = await hub.open(EVERYTHING, None, reader="a")
    async with listening(live.url, "ministry") as stream:
        await stream.next()
        for number in range(1, 7):
            await live.uses.telling.hear(facts(score("a", number)))
            assert seen(await stream.news(1)) == [f"a:2022:{number}"]
    assert slow.closed == "too-slow"
    assert await slow.take(0) == []
    hub.close(slow)


async def test_streams_and_deliveries_are_counted(live: Live) -> None:
    async with listening(live.url, "ministry") as stream, httpx.AsyncClient() as client:
        await stream.next()
        await live.uses.telling.hear(facts(score("a")))
        await stream.news(1)
        told = (await client.get(f"{live.url}/metrics")).text
    assert "rsoko_streams_open 1.0" in told
    assert 'rsoko_deliveries_total{channel="inbox",outcome="stored"}' in told
    assert 'rsoko_deliveries_total{channel="stream",outcome="sent"}' in told
    assert "rsoko_stream_delivery_seconds_count" in told
