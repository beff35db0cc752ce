"""Deliveries on a real MongoDB to a real receiver: once, signed, again after trouble, nobody waits for another."""

import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from deploy.local import Settings as LocalSettings
from deploy.local.processes import ROOT
from services.notification.domain.webhooks import ACTIVE, DEAD, DISABLED, PAUSED, WAITING, Gap, Patience, Webhook
from services.notification.usecases.webhooks.metrics import SEALED
from shared.kernel import Conflict
from shared.mongo import Database, DeleteMany
from shared.policy import EVERYTHING
from shared.testing import eventually
from tests.integration.notification.receiving import receiving
from tests.integration.notification.sending import SECRET, World
from tests.integration.notification.told import NAMES, facts, rating, score


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    found = World(database)
    yield found
    await found.posting._close(list(found.posting._kept))


async def tell(world: World, municipality: str, *revisions: int) -> None:
    await world.uses.telling.hear(facts(*(score(municipality, one) for one in revisions)))


async def test_what_is_told_comes_once_signed_and_only_to_those_it_concerns(world: World) -> None:
    await world.uses.telling.hear(NAMES)
    await tell(world, "a", 1)
    async with receiving() as everything, receiving() as own, receiving() as ratings:
        await world.hook(everything.url)
        await world.hook(own.url, municipality="a", kinds=("score_changed",))
        await world.hook(ratings.url, kinds=("rating_changed",))
        async with world.courier():
            await world.uses.telling.hear(facts(score("a", 2), score("b"), rating("e1")))
            await eventually(lambda: len(everything.came) + len(own.came) + len(ratings.came) == 5)
            await eventually(lambda: world.in_state("delivered"))
    messages = [one.verified(SECRET) for one in everything.came]
    assert sorted(one["type"] for one in messages) == ["rating_changed", "score_changed", "score_changed"]
    told = own.came[0].verified(SECRET)
    assert (told["type"], told["data"]["id"], told["data"]["municipality"]["id"]) == ("score_changed", "a:2022:2", "a")
    assert [one.told["data"] for one in ratings.came] == [
        {"period": "2022", "region": None, "data_at": "2022-11-01T07:00:00+00:00", "moved": 2}
    ]


async def test_a_receiver_that_recovers_gets_everything_under_the_same_ids(world: World) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda number: 500 if number <= 5 else 200
        hook = await world.hook(receiver.url)
        async with world.courier():
            await tell(world, "a", 1, 2, 3)
            await eventually(lambda: _all(world, 3))
    times = Counter(receiver.ids())
    assert set(times) == {f"msg_{hook}_{number}" for number in (1, 2, 3)}
    assert sum(times.values()) == 8
    for one in await world.in_state():
        assert one.attempts == times[one.message] == len(one.tries)
        assert [tried.status for tried in one.tries] == [500] * (one.attempts - 1) + [200]


async def _all(world: World, count: int) -> bool:
    return len(await world.in_state()) == count


