"""What is next for a municipality when a change of its score is shown or told, from memory: nothing waits for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.notification.domain import (
    NOTHING,
    AdviceFact,
    Advised,
    Facts,
    Following,
    Item,
    Names,
    Plans,
    ScoreFact,
    following,
)
from services.notification.usecases.ports import KeepsComing
from shared.calendar import day_of
from shared.ports import Clock


class Coming:
    """Deadlines of road maps and open recommendations as this process knows them, a moment behind the others."""

    def __init__(self, store: KeepsComing, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._plans = Plans()
        self._advised = Advised()
        # What is heard while everything is read anew.
        self._meanwhile: list[AdviceFact] | None = None

    async def load(self) -> None:
        """Read everything before the first request."""
        await self._load_plans()
        await self._load_advice()

    def hear(self, facts: Facts) -> None:
        """What this process has just stored."""
        self._plans.hear(facts.plans)
        self._advised.hear(facts.advice)
        if self._meanwhile is not None:
            self._meanwhile.extend(facts.advice)

    def after(self, item: Item, names: Names, advice: Iterable[AdviceFact] | None = None) -> Following:
        """What is next after an item; recommendations from memory where none were read for it."""
        fact = item.fact
        if not isinstance(fact, ScoreFact):
            return NOTHING if advice is None else following(fact, advice)
        whose = fact.municipality
        near = self._plans.nearest(whose, names.region(whose), day_of(self._clock()), names.days(whose))
        return following(fact, self._advised.of(whose) if advice is None else advice, near)

    async def follow_plans(self) -> None:
        """Notice what other processes store of plans; runs until cancelled."""
        async for fact in self._store.plan_changes():
            if fact is None:
                await self._load_plans()
            else:
                self._plans.hear([fact])

    async def follow_advice(self) -> None:
        """Notice what other processes store of recommendations; runs until cancelled."""
        async for fact in self._store.advice_changes():
            if fact is None:
                await self._load_advice()
            else:
                self._advised.hear([fact])

    async def _load_plans(self) -> None:
        self._plans.hear(await self._store.plans())

    async def _load_advice(self) -> None:
        # Begun anew: what was closed meanwhile is not among those that are read. Until then what is known is told.
        anew = Advised()
        self._meanwhile = heard = list[AdviceFact]()
        try:
            anew.hear(await self._store.open_advice())
        finally:
            self._meanwhile = None
        anew.hear(heard)
        self._advised = anew


@dataclass(frozen=True, slots=True)
class Joined:
    """What is joined to rows of the feed when they are shown: names, and what is next."""

    names: Names
    coming: Coming
    open_to_reader: bool = True

    def after(self, item: Item) -> Following:
        """What is next after an item, as far as the reader may know it: deadlines are public."""
        found = self.coming.after(item, self.names)
        return found if self.open_to_reader else replace(found, recommendations=())

    def deadlines_only(self) -> "Joined":
        """The same for whoever may not read recommendations."""
        return replace(self, open_to_reader=False)
