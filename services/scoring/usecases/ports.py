"""What the use cases need of a store."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.scoring.domain import Card, CardKey, Fact, Rescored, Scale
from services.scoring.domain.analytics import Document as Analytic
from services.scoring.domain.applicability import Applicability
from services.scoring.domain.community import HeldResult, Item
from services.scoring.domain.league import League
from services.scoring.domain.mirror import Stored
from services.scoring.domain.names import Municipality
from services.scoring.domain.news import Known, News, Taken
from services.scoring.domain.opening import Publication
from services.scoring.domain.permission import Permitted
from services.scoring.domain.publication import Course, Edition, Objection
from services.scoring.domain.publication.writing import Content, Decided, File, Seen
from services.scoring.domain.ranked import Ranked, Stood
from services.scoring.domain.reported import Limits
from services.scoring.domain.rulebook import Rules
from services.scoring.events import RatingChanged
from shared.batch import Batch
from shared.kernel import Cause, Change, Repeat

Document = dict[str, Any]
Cards = Mapping[CardKey, Card]
Scales = Mapping[League, Scale]
Decide = Callable[[Cards, Scales, datetime], Rescored]
Recount = Callable[[Cards, Scales, Sequence[Fact], datetime], Rescored]
DecideRanks = Callable[[Sequence[Stood]], tuple[Ranked, RatingChanged] | None]
DecideItem = Callable[[Item | None, Sequence[Item]], Item]


class KeepsCards(Protocol):
    """Facts and cards."""

    async def take(
        self, batch: Batch[Any] | None, news: News, *, known: Known, decide: Decide, careful: bool = False
    ) -> Taken: ...

    async def recount(
        self, keys: Collection[CardKey], relative: Collection[League], decide: Recount, *, rules: int
    ) -> Taken: ...

    async def turn(self) -> bool: ...

    async def claim(self) -> int: ...

    async def copy(
        self, fresh: int, keys: Collection[CardKey], relative: Collection[League], decide: Recount
    ) -> Mapping[CardKey, int]: ...

    async def switch(
        self,
        fresh: int,
        copied: Mapping[CardKey, int],
        *,
        keys: Collection[CardKey],
        relative_of: Callable[[Collection[CardKey]], frozenset[League]],
        decide: Recount,
        rules: int,
    ) -> Taken: ...

    async def snapshot(
        self, keys: Collection[CardKey], relative: Collection[League] = ()
    ) -> tuple[list[Stored], list[Fact], Scales]: ...

    async def cards(self, keys: Collection[CardKey], leagues: Collection[League] = ()) -> list[Stored]: ...

    async def scales(self, leagues: Collection[League] | None = None) -> Scales: ...

    def every_card(self) -> AsyncIterator[Stored]: ...

    def changed_cards(self) -> AsyncIterator[CardKey | None]: ...

    async def facts_of(
        self, league: League, *, municipality: str | None = None, until: str | None = None
    ) -> list[Fact]: ...

    def facts_as_stored(self, league: League, *, until: str, named: Sequence[str] = ()) -> AsyncIterator[bytes]: ...

    async def facts_named(self, identities: Sequence[str]) -> dict[str, Fact]: ...

    async def every_key(self) -> list[CardKey]: ...

    async def scored_keys(self) -> list[CardKey]: ...


class KeepsRegisters(Protocol):
    """Editions, publications, names."""

    async def limits(self) -> Limits: ...

    async def rules(self) -> Rules: ...

    async def hold_home(self, regions: Collection[str]) -> None: ...

    def new_id(self) -> str: ...

    async def recall(self, repeat: Repeat | None) -> Mapping[str, Any] | None: ...

    async def put_act(
        self, act: Applicability, *, number: int, repeat: Repeat | None, answer: Mapping[str, Any]
    ) -> None: ...

    async def settled(self, number: int) -> None: ...

    async def permitted(self) -> dict[str, tuple[Permitted, ...]]: ...

    async def put_edition(
        self, methodology: str, document: Mapping[str, Any], *, at: datetime, number: int
    ) -> None: ...

    async def published(self) -> set[League]: ...

    async def publication(self, league: League) -> Publication | None: ...

    async def publish(
        self, league: League, decide: Callable[[Publication | None], Publication], *, at: datetime
    ) -> Publication: ...

    async def municipalities(self) -> list[Municipality]: ...

    async def procedures(self) -> dict[str, str]: ...

    async def indicators(self) -> dict[str, dict[str, str]]: ...

    def changed_registers(self) -> AsyncIterator[None]: ...


class KeepsTold(Protocol):
    """What was told of ratings."""

    async def told_rating(self, league: League) -> Ranked: ...

    async def tell_rating(self, league: League, decide: DecideRanks, *, before: int, cause: Cause) -> Ranked | None: ...


class KeepsCommunity(Protocol):
    """Items of the expert community, and the facts that procedures were held by."""

    async def community_items(self, year: int, *, municipality: str | None = None) -> list[Item]: ...

    async def community_item(self, municipality: str, item: str) -> Item | None: ...

    async def change_item(
        self, municipality: str, item: str, decide: DecideItem, *, year: int | None = None
    ) -> tuple[Item | None, Item]: ...

    async def held_results(self, periods: Sequence[str], *, municipality: str | None = None) -> list[HeldResult]: ...


class KeepsMoves(Protocol):
    """Told moves of scales."""

    async def scale_moves(self, league: League) -> Sequence[Mapping[str, Any]]: ...

    async def scale_move(self, league: League, number: int) -> Mapping[str, Any] | None: ...


class KeepsAnalytics(Protocol):
    """Analytics documents, the facts that their figures come from, and names of indicators."""

    async def analytics_document(self, document: str) -> Analytic | None: ...

    async def analytics_page(
        self, condition: Mapping[str, Any], *, place: Sequence[Any] | None, limit: int
    ) -> list[Analytic]: ...

    async def draft_document(
        self,
        procedure: str,
        period: str,
        decide: Callable[[Sequence[Analytic]], Analytic],
        *,
        answer: Callable[[Analytic], Document],
        repeat: Repeat | None,
    ) -> Mapping[str, Any]: ...

    async def change_document(
        self, document: str, decide: Callable[[Analytic | None], Change[Analytic]], *, cause: Cause
    ) -> Analytic: ...

    async def facts_of_procedure(self, procedure: str, period: str, *, until: str) -> list[Fact]: ...

    async def indicators(self) -> dict[str, dict[str, str]]: ...


class KeepsEditions(Protocol):
    """Editions of ratings and what belongs to them."""

    async def course(self, league: League) -> Course: ...

    async def edition(self, edition: str) -> Edition | None: ...

    async def editions_of(
        self,
        condition: Mapping[str, Any],
        *,
        region: str | None = None,
        skip: Sequence[Any] | None = None,
        limit: int = 0,
    ) -> list[Edition]: ...

    async def last_editions(self) -> dict[League, Edition]: ...

    async def content(self, edition: str, stage: str) -> Content | None: ...

    async def objections(self, edition: str, scope: Mapping[str, str]) -> list[Objection]: ...

    async def file(self, edition: str, name: str) -> File | None: ...

    async def files(self, edition: str) -> list[Document]: ...

    async def signing_keys(self) -> list[Document]: ...

    async def keep_signing_key(self, key: Mapping[str, Any], at: datetime) -> None: ...

    async def decide_edition(
        self,
        *,
        league: League | None = None,
        edition: str | None = None,
        objection: str | None = None,
        decide: Callable[[Seen], Decided],
        cause: Cause,
        repeat: Repeat | None,
        answer: Callable[[Decided], Mapping[str, Any]],
    ) -> Mapping[str, Any]: ...


class Signs(Protocol):
    """Signs manifests."""

    def sign(self, payload: bytes) -> str: ...

    def public(self) -> Mapping[str, Any]: ...


class Keeps(
    KeepsCards,
    KeepsRegisters,
    KeepsMoves,
    KeepsTold,
    KeepsCommunity,
    KeepsAnalytics,
    KeepsEditions,
    Protocol,
):
    """Everything scoring keeps; `home` is the region of what says none."""

    home: str
