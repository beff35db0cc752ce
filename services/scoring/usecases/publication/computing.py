"""Computing the content of an edition from the stored facts: as of an instant, or from those that it named."""

from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

from services.scoring.domain import Methodology, everybody, instant_text
from services.scoring.domain.league import League
from services.scoring.domain.names import day_of
from services.scoring.domain.permission import flags
from services.scoring.domain.publication import (
    Edition,
    Head,
    Inputs,
    Made,
    Said,
    Scored,
    canonical,
    digest,
    head_of,
)
from services.scoring.domain.publication.writing import Content
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.measures import making
from services.scoring.usecases.regions import no_period
from services.scoring.usecases.state import State
from services.scoring.works import contents
from services.scoring.works.contents import Again, Order
from shared.aside import aside_stream, told_first

# Some two thousand facts, more than a region has for a year; a country's forty thousand go to another process.
SMALL = 1024 * 1024


class Computing:
    """Has contents made, great ones in another process, from what is read in the store, not from memory."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state

    async def content(self, edition: str, league: League, *, stage: str, as_of: datetime) -> tuple[Content, Made]:
        """The content of an edition as of an instant; NotFound where nothing was scored in the league by then."""
        await self._state.load_registers()
        methodology = self._methodology(league, as_of)
        head = self._head(edition, league, methodology, as_of=as_of)
        order = self._order(head, methodology, self._inputs(league, methodology, as_of))
        made = contents.FRESH.validate_json(await self._asked(contents.compute, order))
        if not made:
            raise no_period(self._state, league)
        [fresh] = made
        return Content(edition, stage, fresh.body, fresh.inputs), Made(as_of, methodology.id, fresh.body.sha256)

    async def again(self, content: Content, edition: Edition) -> Again:
        """The same content anew, from the facts and acts that it named and the methodology as it is stored now."""
        await self._state.load_registers()
        methodology = self._named(edition)
        head = self._head(edition.id, edition.league, methodology, as_of=edition.as_of)
        order = self._order(head, methodology, content.inputs, content)
        return contents.AGAIN.validate_json(await self._asked(contents.compute_again, order))

    async def scored(self, content: Content, edition: Edition) -> Scored:
        """The cards of an edition, from the facts and the applicability acts that it named."""
        methodology = content.inputs.bound(self._named(edition))
        facts = list((await self._store.facts_named(content.inputs.facts)).values())
        form = head_of(content.body)["format"]
        cards, listed = contents.cards_of(facts, methodology, form=form), content.inputs.names
        cards = everybody(cards, listed, methodology=methodology, period=edition.period)
        return Scored(cards, methodology, content.inputs, contents.data_at(facts))

    async def _asked(self, compute: Callable[[BinaryIO], bytes], order: Order) -> bytes:
        head = order.head
        facts = self._store.facts_as_stored(head.league, until=instant_text(head.as_of), named=order.inputs.facts)
        with making("content"):
            return await aside_stream(compute, told_first(contents.ORDER.dump_json([order]), facts), small=SMALL)

    def _methodology(self, league: League, as_of: datetime) -> Methodology:
        found = self._state.rules.as_of(as_of).edition_for(league.period)
        if found is None:
            raise no_period(self._state, league)
        return found

    def _named(self, edition: Edition) -> Methodology:
        return self._state.rules.as_of(edition.as_of).named(edition.methodology, edition.period)

    def _order(self, head: Head, methodology: Methodology, inputs: Inputs, stored: Content | None = None) -> Order:
        document = self._state.documents[methodology.id]
        return Order(head, document, _stated(methodology), inputs, stored.body if stored else None)

    def _head(self, edition: str, league: League, methodology: Methodology, *, as_of: datetime) -> Head:
        document, period = self._state.documents[methodology.id], league.period
        rules = methodology.id, methodology.title, digest(canonical(document))
        return Head(edition, period, as_of, *rules, region=league.region)

    def _inputs(self, league: League, methodology: Methodology, as_of: datetime) -> Inputs:
        """What is known before the facts are: how everybody was called then, who was not there, which flags."""
        names, day, period = self._state.names, day_of(as_of), league.period
        called = {one: names.of(one, period, by=day) for one in sorted(names.ids(league.region))}
        absent = [one for one in called if not names.existed(one, period, by=day)]
        unborn = {one: names.lived(one, period, by=day) for one in absent}
        flagged = tuple(flags(methodology.procedures, self._state.permitted, as_of))
        return Inputs((), called, unborn, flagged, _stated(methodology))


def _stated(methodology: Methodology) -> tuple[Said, ...]:
    return tuple((procedure, whose, said) for (procedure, whose), said in methodology.stated.items())
