"""An issuer, and the tokens that are believed of it, on a clock that is moved."""

import pytest

from shared.auth import Tokens
from shared.testing import FrozenClock
from tests.unit.shared.signing import Issuer


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def issuer(clock: FrozenClock) -> Issuer:
    return Issuer(clock)


@pytest.fixture
def tokens(issuer: Issuer, clock: FrozenClock) -> Tokens:
    return Tokens(
        issuer=issuer.name,
        audience="rsoko",
        fetch=issuer.fetch,
        clock=clock,
        monotonic=lambda: clock().timestamp(),
    )
