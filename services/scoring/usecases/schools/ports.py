"""What the use cases of schools need of a store."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.scoring.domain.schools import ListName, Standing
from services.scoring.domain.schools.heard import Heard
from services.scoring.domain.schools.settling import Known, Pending, Settled
from shared.kernel import Cause
from shared.policy import Scope

Judge = Callable[[Sequence[Pending], Known], Settled]
# The stored set, if there is one, and whether schools were judged by it: the revision that follows.
Weigh = Callable[[Mapping[str, Any] | None, bool], int]


class KeepsStandings(Protocol):
    """Standings and threshold sets."""

    async def settle_schools(self, judge: Judge) -> int: ...

    async def note_unheard(self) -> None: ...

    async def spread_notes(self) -> bool: ...

    async def schools_wait(self) -> bool: ...

    async def standings_page(
        self, condition: Mapping[str, Any], *, region: str, scope: Scope, after: str | None, limit: int
    ) -> list[Standing]: ...

    async def listed_schools(self, year: int, name: ListName) -> list[Standing]: ...

    async def standings_of(self, school: str) -> list[Standing]: ...

    async def years_of_schools(self) -> list[dict[str, Any]]: ...

    async def threshold_sets(self) -> list[dict[str, Any]]: ...

    async def put_thresholds(
        self, key: str, document: Mapping[str, Any], *, decide: Weigh, at: datetime, cause: Cause
    ) -> tuple[int | None, int]: ...


class KeepsSigns(Protocol):
    """Signs, and which years wait to be looked at."""

    async def years_of_schools(self) -> list[dict[str, Any]]: ...

    async def take_year(self, year: str, *, now: datetime) -> dict[str, Any] | None: ...

    async def leave_year(self, year: str) -> None: ...

    async def school_keys(self) -> dict[str, list[str]]: ...

    async def look_for_signs(self, wanted: Mapping[str, Any]) -> dict[str, Any]: ...

    async def keep_signs(
        self, taken: Mapping[str, Any], found: Mapping[str, Any], *, thresholds: str | None, now: datetime
    ) -> None: ...

    async def signs_page(
        self, year: Mapping[str, Any], condition: Mapping[str, Any], *, scope: Scope, after: str | None, limit: int
    ) -> list[dict[str, Any]]: ...


class KeepsResults(Protocol):
    """Schools that have results, and the results."""

    async def described_procedures(self) -> list[dict[str, Any]]: ...

    async def schools_with_results(
        self, condition: Mapping[str, Any], *, region: str, scope: Scope, after: str | None, limit: int
    ) -> list[Heard]: ...

    async def facts_of_schools(self, schools: Collection[str], year: int) -> list[dict[str, Any]]: ...


class KeepsClusters(Protocol):
    """Clusters, and what computes them."""

    async def clusters(self, key: str, version: str) -> dict[str, Any] | None: ...

    async def keep_clusters(self, key: str, version: str, made: Mapping[str, Any]) -> None: ...

    async def group_schools(self, region: str, year: int, *, k: int | None) -> dict[str, Any]: ...

    async def group_units(
        self, rows: Sequence[tuple[str, Mapping[str, float]]], *, k: int | None
    ) -> dict[str, Any]: ...

    async def owners_of_schools(self, region: str, year: int) -> dict[str, str | None]: ...


class KeepsSchools(KeepsStandings, KeepsSigns, KeepsResults, KeepsClusters, Protocol):
    """Everything that is kept of schools."""