async def test_a_slow_receiver_delays_nobody_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for it, however long it is waited for."""
    monkeypatch.setattr(world.posting, "_seconds", 300)
    async with receiving(opened=False) as slow, receiving() as quick:
        await world.hook(slow.url)
        await world.hook(quick.url)
        async with world.courier():
            await tell(world, "a", *range(1, 41))
            await eventually(lambda: len(quick.came) == 40)
            await tell(world, "a", 41)
            await eventually(lambda: len(quick.came) == 41)
            assert len(await world.in_state(WAITING)) >= 40
            assert len(slow.came) <= 4
            slow.opened.set()
            await eventually(lambda: _all(world, 82))
    assert sorted(slow.numbers()) == list(range(1, 42))


async def test_a_receiver_that_is_gone_is_disabled_told_of_and_can_be_resumed(world: World) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _: 410
        hook = await world.hook(receiver.url)
        async with world.courier():
            await tell(world, "a", 1)
            await eventually(lambda: world.in_state(DEAD))
            assert (await world.of(hook)).why == "gone"
            await tell(world, "a", 2)
            receiver.answer = lambda _: 200
            assert len(receiver.came) == 1
            await world.put(hook, ACTIVE)
            await eventually(lambda: _all(world, 1))
    assert receiver.numbers() == [1, 2]
    assert await failures(world) == [(hook, "http-410")]
    lines = await world.database.find("journal", {"key": hook}, sort=[("_id", 1)])
    assert [(one["role"], one["before"] and one["before"]["state"]) for one in lines] == [
        ("service", None), ("service", ACTIVE), ("service", DISABLED)
    ]  # fmt: skip


async def failures(world: World) -> list[tuple[str, str]]:
    """What is told of given up deliveries, as it lies in the outbox."""
    rows: list[dict[str, Any]] = await world.database.find("outbox", {"topic": "notification.delivery.v1"})
    told = [json.loads(row["value"]) for row in rows]
    assert all(one["channel"] == "webhook" for one in told)
    return [(one["subscription"], one["reason"]) for one in told]


async def test_what_nobody_takes_is_given_up_and_told_once(database: Database) -> None:
    step = timedelta(milliseconds=40)
    world = World(database, patience=Patience(first=step, longest=step, lasting=timedelta(seconds=10)))
    async with receiving() as receiver:
        receiver.answer = lambda _: 503
        hook = await world.hook(receiver.url)
        async with world.courier():
            await tell(world, "a", 1)
            [dead] = await eventually(lambda: world.in_state(DEAD))
    assert 2 <= dead.attempts == len(receiver.came)
    assert dead.next_at is None
    assert await failures(world) == [(hook, "http-503")]
    assert (await world.of(hook)).state == ACTIVE


async def test_nobody_at_the_address_is_a_reason_of_its_own(world: World) -> None:
    async with receiving() as receiver:
        url = receiver.url
    await world.hook(url)
    async with world.courier():
        await tell(world, "a", 1)
        [waiting] = await eventually(lambda: _tried(world))
    assert (waiting.tries[0].status, waiting.tries[0].reason) == (None, "not-connected")


async def _tried(world: World) -> list[Any]:
    return [one for one in await world.in_state(WAITING) if one.tries]


async def test_a_paused_webhook_gets_afterwards_what_was_told_meanwhile(world: World) -> None:
    async with receiving() as receiver:
        hook = await world.hook(receiver.url)
        async with world.courier() as courier:
            await world.put(hook, PAUSED)
            await tell(world, "a", 1, 2)
            await world.put(hook, ACTIVE)
            courier.wake()
            await eventually(lambda: _all(world, 2))
    assert sorted(receiver.numbers()) == [1, 2]


async def test_what_is_no_longer_kept_after_a_long_pause_is_named(world: World, database: Database) -> None:
    async with receiving() as receiver:
        hook = await world.hook(receiver.url)
        await world.put(hook, PAUSED)
        await tell(world, "a", 1, 2, 3)
        await database.write("feed", [DeleteMany({"_id": {"$lte": 2}})])
        await world.put(hook, ACTIVE)
        async with world.courier():
            await eventually(lambda: _all(world, 1))
    assert receiver.numbers() == [3]
    assert (await world.of(hook)).gap == Gap(1, 2)


async def test_a_replay_delivers_again_under_the_same_ids_and_doubles_nothing_that_waits(world: World) -> None:
    async with receiving() as receiver:
        hook = await world.hook(receiver.url)
        async with world.courier():
            await tell(world, "a", 1, 2, 3)
            await eventually(lambda: _all(world, 3))
        first = await world.webhooks.replay(EVERYTHING, hook, since=2, limit=1)
        assert (first.deliveries, first.first, first.last, first.following) == (1, 2, 2, 3)
        rest = await world.webhooks.replay(EVERYTHING, hook, since=2)
        assert (rest.deliveries, rest.first, rest.last, rest.following) == (1, 2, 3, None)
        async with world.courier():
            await eventually(lambda: _all(world, 3))
    assert sorted(Counter(receiver.numbers()).items()) == [(1, 1), (2, 2), (3, 2)]


async def test_two_processes_send_each_message_once(world: World, database: Database) -> None:
    other = World(database)
    async with receiving() as one, receiving() as two:
        await world.hook(one.url)
        await world.hook(two.url)
        async with world.courier("notification-1"), other.courier("notification-2"):
            for number in range(1, 31):
                await tell(world, "a", number)
            await eventually(lambda: _all(world, 60))
    assert sorted(one.numbers()) == sorted(two.numbers()) == list(range(1, 31))


async def test_a_lease_is_one_owners_until_it_is_over_or_given_back(world: World) -> None:
    store = world.deliveries
    assert await store.take("w", "one", 60)
    assert await store.take("w", "one", 60)
    assert not await store.take("w", "two", 60)
    assert await store.take("w", "one", 0.1)
    assert await eventually(lambda: store.take("w", "two", 120), what="the lease is over")
    assert not await store.take("w", "one", 60)
    await store.release("w", "one")
    assert not await store.take("w", "one", 60)
    await store.release("w", "two")
    assert await eventually(lambda: store.take("w", "one", 60), what="it was given back")


async def test_a_piece_of_the_feed_becomes_deliveries_once(world: World) -> None:
    hook = await world.hook("http://127.0.0.1:9/hook")
    await tell(world, "a", 1, 2)
    before = await world.of(hook)
    await asyncio.gather(*(world.delivering.spread(before) for _ in range(3)))
    assert [one.number for one in await world.in_state(WAITING)] == [1, 2]
    assert (await world.of(hook)).place == 2


async def test_secrets_are_sealed_in_the_database_and_a_wrong_key_sends_nothing(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving() as receiver:
        hook = await world.hook(receiver.url)
        assert SECRET not in str(await database.find("webhooks", {}))
        strange = World(database, key="another key that is long enough too")
        assert await strange.delivering.opened(hook) is None
        looked, genuine = [], strange.delivering.busy

        async def busy() -> list[Webhook]:
            looked.extend(found := await genuine())
            return found

        monkeypatch.setattr(strange.delivering, "busy", busy)
        async with strange.courier() as courier:
            await tell(strange, "a", 1)
            await eventually(lambda: len(looked) > 1 and not courier._lanes, what="it was tried, and no more")
        assert receiver.came == []
        async with world.courier():
            await eventually(lambda: _all(world, 1))


async def test_webhooks_whose_secrets_no_key_opens_are_counted_and_go_on_when_they_are_rotated(
    world: World, database: Database
) -> None:
    async with receiving() as receiver:
        hook = await world.hook(receiver.url)
        strange = World(database, key="another key that is long enough too")
        await tell(strange, "a", 1)
        with capture_logs() as logs:
            assert [one.id for one in await strange.delivering.busy()] == [hook]
            await strange.delivering.busy()
        assert [(one["event"], one["first"]) for one in logs] == [("webhook.sealed", hook)], "once a minute"
        assert SEALED._value.get() == 1
        with pytest.raises(Conflict, match="webhook-sealed"):
            await strange.webhooks.test(EVERYTHING, hook)
        assert receiver.came == [], "nothing goes out unsigned"
        told = await strange.webhooks.rotate(EVERYTHING, hook, overlap=timedelta(hours=24), expected=1)
        assert len(told.webhook.secrets) == 1
        async with strange.courier():
            await eventually(lambda: _all(strange, 1))
        assert receiver.came[0].verified(told.secret)["type"] == "score_changed"
    await World(database, key=strange.key).delivering.busy()
    assert SEALED._value.get() == 0


async def test_a_courier_killed_between_sending_and_noting_it_sends_again_under_the_same_id(
    stores: LocalSettings, world: World, tmp_path: Path
) -> None:
    async with receiving(opened=False) as receiver:
        hook = await world.hook(receiver.url)
        await tell(world, "a", 1)
        module = "tests.integration.notification.sending"
        command = (sys.executable, "-m", module, stores.mongo_uri, world.database.name, "notification-1")
        with (tmp_path / "courier.log").open("wb") as log:
            courier = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=log, stderr=log)
            try:
                await eventually(lambda: receiver.came)
            except AssertionError as error:  # the log says why only now
                error.add_note((tmp_path / "courier.log").read_text())
                raise
            finally:
                courier.send_signal(signal.SIGKILL)
                await courier.wait()
        [waiting] = await world.in_state(WAITING)
        assert waiting.attempts == 0
        receiver.opened.set()
        async with world.courier("notification-1"):
            await eventually(lambda: _all(world, 1), within=10, what="its successor takes the lease at once")
    assert receiver.ids() == [f"msg_{hook}_1"] * 2
