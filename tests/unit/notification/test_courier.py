"""The courier: it goes on after MongoDB was away, and asks a receiver that takes nothing for one message at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from services.notification.api.webhooks import Courier, courier
from services.notification.domain.webhooks import Answer, Attempt, Delivery, Holder, Secret, Wanted, Webhook, register
from shared.kernel import Unavailable
from shared.testing import eventually

AT = datetime(2022, 11, 1, tzinfo=UTC)
WEBHOOK = register(Wanted("https://example.org/", ("test",)), Holder(), id="w1", secret="s", place=0, now=AT)


class Steps:
    """The use cases over a list in memory; `refusing` receivers take nothing."""

    def __init__(self, rows: int) -> None:
        self.rows = [Delivery("w1", number, "test", "{}", AT, AT) for number in range(1, rows + 1)]
        self.away = self.refusing = False
        self.asked: list[int] = []
        self.sent: list[int] = []
        self.at_once = self.most_at_once = 0
        self.released = 0

    async def busy(self) -> list[Webhook]:
        if self.away:
            raise Unavailable("mongodb")
        return [WEBHOOK] if self.rows else []

    async def take(self, *_: Any) -> bool:
        return True

    async def release(self, *_: Any) -> None:
        self.released += 1

    async def opened(self, _: str) -> Webhook | None:
        return WEBHOOK

    async def spread(self, _: Webhook) -> bool:
        return False

    async def due(self, _: str, limit: int) -> list[Delivery]:
        self.asked.append(limit)
        return self.rows[:limit]

    async def attempt(self, _: Webhook, delivery: Delivery) -> Attempt:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        answer = Answer("http-500", 500) if self.refusing else Answer("http-200", 200)
        return Attempt(delivery, delivery, answer)

    async def settle(self, attempts: list[Attempt]) -> None:
        done = {one.before.number for one in attempts}
        self.sent += done
        self.rows = [one for one in self.rows if one.number not in done]


@asynccontextmanager
async def running(steps: Steps) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(Courier(steps, "notification-1").run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_many_are_on_their_way_at_once_but_not_all():
    steps = Steps(250)
    async with running(steps):
        await eventually(lambda: not steps.rows)
    assert sorted(steps.sent) == list(range(1, 251))
    assert steps.most_at_once == 4
    assert steps.asked[:3] == [100, 100, 100]


async def test_after_mongodb_was_away_it_goes_on():
    steps = Steps(3)
    courier = Courier(steps, "notification-1")
    steps.away = True
    with pytest.raises(Unavailable):
        await courier.run()
    steps.away = False
    task = asyncio.create_task(courier.run())
    await eventually(lambda: len(steps.sent) == 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_receiver_that_took_nothing_of_a_page_is_asked_with_one_message_at_a_time():
    steps = Steps(104)
    steps.refusing = True
    async with running(steps):
        await eventually(lambda: not steps.rows)
    assert steps.asked[:6] == [100, 1, 1, 1, 1, 1]


async def test_a_lane_that_ends_gives_its_lease_back():
    steps = Steps(1)
    async with running(steps):
        await eventually(lambda: steps.released)


class Leaked(Steps):
    """The secret is replaced while the message of this number is sent; each attempt lasts a second, by its clock."""

    def __init__(self, rows: int, *, during: int) -> None:
        super().__init__(rows)
        self.seconds = 0
        self.signed: dict[int, str] = {}
        self._during = during
        self._now = WEBHOOK

    def monotonic(self) -> float:
        return float(self.seconds)

    async def opened(self, _: str) -> Webhook | None:
        return self._now

    async def attempt(self, webhook: Webhook, delivery: Delivery) -> Attempt:
        self.signed[delivery.number] = webhook.secrets[0].text
        if delivery.number == self._during:
            self._now = replace(WEBHOOK, secrets=(Secret("new"),))
        attempt = await super().attempt(webhook, delivery)
        self.seconds += 1
        return attempt


async def test_a_secret_replaced_at_once_signs_nothing_but_what_is_on_its_way_already(monkeypatch: pytest.MonkeyPatch):
    steps = Leaked(40, during=10)
    monkeypatch.setattr(courier, "time", SimpleNamespace(monotonic=steps.monotonic))
    async with running(steps):
        await eventually(lambda: not steps.rows)
    assert steps.signed[10] == "s"
    assert {steps.signed[number] for number in range(14, 41)} == {"new"}
