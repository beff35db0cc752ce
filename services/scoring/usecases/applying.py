"""Applicability acts: stated, listed, withdrawn; each change scored at once and told once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.domain import instant_text
from services.scoring.domain.applicability import Act, Applicability, check
from services.scoring.domain.period import period_year
from services.scoring.usecases.overtaken import again
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.settling import Settling
from services.scoring.usecases.state import State
from shared.calendar import day_of
from shared.kernel import NotFound, Repeat, check_expected
from shared.ports import Clock


@dataclass(frozen=True, slots=True)
class Statement:
    """What an act is to say; municipalities by id or by an OKTMO code that was valid in the period."""

    procedure: str
    period: str
    municipalities: tuple[str, ...]
    reason: str
    number: str
    on: date


class Applying:
    """Acts by which procedures do not apply."""

    def __init__(self, store: Keeps, state: State, settling: Settling, *, clock: Clock) -> None:
        self._store = store
        self._state = state
        self._settling = settling
        self._clock = clock

    async def state(self, said: Statement, *, repeat: Repeat | None = None) -> Mapping[str, Any]:
        """Record an act; Refused (`unknown-period`, `invalid-applicability`) where it says what cannot be."""
        period_year(said.period)
        return await again(lambda: self._state_once(said, repeat))

    async def _state_once(self, said: Statement, repeat: Repeat | None) -> Mapping[str, Any]:
        if (kept := await self._store.recall(repeat)) is not None:
            return self._shown(kept)
        await self._state.load_registers()
        now, names = self._clock(), self._state.names
        meant = {text: names.find(text, said.period) for text in said.municipalities}
        act = Applicability(
            id=self._store.new_id(),
            procedure=said.procedure,
            period=said.period,
            municipalities=tuple(dict.fromkeys(one for one in meant.values() if one is not None)),
            reason=said.reason,
            act=Act(said.number, said.on),
            recorded_at=now,
        )
        strangers = {place: text for place, text in enumerate(said.municipalities) if meant[text] is None}
        check(act, self._state.methodology_of(said.period), strangers, today=day_of(now))
        return await self._put(act, repeat)

    async def withdraw(self, named: str, *, expected: int, reason: str) -> Mapping[str, Any]:
        """Withdraw an act for a reason; results, or the edition, say again whether the procedure applies."""
        return await again(lambda: self._withdraw_once(named, expected, reason))

    async def _withdraw_once(self, named: str, expected: int, reason: str) -> Mapping[str, Any]:
        await self._state.load_registers()
        held = self._find(named)
        check_expected(expected, held.revision, read=f"/v1/applicability/{held.id}")
        return await self._put(held.withdraw(reason, now=self._clock()), None)

    async def _put(self, act: Applicability, repeat: Repeat | None) -> Mapping[str, Any]:
        before = self._settling.known()
        await self._store.put_act(act, number=self._state.number, repeat=repeat, answer=view(act))
        await self._settling.settle(before)
        return self._shown(view(act))

    def listed(self, period: str | None, procedure: str | None) -> list[dict[str, Any]]:
        """The acts, the latest first, of a period and procedure where these are named."""
        acts = sorted(self._state.rules.acts, key=lambda one: (one.recorded_at, one.id), reverse=True)
        wanted = (one for one in acts if period in {None, one.period} and procedure in {None, one.procedure})
        return [self._shown(view(one)) for one in wanted]

    def one(self, named: str) -> dict[str, Any]:
        """One act; NotFound (`applicability-not-found`)."""
        return self._shown(view(self._find(named)))

    def _shown(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """An act with the names that its municipalities bore in its period."""
        named = [self._state.names.of(one, told["period"]) for one in told["municipalities"]]
        return {**told, "municipalities": named}

    def _find(self, named: str) -> Applicability:
        found = next((one for one in self._state.rules.acts if one.id == named), None)
        if found is None:
            raise NotFound("applicability-not-found", "Такого акта нет", f"«{named[:60]}»: список — /v1/applicability.")
        return found


def view(act: Applicability) -> dict[str, Any]:
    """An act as it is told, its municipalities by their ids."""
    withdrawn = act.withdrawn_at
    return {
        "id": act.id,
        "procedure": act.procedure,
        "period": act.period,
        "municipalities": list(act.municipalities),
        "reason": act.reason,
        "act": {"number": act.act.number, "date": act.act.on.isoformat()},
        "recorded_at": instant_text(act.recorded_at),
        "withdrawn_at": None if withdrawn is None else instant_text(withdrawn),
        "withdrawn_because": act.withdrawn_because,
        "revision": act.revision,
    }
