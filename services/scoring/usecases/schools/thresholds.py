"""Threshold sets: put, listed, read; one by which schools were judged is never edited."""

from collections.abc import Mapping
from typing import Any

from services.scoring.domain.schools import Thresholds, read_thresholds, thresholds_for
from services.scoring.usecases.schools.ports import KeepsStandings
from services.scoring.usecases.state import State
from shared.kernel import Cause, Conflict, FieldError, NotFound, Refused, check_expected
from shared.ports import Clock

Document = dict[str, Any]


class ThresholdSets:
    """The sets, stored like editions of the methodology."""

    def __init__(self, store: KeepsStandings, state: State, *, clock: Clock) -> None:
        self._store = store
        self._state = state
        self._clock = clock

    async def put(
        self, key: str, document: Mapping[str, Any], *, cause: Cause, expected: int | None = None
    ) -> tuple[str, int]:
        """`created`, `replaced` (nobody was judged by it yet) or `unchanged`, with the set's revision.

        Then all schools are judged anew. Refused where the document is wrong or named otherwise than its address;
        Conflict (`thresholds-in-use`); what is there is replaced only over the `expected` revision.
        """
        read = read_thresholds(document)
        if read.id != key:
            raise _misnamed(read.id, key)

        def decide(stored: Mapping[str, Any] | None, judged: bool) -> int:  # noqa: FBT001 - the store calls it so
            held = stored["revision"] if stored else None
            same = stored is not None and read_thresholds(stored["document"]) == read
            if judged and not same:
                detail = f"По набору «{key}» уже составлены списки: его нельзя править. Загрузите новый, с другим id."
                raise Conflict("thresholds-in-use", "Набор порогов уже применяется", detail)
            check_expected(expected, held, read=f"/v1/school-thresholds/{key}", changes=not same)
            return held if held and same else (held or 0) + 1

        before, after = await self._store.put_thresholds(key, document, decide=decide, at=self._clock(), cause=cause)
        if after == before:
            return "unchanged", after
        self._state.school_news("")
        return "created" if before is None else "replaced", after

    async def listed(self) -> list[Thresholds]:
        """Every set, the newest years first."""
        found = [read_thresholds(row["document"]) for row in await self._store.threshold_sets()]
        return sorted(found, key=lambda one: (-one.first, one.id))

    async def document(self, key: str) -> tuple[Document, int]:
        """A set's document as it was put, and its revision; NotFound names those there are."""
        stored = {row["_id"]: row for row in await self._store.threshold_sets()}
        if key not in stored:
            known = ", ".join(sorted(stored)) or "пока ни одного"
            raise NotFound("thresholds-not-found", "Такого набора порогов нет", f"«{key[:100]}»: есть {known}.")
        return stored[key]["document"], stored[key]["revision"]

    async def in_force(self, year: int) -> Thresholds | None:
        """The set for a year."""
        return thresholds_for(await self.listed(), year)


def _misnamed(named: str, address: str) -> Refused:
    error = FieldError("/id", "other-id", f"в документе «{named}», в адресе «{address[:100]}»", "Сделайте их равными")
    detail = f"Поле id документа — «{named}», а адрес называет «{address[:100]}»."
    return Refused("thresholds-misnamed", "Набор порогов назван по-разному", detail, errors=[error])
