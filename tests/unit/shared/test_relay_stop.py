"""A relay that stops: nobody else may send while its producer still holds rows."""

from types import SimpleNamespace

import pytest

from shared.kernel import Unavailable
from shared.relay import Lease, Relay


@pytest.mark.parametrize("trouble", [None, Unavailable("mongodb"), RuntimeError("no rights")])
async def test_the_producer_is_ended_before_the_lease_is_given_back(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception | None
) -> None:
    done: list[str] = []

    async def drop() -> None:
        done.append("producer")
        if trouble is not None:
            raise trouble

    async def release(self: Lease) -> None:
        del self
        done.append("lease")

    relay = Relay(SimpleNamespace(), owner="one", producer=SimpleNamespace)
    relay.leading = True
    monkeypatch.setattr(relay._sender, "drop", drop)
    monkeypatch.setattr(Lease, "release", release)
    if trouble is None:
        await relay.stop()
    else:
        with pytest.raises(type(trouble)):
            await relay.stop()
    assert done == ["producer", "lease"]
