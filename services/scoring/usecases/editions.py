"""Editions of the methodology: put, read, checked; periods published."""

from collections.abc import Mapping
from typing import Any

from services.scoring.domain import Contradiction, Methodology, contradictions, in_force, read_methodology
from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.period import period_year
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.recounts import Recounts
from services.scoring.usecases.state import State
from shared.kernel import Conflict, FieldError, NotFound, Refused, Unavailable
from shared.ports import Clock
from shared.telemetry import log

ATTEMPTS = 5


class Editions:
    """Methodologies and what is public of their ratings."""

    def __init__(self, store: Keeps, state: State, recounts: Recounts, *, clock: Clock) -> None:
        self._store = store
        self._state = state
        self._recounts = recounts
        self._clock = clock

    async def put(self, methodology: str, document: Mapping[str, Any]) -> str:
        """Load an edition: `created`, `replaced` (nothing was scored by it yet) or `unchanged`.

        Stored facts of the periods that it is in force for are scored at once. Refused when the document is
        wrong (`invalid-methodology`) or named otherwise than its address; Conflict (`methodology-in-use`) when
        scores follow from the stored edition: an edition is never edited in place.
        """
        edition = read_methodology(document)
        if edition.id != methodology:
            raise _misnamed(edition.id, methodology)
        for _ in range(ATTEMPTS):
            await self._state.load_registers()
            stored = self._state.documents.get(methodology)
            if stored == document:
                await self._settle(dict(self._state.editions))
                return "unchanged"
            if stored is not None:
                self._check_unused(methodology)
            try:
                return await self._load(edition, document, replaces=stored is not None)
            except Overtaken:
                continue
        raise Unavailable("scoring: overtaken again and again")

    async def _load(self, edition: Methodology, document: Mapping[str, Any], *, replaces: bool) -> str:
        before = dict(self._state.editions)
        number = self._state.number
        await self._store.put_edition(edition.id, document, at=self._clock(), number=number)
        await self._state.load_registers()
        await self._settle(before)
        return "replaced" if replaces else "created"

    async def _settle(self, before: Mapping[str, Methodology]) -> None:
        """Score the facts of every period whose edition is another one than the cards say."""
        mirror, state = self._state.mirror, self._state
        keys = []
        for key in await self._store.scored_keys():
            wanted = state.methodology_of(key[1])
            held = mirror.get(*key)
            scored_by = held.card.methodology if held else None
            if wanted is not None and (scored_by != wanted.id or in_force(before.values(), key[1]) != wanted):
                keys.append(key)
        if keys:
            changed = await self._recounts.mend_all(keys)
            log.info("scoring.edition-applied", cards=len(keys), changed=changed)

    def _check_unused(self, methodology: str) -> None:
        used = sorted({one.card.period for one in self._state.mirror.every() if one.card.methodology == methodology})
        if used:
            raise Conflict(
                "methodology-in-use",
                "Редакция методики уже применяется",
                f"По редакции «{methodology}» рассчитаны баллы за {', '.join(used)}: её нельзя править. "
                "Загрузите новую редакцию с другим id и её годами действия.",
            )

    async def follow(self) -> None:
        """Keep registers level with what other processes write, until cancelled."""
        async for _ in self._store.changed_registers():
            before = dict(self._state.editions)
            await self._state.load_registers()
            if before and before != self._state.editions:
                await self._settle(before)

    def listed(self) -> list[Methodology]:
        """Every edition, the newest years first."""
        return sorted(self._state.editions.values(), key=lambda one: (-one.first, one.id))

    def get(self, methodology: str) -> tuple[Methodology, Mapping[str, Any]]:
        """An edition and its document; NotFound names those there are."""
        found = self._state.editions.get(methodology)
        if found is None:
            known = ", ".join(sorted(self._state.editions)) or "пока ни одной"
            detail = f"«{methodology[:100]}»: есть {known}."
            raise NotFound("methodology-not-found", "Такой редакции методики нет", detail)
        return found, self._state.documents[methodology]

    def check(self, methodology: str) -> tuple[Contradiction, ...]:
        """What does not agree inside an edition."""
        return contradictions(self.get(methodology)[0])

    async def publish(self, period: str, *, public: bool, act: str) -> None:
        """Open or close a period's live rating to everybody; Refused when the text is no period."""
        period_year(period)
        await self._store.publish(period, public=public, act=act, at=self._clock())
        await self._state.load_registers()


def _misnamed(named: str, address: str) -> Refused:
    error = FieldError("/id", "other-id", f"в документе «{named}», в адресе «{address[:100]}»", "Сделайте их равными")
    detail = f"Поле id документа — «{named}», а адрес называет «{address[:100]}»."
    return Refused("methodology-misnamed", "Редакция названа по-разному", detail, errors=[error])
