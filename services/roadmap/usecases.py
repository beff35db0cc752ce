"""What road maps can be asked to do; so far: to follow municipalities and their scores."""

from collections.abc import Sequence
from typing import Any, Protocol

from services.roadmap.domain import Municipality, Score


class Heard(Protocol):
    """Where the facts of others are kept, with the progress of the batch that brought them."""

    async def follow(self, municipalities: Sequence[Municipality], scores: Sequence[Score], *, batch: Any) -> None: ...


class Roadmap:
    """The use cases of road maps."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    async def follow(self, municipalities: Sequence[Municipality], scores: Sequence[Score], *, batch: Any) -> None:
        """Remember the newest of what a batch told; a repeat changes nothing."""
        await self._heard.follow(municipalities, scores, batch=batch)
