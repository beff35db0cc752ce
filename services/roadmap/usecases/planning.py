"""Road maps: put as approved, listed, asked about where they give no deadline."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from services.roadmap import domain
from services.roadmap.domain import Activity, Execution, Put, RoadMap, Task, Window
from services.roadmap.usecases.naming import Naming, account
from services.roadmap.usecases.ports import Answer, Plans, State
from services.roadmap.usecases.showing import Shown, show_line, show_question, show_roadmap
from shared.calendar import day_of
from shared.kernel import Conflict, FieldError, NotFound, Refused, Repeat, check_expected
from shared.policy import Actor
from shared.ports import Clock
from shared.telemetry import current_cause


class Planning:
    """What is planned, and the answers to what is not said."""

    def __init__(self, plans: Plans, naming: Naming, *, clock: Clock) -> None:
        self._plans = plans
        self._naming = naming
        self._clock = clock

    def today(self) -> date:
        """The day it is in the region."""
        return day_of(self._clock())

    async def put(
        self, wanted: RoadMap, tasks: Sequence[Task], *, expected: int | None = None, retitled: bool = False
    ) -> tuple[Shown, bool]:
        """Keep a road map as approved; the same again changes nothing. Whether it is new comes with it.

        Stale where the writer names another revision than the one that is kept (0: there is none),
        PreconditionRequired where one is kept and changes, and none is named. Refused where numbers would go to other
        activities, unless the writer says that these are only `retitled`.
        """

        def decide(
            stored: RoadMap | None, known: Mapping[str, Activity], reported: Collection[str], now: datetime
        ) -> Put:
            outcome = domain.put(wanted, tasks, stored=stored, activities=known, now=now)
            held, address = stored.revision if stored else None, f"/v1/roadmaps/{wanted.id}"
            check_expected(expected, held, read=address, changes=outcome.map.revision != held)
            if not retitled:
                domain.check_numbers(wanted.id, tasks, activities=known, reported=reported)
            return outcome

        outcome = await self._plans.put(wanted.id, decide, cause=current_cause())
        return await self._shown(outcome.map, self.today()), outcome.new

    async def owner(self, municipality: str | None, *, region: str, start: date) -> str | None:
        """The id of the municipality that a road map belongs to, by an id or by a code of its first day.

        Refused where the municipality is not of the map's region: nobody would ever see its activities.
        """
        if municipality is None:
            return None
        found = await self._naming.municipality(municipality, start)
        if found.region != region:
            message = f"{found.on(start).name} относится к региону {found.region}, а в дорожной карте указан {region}."
            remedy = f"Укажите регион {found.region} или муниципалитет региона {region}."
            wrong = FieldError("/region", "foreign-region", message, remedy)
            raise Refused("invalid-request", "Запрос не принят", message, errors=[wrong])
        return found.id

    async def tell_untold(self) -> None:
        """Tell the activities that were kept before any were told, or by a process that does not tell them."""
        while await self._plans.tell_untold(current_cause()):
            continue

    async def roadmaps(self, *, on: date | None) -> list[Shown]:
        """Every road map with how its activities stand on a day."""
        return [await self._shown(one, on or self.today()) for one in await self._plans.roadmaps()]

    async def roadmap(self, roadmap: str, *, on: date | None) -> Shown:
        """One road map."""
        found = await self._plans.roadmap(roadmap)
        if found is None:
            raise unknown_roadmap(roadmap)
        return await self._shown(found, on or self.today())

    async def questions(self, *, state: str | None) -> list[Shown]:
        """What people are asked: activities without a deadline, answered ones too."""
        found = await self._plans.activities({"task.deadline.kinds": domain.MISSING, "cancelled": False})
        names = await self._naming.names(self.today(), *(one.municipality for one in found))
        shown = [show_question(one, names) for one in found]
        return [one for one in shown if state in {None, one["state"]}]

    async def answer(
        self, activity: str, windows: Sequence[Window], reason: str, *,
        expected: int, actor: Actor, repeat: Repeat | None,
    ) -> Answer:  # fmt: skip
        """Set the windows of an activity whose road map gives none; Conflict where it gives some."""
        stored = await self._plans.activity(activity)
        if stored is None:
            raise unknown_activity(activity)
        names = await self._naming.names(self.today(), stored.municipality)

        def decide(state: State | None, now: datetime) -> State:
            held, execution = checked(state, activity, expected)
            if not held.asked_about:
                detail = "Срок этого мероприятия указан в дорожной карте; он меняется вместе с нею."
                raise Conflict("deadline-is-given", "Срок уже указан", detail)
            answer = domain.Answer(tuple(windows), reason, account(actor), now)
            return domain.answered(held, answer), execution

        def shown(state: State, made: bool) -> Answer:  # noqa: FBT001 - the store calls it so
            line = domain.line(*state, self.today())
            return {"item": show_line(line, names, reader=actor), "made": made}

        return await self._plans.change(
            activity, stored.municipality, decide, repeat=repeat, answer=shown, cause=current_cause()
        )

    async def _shown(self, one: RoadMap, on: date) -> Shown:
        found = await self._plans.lines({"roadmap": one.id}, None, on=on)
        names = await self._naming.names(on, one.municipality)
        return show_roadmap(one, names, Counter(line.state for line in found))


def checked(state: State | None, activity: str, expected: int) -> tuple[Activity, Execution]:
    """The state to change, where it is still the one that the writer has read; NotFound, Stale."""
    if state is None:
        raise unknown_activity(activity)
    held, side = state[0].revision + state[1].revision, state[1].side
    # Staff who follow an address without the side read the region's own one, and its revision.
    check_expected(expected, held, read=f"/v1/activities/{activity}" + (f"?municipality={side}" if side else ""))
    return state


def unknown_roadmap(roadmap: str) -> NotFound:
    """The refusal of a road map that is not there."""
    detail = f"Дорожной карты «{roadmap[:100]}» нет. Возьмите id из /v1/roadmaps."
    return NotFound("roadmap-not-found", "Дорожная карта не найдена", detail)


def unknown_activity(activity: str) -> NotFound:
    """The refusal of an activity that is not there."""
    detail = f"Мероприятия «{activity[:100]}» нет. Возьмите id из /v1/activities."
    return NotFound("activity-not-found", "Мероприятие не найдено", detail)
