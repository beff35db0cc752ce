"""What a scoring process knows by heart: cards, editions, names, publications; read at start and kept level."""

from collections.abc import Callable, Iterable

from services.scoring.domain import Card, CardKey, Methodology, blank, in_force, read_methodology, unborn
from services.scoring.domain.mirror import Mirror, Stored
from services.scoring.domain.names import Names
from services.scoring.domain.publication import Edition
from services.scoring.usecases.ports import Keeps
from shared.kernel import Refused


def _nobody(_: str) -> None:
    """Nobody wants to know."""


class State:
    """The read copies of one process.

    `moved` is called with a period whose cards changed, `unsettled` on doubts, `school_news` on results of schools,
    `schools_judged` when no school waits to be judged any more.
    """

    def __init__(self, store: Keeps) -> None:
        self._store = store
        self.mirror = Mirror()
        self.names = Names()
        self.procedures: dict[str, str] = {}
        self.indicators: dict[str, dict[str, str]] = {}
        self.published: set[str] = set()
        self.last_editions: dict[str, Edition] = {}
        self.editions: dict[str, Methodology] = {}
        self.documents: dict[str, dict[str, object]] = {}
        self.number = 0
        self.moved: Callable[[str], None] = _nobody
        self.unsettled: Callable[[str], None] = _nobody
        self.school_news: Callable[[str], None] = _nobody
        self.schools_judged: Callable[[str], None] = _nobody
        self._of: dict[str, Methodology | None] = {}

    async def load(self) -> None:
        """Read everything; can be done again at any time."""
        await self.load_registers()
        await self.load_cards()
        for period in self.mirror.periods():
            self.moved(period)

    async def load_registers(self) -> None:
        """Read editions, publications and names."""
        self.number, rows = await self._store.editions()
        self.documents = {row["_id"]: row["document"] for row in rows}
        self.editions = {key: read_methodology(document) for key, document in self.documents.items()}
        self._of.clear()
        self.published = await self._store.published()
        self.last_editions = await self._store.last_editions()
        self.procedures = await self._store.procedures()
        self.indicators = await self._store.indicators()
        for municipality in await self._store.municipalities():
            self.names.put(municipality)

    async def load_cards(self) -> None:
        """Read every card; only what is newer counts. Scales are read first: they must not be ahead of the cards."""
        self.mirror.resolve()
        scales = await self._store.scales()
        async for stored in self._store.every_card():
            self.seen(stored)
        self.mirror.weigh(scales.values())

    async def catch_up(self, keys: Iterable[CardKey]) -> None:
        """Read these cards again, and the rules; of periods with relative rules every card."""
        keys = list(keys)
        await self.load_registers()
        await self._read(keys, self.relative({key[1] for key in keys}))

    async def _read(self, keys: list[CardKey], periods: frozenset[str] = frozenset()) -> None:
        self.mirror.resolve(keys)
        try:
            scales = await self._store.scales(periods)
            for stored in await self._store.cards(keys, periods):
                self.seen(stored)
            self.mirror.weigh(scales.values())
        except BaseException:
            self.doubt(keys)
            raise

    def relative(self, periods: Iterable[str]) -> frozenset[str]:
        """Those of the periods whose edition compares municipalities with one another."""
        found = []
        for period in periods:
            methodology = self.methodology_of(period)
            if methodology is not None and methodology.relative:
                found.append(period)
        return frozenset(found)

    def seen(self, stored: Stored) -> None:
        """Take over a card as it is stored."""
        if self.mirror.take(stored):
            self.moved(stored.card.period)

    async def follow_cards(self) -> None:
        """Note what other processes write, until cancelled; `settle` reads it."""
        async for key in self._store.changed_cards():
            if key is None:
                await self.load_cards()
            else:
                self.doubt([key])

    def doubt(self, keys: Iterable[CardKey]) -> None:
        """These cards are not known for sure any more: they are read again soon, and before they are written."""
        self.mirror.doubt(keys)
        self.unsettled("cards")

    async def settle(self, _: str = "") -> None:
        """Read again the cards that are in doubt."""
        if keys := self.mirror.resolve():
            await self._read(keys)

    def methodology_of(self, period: str) -> Methodology | None:
        """The edition in force for a period; Refused (`unknown-period`) when the text is no period."""
        try:
            return self._of[period]
        except KeyError:
            found = self._of[period] = in_force(self.editions.values(), period)
            return found

    def card(self, municipality: str, period: str) -> Card | None:
        """A card as it is read: a blank one of whoever has none, None where no edition is in force."""
        stored = self.mirror.get(municipality, period)
        if stored is not None:
            return self.alive(stored.card)
        methodology = self.edition_for(period)
        return None if methodology is None else self.alive(blank(methodology, municipality, period))

    def alive(self, card: Card) -> Card:
        """The card itself; that of one who did not exist in its period says so."""
        return card if self.names.existed(*card.key) else unborn(card)

    def edition_for(self, period: str) -> Methodology | None:
        """The same for readers: a text that is no period has no edition."""
        try:
            return self.methodology_of(period)
        except Refused:
            return None
