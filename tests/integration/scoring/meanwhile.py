"""Something else comes first: done in the very moment in which a step of the store is about to begin."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

Meanwhile = Callable[[], Awaitable[object]]


def before_step(monkeypatch: pytest.MonkeyPatch, owner: Any, step: str, meanwhile: Meanwhile) -> None:
    """Do something else, once, before this step of an object or module; then the step goes on as it was asked to."""
    genuine = getattr(owner, step)

    async def late(*given: Any, **named: Any) -> Any:
        monkeypatch.undo()
        await meanwhile()
        return await genuine(*given, **named)

    monkeypatch.setattr(owner, step, late)
