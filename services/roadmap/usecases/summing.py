"""The report of execution: how all sides stand with the road maps of a region on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.roadmap.domain import DatedName, Municipality, RoadMap, execution_report
from services.roadmap.usecases.heavy import Heavy
from services.roadmap.usecases.planning import unknown_roadmap
from services.roadmap.usecases.ports import Stores
from services.roadmap.usecases.showing import Shown
from services.roadmap.usecases.totals import show_report
from shared.calendar import day_of
from shared.kernel import FieldError, NotFound, Refused
from shared.policy import Actor
from shared.ports import Clock


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which region (None: the reader's own, else the home one), or of which road map alone; as of which day."""

    region: str | None = None
    roadmap: str | None = None
    on: date | None = None


class Summing:
    """Counts the states of activities; one report at a time, for each looks at all that was ever reported."""

    def __init__(self, stores: Stores, heavy: Heavy, *, clock: Clock, home: str) -> None:
        self._plans = stores.plans
        self._following = stores.following
        self._clock = clock
        self._home = home
        self._heavy = heavy

    async def report(self, wanted: Wanted, *, actor: Actor) -> Shown:
        """The report of one road map, else of all of a region; NotFound names where what there is is listed."""
        async with self._heavy.turn(actor):
            return await self._report(wanted, actor)

    async def _report(self, wanted: Wanted, actor: Actor) -> Shown:
        on = wanted.on or day_of(self._clock())
        roadmaps = {one.id: one for one in await self._plans.roadmaps()}
        if wanted.roadmap is None:
            region = wanted.region or await self._own(actor, on)
            meant = {key: one for key, one in roadmaps.items() if one.region == region}
        else:
            meant = {wanted.roadmap: _meant(wanted.roadmap, wanted.region, roadmaps)}
            region = meant[wanted.roadmap].region
        units = await self._following.of_region(region)
        if wanted.region is not None and not meant and not units:
            raise _unknown_region(region, roadmaps)
        activities = await self._plans.activities({"roadmap": {"$in": sorted(meant)}})
        executions = await self._plans.executions([one.id for one in activities])
        report = execution_report(meant, activities, executions, municipalities=units, on=on)
        return show_report(report, region=region, on=on, roadmaps=meant, names=_names(units, on))

    async def _own(self, actor: Actor, on: date) -> str:
        own = actor.attributes.get("municipality") if actor.role == "municipality" else None
        found = await self._following.municipality(own, on) if own else None
        return found.region if found else self._home


def _meant(roadmap: str, region: str | None, known: Mapping[str, RoadMap]) -> RoadMap:
    found = known.get(roadmap)
    if found is None:
        raise unknown_roadmap(roadmap)
    if region not in {None, found.region}:
        message = f"Дорожная карта «{roadmap}» — региона {found.region}, а спрошен регион {str(region)[:40]}."
        wrong = FieldError("/region", "foreign-region", message, "Уберите region или назовите регион этой карты.")
        raise Refused("invalid-request", "Запрос не принят", message, errors=[wrong])
    return found


def _names(units: list[Municipality], on: date) -> dict[str, DatedName]:
    return {one.id: one.on(on) for one in units}


def _unknown_region(region: str, roadmaps: Mapping[str, RoadMap]) -> NotFound:
    known = ", ".join(sorted({one.region for one in roadmaps.values()})) or "ни одного"
    detail = f"«{region[:40]}»: дорожные карты есть у регионов: {known}. Регион — номер, с которого начинаются id."
    return NotFound("region-not-found", "Такого региона нет", detail)
