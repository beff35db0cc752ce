"""Editions of the methodology: put, read, checked; periods published."""

from collections.abc import Mapping
from typing import Any

from services.scoring.domain import Contradiction, Methodology, contradictions, read_methodology
from services.scoring.domain.catalogue import check_municipalities, uncatalogued
from services.scoring.domain.league import League
from services.scoring.domain.opening import Publication, publish
from services.scoring.domain.period import period_year
from services.scoring.usecases.overtaken import again
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.settling import Settling
from services.scoring.usecases.state import State
from shared.kernel import Conflict, FieldError, NotFound, Refused
from shared.ports import Clock


class Methodologies:
    """Methodologies and what is public of their ratings."""

    def __init__(self, store: Keeps, state: State, settling: Settling, *, clock: Clock) -> None:
        self._store = store
        self._state = state
        self._settling = settling
        self._clock = clock

    async def put(self, methodology: str, document: Mapping[str, Any]) -> str:
        """Load an edition: `created`, or `unchanged` where the very same one is there.

        Stored facts of the periods that it is in force for are scored at once. Refused when the document is
        wrong (`invalid-methodology`), also when it names municipalities that nobody knows, or when it is named
        otherwise than its address; Conflict (`methodology-in-use`) when another edition is there under this name:
        it is never edited, so that any past rating can be told by the rules that were known then.
        """
        edition = read_methodology(document)
        if edition.id != methodology:
            raise _misnamed(edition.id, methodology)
        return await again(lambda: self._put(edition, document))

    async def _put(self, edition: Methodology, document: Mapping[str, Any]) -> str:
        await self._state.load_registers()
        if edition.id in self._state.documents:
            _check_same(self._state.methodologies[edition.id], edition)
            await self._settling.settle(self._settling.known())
            return "unchanged"
        check_municipalities(document, self._state.names)
        before = self._settling.known()
        await self._store.put_edition(edition.id, document, at=self._clock(), number=self._state.number)
        await self._settling.settle(before)
        return "created"

    def listed(self) -> list[Methodology]:
        """Every edition, the newest years first."""
        return sorted(self._state.methodologies.values(), key=lambda one: (-one.first, one.id))

    def get(self, methodology: str) -> tuple[Methodology, Mapping[str, Any]]:
        """An edition and its document; NotFound names those there are."""
        found = self._state.methodologies.get(methodology)
        if found is None:
            known = ", ".join(sorted(self._state.methodologies)) or "пока ни одной"
            detail = f"«{methodology[:100]}»: есть {known}."
            raise NotFound("methodology-not-found", "Такой редакции методики нет", detail)
        return found, self._state.documents[methodology]

    async def check(self, methodology: str) -> tuple[Contradiction, ...]:
        """What does not agree inside an edition, or with the catalogue of procedures."""
        edition, catalogue, limits = self.get(methodology)[0], self._state.indicators, await self._store.limits()
        return *contradictions(edition), *uncatalogued(edition, catalogue, limits)

    async def publication(self, league: League) -> Publication:
        """Whether a league's live rating is open to everybody; NotFound where the ministry has not said."""
        period_year(league.period)
        found = await self._store.publication(league)
        if found is None:
            detail = f"За {league.period} никто не решал, открыт ли текущий рейтинг: он закрыт."
            raise NotFound("publication-not-found", "О публикации не решали", detail)
        return found

    async def publish(self, league: League, *, public: bool, act: str, expected: int | None = None) -> Publication:
        """Open or close a league's live rating to everybody; Refused when the text is no period.

        What was said before is changed only over the `expected` revision.
        """
        period_year(league.period)
        wanted = Publication(public, act)
        said = await self._store.publish(
            league, lambda stored: publish(league, stored, wanted, expected=expected), at=self._clock()
        )
        await self._state.load_registers()
        return said


def _check_same(stored: Methodology, edition: Methodology) -> None:
    """The same rules may be written otherwise: as YAML or JSON, 0.5 or 0.50."""
    if stored != edition:
        raise Conflict(
            "methodology-in-use",
            "Редакция методики уже загружена",
            f"Под именем «{stored.id}» загружена другая редакция: её нельзя править. "
            "Загрузите новую редакцию с другим id и её годами действия.",
        )


def _misnamed(named: str, address: str) -> Refused:
    error = FieldError("/id", "other-id", f"в документе «{named}», в адресе «{address[:100]}»", "Сделайте их равными")
    detail = f"Поле id документа — «{named}», а адрес называет «{address[:100]}»."
    return Refused("methodology-misnamed", "Редакция названа по-разному", detail, errors=[error])
