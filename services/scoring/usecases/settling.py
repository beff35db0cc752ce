"""Settling: the stored results scored by rules that changed, once; what a crash left behind is found at the start."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from services.scoring.domain.mirror import RulesMoved
from services.scoring.domain.rulebook import Rulebook
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.recounts import Recounts
from services.scoring.usecases.state import State
from shared.telemetry import log


class Known(NamedTuple):
    """Rules as a process knew them before they changed, and their number."""

    rules: Rulebook
    number: int


def _nobody(_: str) -> None:
    """Nobody wants to know."""


class Settling:
    """Brings cards level with editions and applicability acts; `missed` is called where that could not be done."""

    def __init__(self, store: Keeps, state: State, recounts: Recounts) -> None:
        self._store = store
        self._state = state
        self._recounts = recounts
        self.missed: Callable[[str], None] = _nobody

    def known(self) -> Known:
        """The rules that this process knows now."""
        return Known(self._state.rules, self._state.number)

    async def settle(self, before: Known | None) -> None:
        """Read the stored rules, and score the facts of everybody of whom they say something else than before.

        Of everybody at all, where that is not known, or where other rules were stored in between that nobody could
        apply: then the cards follow neither these nor those before.
        """
        with self._minded():
            await self._state.load_registers()
            await self._settle(before)

    @contextmanager
    def _minded(self) -> Iterator[None]:
        """Whatever keeps rules from being applied is told, so that it is tried again."""
        try:
            yield
        except BaseException:
            self.missed("rules")
            raise

    def _known_by_cards(self, before: Known | None) -> Rulebook | None:
        """The rules before, where the cards follow them, or these already (then only this process may lag behind)."""
        settled = self._state.settled
        follow = before is not None and (settled == before.number or settled >= self._state.number)
        return before.rules if before is not None and follow else None

    async def _settle(self, known: Known | None) -> None:
        mirror, rules, number = self._state.mirror, self._state.rules, self._state.number
        before = self._known_by_cards(known)
        keys = []
        for key in await self._store.scored_keys():
            wanted = rules.edition_for(key[1])
            held = mirror.get(*key)
            scored_by = held.card.methodology if held else None
            if wanted is not None and (before is None or scored_by != wanted.id or not rules.same_for(before, key)):
                keys.append(key)
        if keys:
            try:
                changed = await self._recounts.mend_all(keys)
            except RulesMoved:
                # Others may have applied them already: by these here, what they told would be taken back and told anew.
                await self._state.load_registers()
                await self._settle(None)
                return
            log.info("scoring.rules-applied", cards=len(keys), changed=changed)
        await self._store.settled(number)
        self._state.settled = max(self._state.settled, number)

    async def resume(self) -> None:
        """Go on where a process stopped between storing rules and applying them."""
        if self._state.settled < self._state.number:
            await self.settle(None)

    async def again(self, _: str = "") -> None:
        """Apply what this process could not apply, to everybody: others cannot know what it did meanwhile."""
        await self.settle(None)

    async def follow(self) -> None:
        """Keep registers level with what other processes write, until cancelled."""
        async for _ in self._store.changed_registers():
            before = self.known()
            with self._minded():
                await self._state.load_registers()
                if self._state.number != before.number:
                    await self._settle(before)
