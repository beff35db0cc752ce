"""What the use cases of schools need of a store."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.scoring.domain.schools import Standing
from services.scoring.domain.schools.settling import Known, Pending, Settled
from shared.kernel import Cause
from shared.policy import Scope

Judge = Callable[[Sequence[Pending], Known], Settled]


class KeepsSchools(Protocol):
    """Standings and threshold sets."""

    async def settle_schools(self, judge: Judge) -> int: ...

    async def spread_notes(self) -> bool: ...

    async def schools_wait(self) -> bool: ...

    async def standings_page(
        self, condition: Mapping[str, Any], *, scope: Scope, after: str | None, limit: int
    ) -> list[Standing]: ...

    async def standings_of(self, school: str) -> list[Standing]: ...

    async def threshold_sets(self) -> list[dict[str, Any]]: ...

    async def put_thresholds(self, key: str, document: Mapping[str, Any], *, at: datetime, cause: Cause) -> bool: ...
