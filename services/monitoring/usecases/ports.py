"""What the use cases need of the store, as they see it."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.monitoring.domain import (
    Decision,
    Directory,
    Municipality,
    Organization,
    Procedure,
    Result,
    Row,
    Seen,
    Source,
)
from shared.batch import Batch, Buried
from shared.kernel import Cause, Change, Repeat

Answer = Mapping[str, Any]
# A system's own: the sources that it speaks for, and its client.
Own = tuple[Collection[str], str]
Decide = Callable[[Mapping[str, Result], Mapping[str, Seen], datetime], Decision]


class Results(Protocol):
    """Where results and the events heard are kept."""

    async def recall(self, repeat: Repeat | None) -> Answer | None: ...
    async def add(
        self,
        result_id: str,
        make: Callable[[datetime], Result],
        *,
        cause: Cause,
        repeat: Repeat | None,
        answer: Callable[[Result], Answer],
    ) -> Answer | Result: ...
    async def change(
        self,
        result_id: str,
        decide: Callable[[Result | None, datetime], Result],
        *,
        cause: Cause,
        repeat: Repeat | None,
        answer: Callable[[Result, bool], Answer],
    ) -> Answer: ...
    async def settle(
        self,
        rows: Sequence[Row],
        decide: Decide,
        *,
        batch: Batch[Any] | None = None,
        bury: Callable[[Decision], Sequence[Buried]] | None = None,
        refusals: Callable[[Decision, datetime], Sequence[dict[str, Any]]] | None = None,
    ) -> Decision: ...
    async def settle_once(
        self, rows: Sequence[Row], decide: Decide, *, repeat: Repeat | None, answer: Callable[[Decision], Answer]
    ) -> Answer: ...
    async def one(self, result_id: str, scope: Mapping[str, str]) -> Result | None: ...
    async def page(
        self, condition: Mapping[str, str], *, after: datetime | None, place: Sequence[Any] | None, limit: int
    ) -> list[Result]: ...
    async def past(self, result_id: str, *, after: int, limit: int) -> list[Result]: ...


class Catalogue(Protocol):
    """Where the directory's things are kept."""

    async def put_procedure(
        self,
        key: str,
        decide: Callable[[Procedure | None, Mapping[str, str]], Change[Procedure]],
        *,
        stake: Callable[[Procedure | None], Collection[str]],
        cause: Cause,
    ) -> Change[Procedure]: ...
    async def put_source(self, key: str, decide: Callable[[Source | None], Change[Source]]) -> tuple[Source, bool]: ...
    async def learn(
        self, batch: Batch[Any], municipalities: Sequence[Municipality], organizations: Sequence[Organization]
    ) -> None: ...
    async def refresh(self, directory: Directory) -> None: ...
    async def look_up(
        self,
        directory: Directory,
        *,
        procedures: Collection[str],
        sources: Collection[str],
        municipalities: Collection[str],
        organizations: Collection[str],
    ) -> None: ...
    def changes(self) -> AsyncIterator[None]: ...


class Refusals(Protocol):
    """Where refused messages of other systems are kept."""

    async def page(
        self, *, own: Own | None, source: str | None, code: str | None, place: Sequence[Any] | None, limit: int
    ) -> list[dict[str, Any]]: ...


class Stores(Protocol):
    """All three."""

    @property
    def results(self) -> Results: ...
    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def refusals(self) -> Refusals: ...
