"""Computing the content of an edition from the stored facts: as of an instant, or from those that it named."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.scoring.domain import Card, Fact, Methodology, instant_text, last_facts, recount
from services.scoring.domain.names import day_of
from services.scoring.domain.permission import flags
from services.scoring.domain.publication import Head, Inputs, Made, Scored, canonical, digest, make_content
from services.scoring.domain.publication.writing import Content
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.state import State
from shared.kernel import NotFound


class Computing:
    """Makes contents; what is read is read from the store, not from memory."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state

    async def content(self, edition: str, period: str, *, stage: str, as_of: datetime) -> tuple[Content, Made]:
        """The content of an edition as of an instant; NotFound where nothing was scored in the period by then."""
        await self._state.load_registers()
        methodology = self._methodology(period, as_of)
        scored = await self._at(period, methodology, as_of)
        body = make_content(self._head(edition, period, methodology, as_of=as_of), scored)
        return Content(edition, stage, body, scored.inputs), Made(as_of, methodology.id, digest(body))

    async def _at(self, period: str, methodology: Methodology, as_of: datetime) -> Scored:
        """The cards as of an instant; the facts they follow from are not held any longer than that takes."""
        facts = _counting(await self._store.facts_of(period, until=instant_text(as_of)), methodology)
        cards = _cards(facts, methodology)
        if not cards:
            raise self.unknown(period)
        inputs = self._inputs(period, facts, cards, methodology=methodology, as_of=as_of)
        return Scored(cards, methodology, inputs, data_at(facts))

    async def again(self, content: Content, period: str, *, methodology: str, as_of: datetime) -> bytes:
        """The same content anew, from the facts that it named, the methodology as it is stored now and its acts."""
        await self._state.load_registers()
        scored = await self.scored(content, period, methodology=methodology, as_of=as_of)
        return make_content(self._head(content.edition, period, scored.methodology, as_of=as_of), scored)

    async def scored(self, content: Content, period: str, *, methodology: str, as_of: datetime) -> Scored:
        """The cards of an edition, from the facts that it named and the applicability acts of its instant."""
        edition = self._state.rules.as_of(as_of).named(methodology, period)
        facts = list((await self._store.facts_named(content.inputs.facts)).values())
        return Scored(_cards(facts, edition), edition, content.inputs, data_at(facts))

    async def late(self, content: Content, period: str, *, methodology: str, as_of: datetime) -> list[str]:
        """Revisions recorded by the instant of an edition that scoring heard of only afterwards."""
        facts = await self._store.facts_of(period, until=instant_text(as_of))
        counting = _counting(facts, self._state.editions[methodology])
        return sorted({fact.id for fact in counting} - set(content.inputs.facts))

    def unknown(self, period: str) -> NotFound:
        """That there is nothing to publish for a period."""
        known = ", ".join(self._state.mirror.periods()) or "пока ни одного"
        return NotFound("period-not-found", "За этот период баллов нет", f"«{period[:40]}»: есть периоды: {known}.")

    def _methodology(self, period: str, as_of: datetime) -> Methodology:
        found = self._state.rules.as_of(as_of).edition_for(period)
        if found is None:
            raise self.unknown(period)
        return found

    def _head(self, edition: str, period: str, methodology: Methodology, *, as_of: datetime) -> Head:
        document = self._state.documents[methodology.id]
        return Head(edition, period, as_of, methodology.id, methodology.title, digest(canonical(document)))

    def _inputs(
        self, period: str, facts: Sequence[Fact], cards: Sequence[Card], *, methodology: Methodology, as_of: datetime
    ) -> Inputs:
        names, day = self._state.names, day_of(as_of)
        listed = {*(card.municipality for card in cards), *names.ids()}
        called = {one: names.of(one, period, by=day) for one in sorted(listed)}
        absent = [one for one in called if not names.existed(one, period, by=day)]
        unborn = {one: names.lived(one, period, by=day) for one in absent}
        flagged = tuple(flags(methodology.procedures, self._state.permitted, as_of))
        return Inputs(tuple(sorted(fact.id for fact in facts)), called, unborn, flagged)


def data_at(facts: Iterable[Fact]) -> dict[str, str]:
    """When the last of these facts of each municipality was recorded."""
    told: dict[str, str] = {}
    for fact in facts:
        if fact.municipality is not None:
            told[fact.municipality] = max(told.get(fact.municipality, ""), fact.recorded)
    return told


def _counting(facts: Iterable[Fact], methodology: Methodology) -> list[Fact]:
    """The last revision of each result that this methodology scores: of municipalities, not of their schools."""
    return [
        fact
        for fact in last_facts(facts).values()
        if fact.municipality is not None and fact.organization is None and fact.procedure in methodology.procedures
    ]


def _cards(facts: Iterable[Fact], methodology: Methodology) -> list[Card]:
    cards = recount(facts, methodology_of=lambda _: methodology)
    return [card for _, card in sorted(cards.items())]
