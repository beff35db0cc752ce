"""What a scoring process knows by heart: cards, editions, names, publications; read at start and kept level."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from services.scoring.domain import Card, CardKey, Methodology, blank, stored_methodology, unborn
from services.scoring.domain.league import League, league_of
from services.scoring.domain.mirror import Mirror, Stored
from services.scoring.domain.names import Names, day_of
from services.scoring.domain.permission import Permitted
from services.scoring.domain.publication import Edition
from services.scoring.domain.rulebook import Loaded, Rulebook
from services.scoring.usecases.ports import Keeps


def _nobody(_: object) -> None:
    """Nobody wants to know."""


class State:
    """The read copies of one process; `home` is the region that is meant where nobody says another.

    `moved` is called with a league whose cards changed, `unsettled` on doubts, `school_news` on results of schools,
    `schools_judged` when no school waits to be judged any more.
    """

    def __init__(self, store: Keeps) -> None:
        self._store, self.home = store, store.home
        self.mirror, self.names, self.rules = Mirror(), Names(), Rulebook()
        self.procedures: dict[str, str] = {}
        self.indicators: dict[str, dict[str, str]] = {}
        self.published: set[League] = set()
        self.last_editions: dict[League, Edition] = {}
        self.permitted: dict[str, tuple[Permitted, ...]] = {}
        self.permitted_version = 0
        self.documents: dict[str, dict[str, object]] = {}
        self.number = self.settled = 0
        self.moved: Callable[[League], None] = _nobody
        self.unsettled: Callable[[str], None] = _nobody
        self.school_news: Callable[[str], None] = _nobody
        self.schools_judged: Callable[[str], None] = _nobody
        self._editions: dict[tuple[str, datetime], Loaded] = {}

    async def load(self, *, hold: bool = False) -> None:
        """Read everything; can be done again at any time. `hold`: the home region is kept from the first start on."""
        await self.load_registers()
        if hold:
            await self._store.hold_home(self.names.regions())
        await self.load_cards()
        for league in {one.card.league for one in self.mirror.every()}:
            self.moved(league)

    async def load_registers(self) -> None:
        """Read editions, applicability acts, publications and names."""
        await self._store.turn()
        read = await self._store.rules()
        self.number, self.settled = read.number, read.settled
        self.documents = {row["_id"]: row["document"] for row in read.editions}
        self.rules = Rulebook([self._edition(row) for row in read.editions], read.acts)
        self.published = await self._store.published()
        self.last_editions = await self._store.last_editions()
        self.procedures = await self._store.procedures()
        self._permit(await self._store.permitted())
        self.indicators = await self._store.indicators()
        for municipality in await self._store.municipalities():
            self.names.put(municipality)

    def _permit(self, permitted: dict[str, tuple[Permitted, ...]]) -> None:
        """Take over what is permitted; whatever was rendered before a change of it shows by the version."""
        if permitted != self.permitted:
            self.permitted, self.permitted_version = permitted, self.permitted_version + 1

    def _edition(self, row: Mapping[str, Any]) -> Loaded:
        """An edition as it is stored; read once, for it never changes and remembers what it has scored."""
        key = (row["_id"], row["at"])
        found = self._editions.get(key)
        if found is None:
            found = self._editions[key] = Loaded(stored_methodology(row["document"]), row["at"])
        return found

    async def load_cards(self) -> None:
        """Read every card; only what is newer counts. Scales are read first: they must not be ahead of the cards."""
        self.mirror.resolve()
        scales = await self._store.scales()
        async for stored in self._store.every_card():
            self.seen(stored)
        self.mirror.weigh(scales.values())

    async def catch_up(self, keys: Iterable[CardKey]) -> None:
        """Read these cards again, and the rules; of leagues with relative rules every card."""
        keys = list(keys)
        await self.load_registers()
        await self._read(keys, self.relative(keys))

    async def _read(self, keys: list[CardKey], leagues: frozenset[League] = frozenset()) -> None:
        self.mirror.resolve(keys)
        try:
            scales = await self._store.scales(leagues)
            for stored in await self._store.cards(keys, leagues):
                self.seen(stored)
            self.mirror.weigh(scales.values())
        except BaseException:
            self.doubt(keys)
            raise

    def relative(self, keys: Iterable[CardKey]) -> frozenset[League]:
        """Those of the leagues of these cards whose edition compares municipalities with one another."""
        leagues = {league_of(*key) for key in keys}
        editions = {period: self.methodology_of(period) for period in {one.period for one in leagues}}
        return frozenset(one for one in leagues if (found := editions[one.period]) is not None and found.relative)

    def seen(self, stored: Stored) -> None:
        """Take over a card as it is stored."""
        if self.mirror.take(stored):
            self.moved(stored.card.league)

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

    def doubt_outcome(self, keys: Iterable[CardKey]) -> None:
        """Whether these were written is unknown: of leagues with relative rules every card may have been."""
        keys = list(keys)
        cohorts = [self.mirror.cohort(league) for league in self.relative(keys)]
        self.doubt({*keys, *(key for cohort in cohorts for key in cohort)})

    async def settle(self, _: str = "") -> None:
        """Read again the cards that are in doubt."""
        if keys := self.mirror.resolve():
            await self._read(keys)

    @property
    def methodologies(self) -> Mapping[str, Methodology]:
        """The editions of the methodology by id."""
        return self.rules.methodologies

    def methodology_of(self, period: str) -> Methodology | None:
        """The edition in force for a period with its acts; Refused (`unknown-period`) when the text is no period."""
        return self.rules.methodology_of(period)

    def card(self, municipality: str, period: str) -> Card | None:
        """A card as it is read: a blank one of whoever has none, None where no edition is in force."""
        stored = self.mirror.get(municipality, period)
        if stored is not None:
            return self.alive(stored.card)
        methodology = self.edition_for(period)
        return None if methodology is None else self.alive(blank(methodology, municipality, period))

    def alive(self, card: Card, at: datetime | None = None) -> Card:
        """The card itself; that of one who did not exist in its period, as far as it had come `at` then, says so."""
        return card if self.names.existed(*card.key, by=day_of(at)) else unborn(card)

    def periods(self, region: str) -> list[str]:
        """A region's periods with a result in force or a published edition, in order."""
        published = (one.period for one in self.last_editions if one.region == region)
        return sorted({*self.mirror.periods(region), *published})

    def edition_for(self, period: str) -> Methodology | None:
        """The same for readers: a text that is no period has no edition."""
        return self.rules.edition_for(period)
