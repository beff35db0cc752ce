"""Keys of the issuer on a clock that is set: they age by the time that has passed, tokens by the time that it is."""

import pytest
from structlog.testing import capture_logs

from shared.auth import Tokens
from shared.kernel import Unavailable
from shared.testing import FrozenClock
from tests.unit.shared.signing import Issuer


@pytest.fixture
def passing() -> FrozenClock:
    """The time that passes, whatever the clock of the machine is set to."""
    return FrozenClock()


@pytest.fixture
def tokens(issuer: Issuer, clock: FrozenClock, passing: FrozenClock) -> Tokens:
    return Tokens(
        issuer=issuer.name,
        audience="rsoko",
        fetch=issuer.fetch,
        clock=clock,
        monotonic=lambda: passing().timestamp(),
    )


async def test_a_clock_that_is_set_back_shuts_nobody_out(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock, passing: FrozenClock
):
    issuer.away = True
    with pytest.raises(Unavailable):
        await tokens.actor(f"Bearer {issuer.token()}")
    issuer.away = False
    clock.move(hours=-3)
    passing.move(seconds=11)
    assert (await tokens.actor(f"Bearer {issuer.token()}")).role == "ministry"
    issuer.rotate("two")
    clock.move(hours=-3)
    passing.move(seconds=11)
    assert (await tokens.actor(f"Bearer {issuer.token()}")).role == "ministry"


async def test_a_clock_that_is_set_forward_makes_no_key_old(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock, passing: FrozenClock
):
    await tokens.actor(f"Bearer {issuer.token()}")
    issuer.away = True
    clock.move(days=2)
    assert (await tokens.actor(f"Bearer {issuer.token()}")).role == "ministry"
    passing.move(days=2)
    with pytest.raises(Unavailable):
        await tokens.actor(f"Bearer {issuer.token()}")


async def test_an_issuer_that_is_away_is_told_once_and_that_it_is_back(
    tokens: Tokens, issuer: Issuer, passing: FrozenClock
):
    issuer.away = True
    with capture_logs() as told:
        for _ in range(3):
            with pytest.raises(Unavailable):
                await tokens.actor(f"Bearer {issuer.token()}")
            passing.move(seconds=11)
        issuer.away = False
        await tokens.actor(f"Bearer {issuer.token()}")
    assert [(one["log_level"], one["event"]) for one in told] == [("warning", "issuer.away"), ("info", "issuer.back")]
