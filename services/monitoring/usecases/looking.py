"""Reading results and refusals, each reader within its scope."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.monitoring.domain import Result, days_of, is_known
from services.monitoring.usecases.directing import Directing
from services.monitoring.usecases.permitting import may_read
from services.monitoring.usecases.ports import Refusals, Results
from services.monitoring.usecases.showing import Shown, show_refusal, show_result
from services.monitoring.usecases.submitting import unknown_result
from shared.calendar import day_of
from shared.kernel import FieldError, NotFound, Refused
from shared.policy import Actor, scope_of
from shared.ports import Clock

Place = list[Any]
# A result is recorded under the time at which its transaction began, and appears with its commit, 20 s later at the
# most (`Database.transact`); the rest is for clocks that differ.
SETTLED = timedelta(minutes=1)


class Looking:
    """The reading use cases; a page comes with the place where the next one begins."""

    def __init__(self, results: Results, refusals: Refusals, directing: Directing, *, clock: Clock) -> None:
        self._results = results
        self._refusals = refusals
        self._directing = directing
        self._clock = clock

    async def result(self, result: str, *, actor: Actor) -> Shown:
        """The present revision of a result."""
        return show_result(await self._readable(result, actor), self._directing.directory, reader=actor)

    async def results(
        self,
        *,
        actor: Actor,
        procedure: str | None,
        municipality: str | None,
        period: str | None,
        after: datetime | None,
        place: Sequence[Any] | None,
        limit: int,
    ) -> tuple[list[Shown], Place | None, str]:
        """Results in the order of their last recording, and up to when all of them are there.

        What was recorded up to then has appeared before the first page was read: nothing earlier comes later. A reader
        who goes on behind it after the last page misses nothing, and meets the last minute again.
        """
        since = _since(place, self._clock())
        wanted = {"procedure": procedure and await self._procedure(procedure), "period": period}
        if municipality is not None:
            wanted["municipality"] = await self._municipality(municipality, period)
        condition = {name: value for name, value in wanted.items() if value is not None}
        scope = scope_of(actor, "result.read").attributes
        if any(condition.get(name, value) != value for name, value in scope.items()):
            return [], None, since
        condition |= scope
        found = await self._results.page(condition, after=after, place=place, limit=limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        shown = [show_result(one, self._directing.directory, reader=actor) for one in found[:limit]]
        return shown, [last.recorded_at.isoformat(), last.id, since] if last else None, since

    async def revisions(
        self, result: str, *, actor: Actor, place: int | None, limit: int
    ) -> tuple[list[Shown], int | None]:
        """Every revision of a result, the oldest first."""
        present = await self._readable(result, actor)
        found = await self._results.past(result, after=place or 0, limit=limit + 1)
        # A correction may slip in between the two reads: what counted then is then among the past ones.
        whole = [one for one in found if one.revision < present.revision] + [present]
        shown = [show_result(one, self._directing.directory, reader=actor) for one in whole[:limit]]
        return shown, whole[limit - 1].revision if len(whole) > limit else None

    async def refused(
        self, *, actor: Actor, source: str | None, code: str | None, place: Sequence[Any] | None, limit: int
    ) -> tuple[list[Shown], Place | None]:
        """What was refused, newest first; a system sees what its sources told, and what it sent itself."""
        own = None
        if not scope_of(actor, "refusal.read").everything:
            client = actor.client_id or ""
            own = self._directing.directory.sources_of(client), client
        found = await self._refusals.page(own=own, source=source, code=code, place=place, limit=limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return [show_refusal(row) for row in found[:limit]], [last["at"].isoformat(), last["_id"]] if last else None

    async def _readable(self, result: str, actor: Actor) -> Result:
        """The present revision; NotFound where there is none for this reader."""
        found = await self._results.one(result, {})
        if found is None or not may_read(actor, found, self._directing.directory):
            raise unknown_result()
        return found

    async def _procedure(self, key: str) -> str:
        """The key of a procedure of the catalogue."""
        try:
            return (await self._directing.procedure(key)).key
        except NotFound as unknown:
            raise _unknown("procedure", f"{unknown.title}.", unknown.detail) from None

    async def _municipality(self, text: str, period: str | None) -> str:
        """The id behind an id, or behind a code as at the end of the period asked about (without one: today)."""
        today = day_of(self._clock())
        known = period is not None and is_known(period, today=today)
        found = await self._directing.municipality(text, days_of(period)[1] if period and known else today)
        if found is not None:
            return found.id
        raise _unknown("municipality", "Такого муниципалитета в реестре нет.", "Укажите id или код ОКТМО.")


def _unknown(thing: str, message: str, remedy: str) -> Refused:
    """The refusal of a filter that refers to what is not there."""
    error = FieldError(f"/{thing}", f"unknown-{thing}", message, remedy)
    return Refused("invalid-request", "Запрос не принят", message, errors=[error])


def _since(place: Sequence[Any] | None, now: datetime) -> str:
    """Up to when all results are there; a place handed out before this was told has only where its page ended."""
    ended, told = (datetime.fromisoformat(place[0]), place[2:]) if place else (now, ())
    return str(told[0]) if told else (min(ended, now) - SETTLED).isoformat().replace("+00:00", "Z")
