"""What a relay's health says of one that only waits for the lease."""

import asyncio
from types import SimpleNamespace

import pytest

from shared.relay import Lease, Relay, sending


async def test_a_relay_that_waits_for_the_lease_is_alive_for_as_long_as_it_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another process leads for days: nothing is wrong with this one, unless it asks no more."""
    clock = SimpleNamespace(now=1000.0, asked=0)
    enough = asyncio.Event()

    async def acquire(self: Lease) -> bool:
        del self
        clock.now += 20
        clock.asked += 1
        if clock.asked == 5:
            enough.set()
            await asyncio.Event().wait()
        return False

    monkeypatch.setattr(Lease, "acquire", acquire)
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: clock.now))
    relay = Relay(SimpleNamespace(name="test"), owner="one", producer=SimpleNamespace, lease=0)
    relay._tasks = [asyncio.create_task(relay._run())]
    await enough.wait()
    assert (relay.leading, relay.alive(30)) == (False, True), "it asked twenty seconds ago, a hundred after its start"
    clock.now += 20
    assert not relay.alive(30), "it hangs"
    await relay.stop(grace=0)
