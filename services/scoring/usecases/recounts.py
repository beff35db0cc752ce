"""Scores from the stored facts anew: a new edition, verify, rebuild."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.scoring.domain import (
    Card,
    CardKey,
    Difference,
    Fact,
    Occasion,
    Rescored,
    Scale,
    differences,
    last_facts,
    rebuild,
    recount,
    scale_differences,
)
from services.scoring.domain.league import League, league_of
from services.scoring.domain.mirror import Overtaken, RulesMoved, Stored
from services.scoring.domain.news import Taken
from services.scoring.usecases import measures
from services.scoring.usecases.overtaken import again, gave_up
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.state import State
from shared.telemetry import current_cause, log

CHUNK = 100
ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many cards were recounted, and how many of them were not as they should be."""

    cards: int
    changed: int


class Recounts:
    """Recounts while the service goes on taking batches."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state

    async def rebuild(self) -> Rebuilt:
        """Make a new generation of cards from the facts, beside the one in use, and put it in its place at once.

        Cards that are as their facts say are copied bit for bit; the others are told like any change. It is begun again
        where rules were stored meanwhile. Conflict (`rebuild-overtaken`) where another rebuild was begun meanwhile.
        """
        for _ in range(ATTEMPTS):
            try:
                return await self._rebuilt()
            except RulesMoved:
                log.info("scoring.rebuild-again")
        raise gave_up()

    async def _rebuilt(self) -> Rebuilt:
        await self._state.load_registers()
        rules = self._state.number
        fresh = await self._store.claim()
        keys = await self._store.every_key()
        copied: dict[CardKey, int] = {}
        for chunk in self._chunks(keys):
            relative = self._state.relative(chunk)
            copied |= await self._store.copy(fresh, chunk, relative, self._recounted)
            log.info("scoring.copied", cards=len(copied), of=len(keys))
        switched = await self._store.switch(
            fresh, copied, keys=keys, relative_of=self._state.relative, decide=self._recounted, rules=rules
        )
        await self._state.load_cards()
        for told in switched.decided.told:
            measures.SCORES_TOLD.labels("yes" if told.event.quiet else "no").inc()
        log.info("scoring.generation", number=fresh, cards=len(keys), changed=len(switched.stored))
        return Rebuilt(len(keys), len(switched.stored))

    async def mend_all(self, keys: Sequence[CardKey]) -> int:
        """Recount many cards, chunk by chunk, with progress in the log; how many changed."""
        done, changed = 0, 0
        for chunk in self._chunks(keys):
            changed += await self.mend(chunk)
            done += len(chunk)
            log.info("scoring.recounted", cards=done, of=len(keys), changed=changed)
        return changed

    async def mend(self, keys: Collection[CardKey]) -> int:
        """Recount these cards; how many changed. A change of a score is told, as quietly as `Occasion` says.

        RulesMoved where rules were stored that this process has not read.
        """
        catch_up = partial(self._state.catch_up, keys)
        taken = await again(lambda: self._mended(keys), between=catch_up, attempts=ATTEMPTS)
        for stored in (*taken.read, *taken.stored):
            self._state.seen(stored)
        self._state.mirror.weigh([*taken.scales, *(turn.after for turn in taken.decided.scales)])
        for told in taken.decided.told:
            measures.SCORES_TOLD.labels("yes" if told.event.quiet else "no").inc()
        return len(taken.stored)

    async def _mended(self, keys: Collection[CardKey]) -> Taken:
        try:
            relative, rules = self._state.relative(keys), self._state.number
            return await self._store.recount(keys, relative, self._recounted, rules=rules)
        except (Overtaken, RulesMoved):
            raise
        except BaseException:
            self._state.doubt_outcome(keys)
            raise

    def _recounted(
        self, stored: Mapping[CardKey, Card], scales: Mapping[League, Scale], facts: Sequence[Fact], now: datetime
    ) -> Rescored:
        recounted = recount(facts, methodology_of=self._state.methodology_of)
        return rebuild(
            stored,
            recounted,
            methodology_of=self._state.methodology_of,
            standings=self._state.mirror.standings,
            occasion=Occasion(current_cause(), now, {*stored, *recounted} - _loud(facts)),
            scales=scales,
        )

    async def verify(self) -> list[Difference]:
        """Every place where a stored card or scale is not what its facts say, or this process shows another one.

        The service goes on meanwhile: cards and facts are read in one snapshot, and what this process shows
        counts as different only if it still is when looked at again.
        """
        found: list[Difference] = []
        await self._state.load_registers()
        for chunk in self._chunks(await self._store.every_key()):
            relative = self._state.relative(chunk)
            cards, facts, scales = await self._snapshot(chunk, relative)
            rules = self._state.methodology_of
            recounted = recount(facts, methodology_of=rules)
            found += differences([one.card for one in cards], recounted, methodology_of=rules)
            if relative:
                found += scale_differences(recounted, scales, methodology_of=rules)
            found += await self._shown_otherwise(cards)
        measures.DIFFERENCES.set(len(found))
        return found

    async def _snapshot(
        self, chunk: Sequence[CardKey], relative: frozenset[League]
    ) -> tuple[list[Stored], list[Fact], Mapping[League, Scale]]:
        """A chunk at one moment; where a rebuild switched in between, of the cards in use now."""
        snapshot = partial(self._store.snapshot, chunk, relative)
        return await again(snapshot, between=self._state.load_registers, attempts=ATTEMPTS)

    def _chunks(self, keys: Sequence[CardKey]) -> Iterator[Sequence[CardKey]]:
        """Keys by so many; those of a league whose rules compare municipalities stay together."""
        relative = self._state.relative(keys)
        apart = [key for key in keys if league_of(*key) not in relative]
        for start in range(0, len(apart), CHUNK):
            yield apart[start : start + CHUNK]
        for league in sorted(relative):
            yield [key for key in keys if league_of(*key) == league]

    async def _shown_otherwise(self, cards: Sequence[Stored]) -> list[Difference]:
        mirror = self._state.mirror
        sure = mirror.known([one.card.key for one in cards])
        # What another process wrote just now may not have come yet; what stays behind when it is read never will.
        await self._state.catch_up([one.card.key for one in cards if _behind(sure.get(one.card.key), one)])
        found = []
        for stored in cards:
            held = mirror.get(*stored.card.key)
            if held is None or _behind(held, stored):
                revision = None if held is None else held.card.revision
                found.append(Difference(*stored.card.key, "memory", stored.card.revision, revision))
                continue
            if held.version == stored.version and held.card != stored.card:
                found.append(Difference(*stored.card.key, "memory", stored.card.revision, held.card.revision))
            found += self._misplaced(held)
        return found

    def _misplaced(self, held: Stored) -> list[Difference]:
        """Groups in which the standings have another share than the card."""
        municipality, period = held.card.key
        league = held.card.league
        shares = {group: score.share for group, score in held.card.scores.items()}
        return [
            Difference(municipality, period, f"standings/{group}", str(share), str(placed))
            for group, share in shares.items()
            if (placed := self._state.mirror.standings.table(league, group).share(municipality)) != share
        ]


def _loud(facts: Sequence[Fact]) -> set[CardKey]:
    """The cards that have a result, or a withdrawal of one, which was not told quietly."""
    return {(fact.municipality or "", fact.period) for fact in last_facts(facts).values() if not fact.quiet}


def _behind(held: Stored | None, stored: Stored) -> bool:
    return held is None or held.version < stored.version
