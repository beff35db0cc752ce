"""What road maps can be asked to do: follow others, keep plans, take evidence, advise, measure."""

from collections.abc import Sequence
from typing import Any

from services.roadmap.domain import Municipality, ScoreTold
from services.roadmap.usecases.advising import Advising, Named
from services.roadmap.usecases.executing import Asked, Executing, Given
from services.roadmap.usecases.heavy import Heavy
from services.roadmap.usecases.measuring import Measuring
from services.roadmap.usecases.naming import Naming, account
from services.roadmap.usecases.planning import Planning
from services.roadmap.usecases.ports import Stores
from services.roadmap.usecases.showing import Shown
from services.roadmap.usecases.summing import Summing, Wanted
from shared.ports import Clock


class Roadmap:
    """All use cases of road maps."""

    def __init__(self, store: Stores, *, clock: Clock, home: str) -> None:
        naming, heavy = Naming(store.following), Heavy()
        self._following = store.following
        self.planning = Planning(store.plans, naming, clock=clock)
        self.executing = Executing(store.plans, naming, heavy, clock=clock)
        self.advising = Advising(store.advice, naming, clock=clock)
        self.summing = Summing(store, heavy, clock=clock, home=home)
        self.measuring = Measuring(store.plans, store.advice, clock=clock)

    async def follow(
        self, municipalities: Sequence[Municipality], told: Sequence[ScoreTold], *, batch: Any
    ) -> list[str]:
        """Remember the newest of what a batch told and draft what it calls for; a repeat changes nothing."""
        return await self._following.follow(municipalities, told, batch=batch)


__all__ = ["Asked", "Given", "Named", "Roadmap", "Shown", "Wanted", "account"]
