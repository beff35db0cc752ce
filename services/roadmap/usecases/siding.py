"""On which side of an activity somebody reads or speaks, and what of it is that side's business."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from services.roadmap import domain
from services.roadmap.domain import Activity, Execution, Line, Municipality, RoadMap, Window
from services.roadmap.usecases.naming import Naming
from services.roadmap.usecases.planning import unknown_activity
from services.roadmap.usecases.ports import Plans
from shared.kernel import NotFound
from shared.policy import Actor


@dataclass(frozen=True, slots=True)
class Side:
    """A side of an activity of a road map; `whose` is None where it stands for the region, or for the map's owner."""

    id: str | None
    roadmap: RoadMap | None
    whose: Municipality | None = None

    def free(self, activity: Activity, on: date) -> Collection[Window]:
        """The windows that are not its business on a day."""
        return domain.spared(activity, self.whose, on, self.roadmap)

    def line(self, activity: Activity, execution: Execution, on: date) -> Line:
        """How it stands with the activity on a day; `concerns` says whether that is its business at all.

        Where it is not, but something was said all the same, all windows are shown: what was said is read with them.
        """
        found = domain.line(activity, execution, on, self.free(activity, on))
        return found if found.concerns else replace(domain.line(activity, execution, on), concerns=False)


class Siding:
    """Who is meant where somebody reads activities, or says something about one."""

    def __init__(self, plans: Plans, naming: Naming) -> None:
        self._plans = plans
        self._naming = naming

    async def reader(
        self, municipality: str | None, roadmap: str | None, actor: Actor, day: date
    ) -> Municipality | None:
        """As whose activities are read: the named municipality's, else the reader's own where the map concerns it."""
        side = await self._naming.side(municipality, actor, day)
        if side is None or municipality is not None or roadmap is None:
            return side
        found = await self._plans.roadmap(roadmap)
        return None if found and not domain.concerns(found, side.id, side.region) else side

    async def of(self, activity: str, municipality: str | None, actor: Actor, day: date) -> Side:
        """On which side of an activity somebody speaks: the named one, else one's own where it is concerned.

        NotFound where the activity does not concern the municipality that is named. By the days on which that is there
        nothing is refused here: evidence may be given all the same.
        """
        found = await self._plans.activity(activity)
        if found is None:
            raise unknown_activity(activity)
        roadmap = await self._plans.roadmap(found.roadmap)
        side = await self._naming.side(municipality, actor, day)
        if side is not None and domain.concerns(found, side.id, side.region):
            return Side(side.id, roadmap, side)
        if side is not None and municipality is not None:
            raise foreign(activity, side, day)
        return Side(found.municipality, roadmap)


def foreign(activity: str, side: Municipality, day: date) -> NotFound:
    """The refusal of an activity that is not a municipality's business."""
    detail = f"Мероприятие «{activity[:100]}» не относится к муниципалитету «{side.on(day).name}»."
    return NotFound("activity-not-found", "Мероприятие не найдено", detail)
