"""Threshold sets: put, listed, read; one by which schools were judged is never edited."""

from collections.abc import Mapping
from typing import Any

from services.scoring.domain.schools import Thresholds, read_thresholds, thresholds_for
from services.scoring.usecases.schools.ports import KeepsStandings
from shared.kernel import Cause, Conflict, FieldError, NotFound, Refused
from shared.ports import Clock

Document = dict[str, Any]


class ThresholdSets:
    """The sets, stored like editions of the methodology."""

    def __init__(self, store: KeepsStandings, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def put(self, key: str, document: Mapping[str, Any], *, cause: Cause) -> str:
        """`created`, `replaced` (nobody was judged by it yet) or `unchanged`; all schools are judged anew.

        Refused where the document is wrong or named otherwise than its address; Conflict (`thresholds-in-use`).
        """
        read = read_thresholds(document)
        if read.id != key:
            raise _misnamed(read.id, key)
        stored = {row["_id"]: row["document"] for row in await self._store.threshold_sets()}
        if key in stored and read_thresholds(stored[key]) == read:
            return "unchanged"
        if not await self._store.put_thresholds(key, document, at=self._clock(), cause=cause):
            detail = f"По набору «{key}» уже составлены списки: его нельзя править. Загрузите новый, с другим id."
            raise Conflict("thresholds-in-use", "Набор порогов уже применяется", detail)
        return "replaced" if key in stored else "created"

    async def listed(self) -> list[Thresholds]:
        """Every set, the newest years first."""
        found = [read_thresholds(row["document"]) for row in await self._store.threshold_sets()]
        return sorted(found, key=lambda one: (-one.first, one.id))

    async def document(self, key: str) -> Document:
        """A set's document as it was put; NotFound names those there are."""
        stored = {row["_id"]: row["document"] for row in await self._store.threshold_sets()}
        if key not in stored:
            known = ", ".join(sorted(stored)) or "пока ни одного"
            raise NotFound("thresholds-not-found", "Такого набора порогов нет", f"«{key[:100]}»: есть {known}.")
        found: Document = stored[key]
        return found

    async def in_force(self, year: int) -> Thresholds | None:
        """The set for a year."""
        return thresholds_for(await self.listed(), year)


def _misnamed(named: str, address: str) -> Refused:
    error = FieldError("/id", "other-id", f"в документе «{named}», в адресе «{address[:100]}»", "Сделайте их равными")
    detail = f"Поле id документа — «{named}», а адрес называет «{address[:100]}»."
    return Refused("thresholds-misnamed", "Набор порогов назван по-разному", detail, errors=[error])
