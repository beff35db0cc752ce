"""What the use cases need of the store, as they see it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from services.roadmap.domain import (
    Activity,
    Execution,
    Line,
    Municipality,
    Put,
    Recommendation,
    RoadMap,
    ScoreTold,
)
from shared.kernel import Cause, Change, Repeat

Answer = Mapping[str, Any]
State = tuple[Activity, Execution]


class Follows(Protocol):
    """Where the facts of others are kept, and the drafts that follow from them."""

    async def follow(
        self, municipalities: Sequence[Municipality], told: Sequence[ScoreTold], *, batch: Any
    ) -> list[str]: ...
    async def municipality(self, named: str, day: date) -> Municipality | None: ...
    async def named(self, ids: Sequence[str]) -> dict[str, Municipality]: ...
    async def of_region(self, region: str) -> list[Municipality]: ...


class Plans(Protocol):
    """Where road maps and what became of them are kept."""

    async def put(
        self,
        roadmap: str,
        decide: Callable[[RoadMap | None, Mapping[str, Activity], Collection[str], datetime], Put],
        *,
        cause: Cause,
    ) -> Put: ...
    async def tell_untold(self, cause: Cause) -> int: ...
    async def roadmaps(self) -> list[RoadMap]: ...
    async def roadmap(self, roadmap: str) -> RoadMap | None: ...
    async def activity(self, activity: str) -> Activity | None: ...
    async def activities(self, where: Mapping[str, Any]) -> list[Activity]: ...
    async def execution(self, activity: str, side: str | None) -> Execution: ...
    async def executions(self, activities: Sequence[str]) -> list[Execution]: ...
    async def lines(self, where: Mapping[str, Any], side: Municipality | None, *, on: date) -> list[Line]: ...
    async def change(
        self,
        activity: str,
        side: str | None,
        decide: Callable[[State | None, datetime], State],
        *,
        repeat: Repeat | None,
        answer: Callable[[State, bool], Answer],
        cause: Cause,
    ) -> Answer: ...


class Advice(Protocol):
    """Where recommendations are kept."""

    async def page(
        self, condition: Mapping[str, Any], *, place: Sequence[Any] | None, limit: int
    ) -> list[Recommendation]: ...
    async def one(self, recommendation: str) -> Recommendation | None: ...
    async def change(
        self,
        recommendation: str,
        decide: Callable[[Recommendation | None, datetime], Change[Recommendation]],
        *,
        cause: Cause,
        repeat: Repeat | None,
        answer: Callable[[Recommendation, bool], Answer],
    ) -> Answer: ...
    async def by_state(self) -> dict[str, int]: ...


class Stores(Protocol):
    """All three."""

    @property
    def following(self) -> Follows: ...
    @property
    def plans(self) -> Plans: ...
    @property
    def advice(self) -> Advice: ...
