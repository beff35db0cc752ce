"""Ratings: live ones from the copy in memory, earlier ones recounted from facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.scoring.domain import Card, Methodology, Rating, everybody, instant_text, rate, recount, score_view
from services.scoring.domain.league import League
from services.scoring.domain.names import alphabetical, day_of
from services.scoring.domain.permission import flags, titled
from services.scoring.domain.publication import Edition, change
from services.scoring.domain.rulebook import Rulebook
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication import Published
from services.scoring.usecases.reach import NOT_SEEN, Reach
from services.scoring.usecases.regions import no_period
from services.scoring.usecases.state import State
from shared.kernel import NotFound


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rating: a league, a group or procedure or `overall`, procedures left out, as of an instant."""

    league: League
    group: str
    exclude: frozenset[str] = frozenset()
    as_of: datetime | None = None

    @property
    def period(self) -> str:
        """The period of the league."""
        return self.league.period


class Ratings:
    """Answers ratings in the shape of the API."""

    def __init__(self, store: Keeps, state: State, published: Published) -> None:
        self._store = store
        self._state = state
        self._published = published
        self._reach = Reach(state)

    def open_live(self, league: League) -> bool:
        """Whether everybody may read the live rating of a league: opened as such, and no edition published yet."""
        return league in self._state.published and self.last(league) is None

    def public(self, league: League) -> bool:
        """Whether everybody may read some rating of a league: the last edition, or the live one."""
        return league in self._state.published or self.last(league) is not None

    def last(self, league: League) -> Edition | None:
        """The edition of a league that was published last."""
        return self._published.last(league)

    async def periods(self, region: str, *, every: bool) -> list[dict[str, Any]]:
        """The periods of a region with ratings, the latest first; only the published ones unless `every`."""
        return [
            {
                "period": one.period,
                "region": region,
                "public": self.public(one),
                "data_at": await self._data_at(one, live=every),
            }
            | (self._reach.of(one) if every or self.open_live(one) else NOT_SEEN)
            for one in [League(region, period) for period in reversed(self._state.periods(region))]
            if every or self.public(one)
        ]

    async def _data_at(self, league: League, *, live: bool) -> str | None:
        """When the last result was recorded behind what this reader sees."""
        last = self.last(league)
        at = self._state.mirror.reported_at(league) if live or last is None else None
        return await self._published.data_at(last.id) if at is None and last is not None else at

    def version(self, league: League, *, live: bool) -> tuple[int | str, ...]:
        """Changes whenever a rating of the league may: what is rendered once holds until then.

        Who may not see live ratings is shown the last edition, which does not change.
        """
        last = self.last(league)
        if last is not None and not live:
            return (last.id,)
        edition = last.id if last else ""
        state = self._state
        return state.mirror.age(league), state.names.version, state.permitted_version, state.number, edition

    async def edition(self, wanted: Wanted, edition: str) -> dict[str, Any]:
        """A table of a published edition; NotFound where the league has no such edition."""
        found = await self._published.public(edition)
        if found.league != wanted.league:
            of_it = f"за {found.period} (region={found.region})"
            detail = (
                f"«{edition[:100]}» — редакция рейтинга {of_it}, а не за {wanted.period[:40]} ({wanted.league.region})."
            )
            raise NotFound("edition-not-found", "Такой редакции рейтинга нет", detail)
        return await self._published.rating(found, wanted.group, wanted.exclude)

    async def live(self, wanted: Wanted) -> dict[str, Any]:
        """The rating as it stands; NotFound says where the periods are, or which groups there are."""
        methodology = self._methodology(wanted)
        held = self._state.mirror.of(wanted.league)
        if not held:
            raise no_period(self._state, wanted.league)
        written = instant_text(self._state.mirror.data_at(wanted.league))
        cards = [one.card for one in held.values()]
        view = self._view(self._rating(cards, wanted, methodology), wanted, methodology, _dated(cards))
        return await self._compared(view | {"as_of": written}, wanted)

    async def as_of(self, wanted: Wanted, instant: datetime) -> dict[str, Any]:
        """The rating as it stood at an instant: by what was recorded by then, under the names of that day."""
        wanted = replace(wanted, as_of=instant)
        rules = self._state.rules.as_of(instant)
        methodology = self._methodology(wanted, rules)
        until = instant_text(instant)
        facts = await self._store.facts_of(wanted.league, until=until)
        cards = recount(facts, methodology_of=rules.methodology_of)
        found = self._rating(cards.values(), wanted, methodology)
        return self._view(found, wanted, methodology, _dated(cards.values())) | {"as_of": until}

    async def _compared(self, view: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
        """The view with each row's change against the last published edition; a rating without procedures has none."""
        last = self.last(wanted.league)
        if last is not None and not wanted.exclude:
            before = await self._published.standing(last.id, wanted.group)
            for row in view["rows"]:
                row["change"] = change(before.get(row["municipality"]["id"]), row["rank"], row["percent"])
        return view

    def _methodology(self, wanted: Wanted, rules: Rulebook | None = None) -> Methodology:
        found = (rules or self._state.rules).edition_for(wanted.period)
        if found is None:
            raise no_period(self._state, wanted.league, as_of=wanted.as_of)
        return found

    def _rating(self, cards: Iterable[Card], wanted: Wanted, methodology: Methodology) -> Rating:
        names, day = self._state.names, day_of(wanted.as_of)
        cards = list(cards)
        listed = {*(card.municipality for card in cards), *names.ids(wanted.league.region)}
        by_name = {one: alphabetical(str(names.of(one, wanted.period, by=day)["name"])) for one in listed}
        absent = [one for one in by_name if not names.existed(one, wanted.period, by=day)]
        unborn = {one: names.lived(one, wanted.period, by=day) for one in absent}
        return rate(
            everybody(cards, by_name, methodology=methodology, period=wanted.period),
            group=wanted.group,
            names=by_name,
            methodology=methodology,
            without=wanted.exclude,
            unborn=unborn,
        )

    def _view(self, found: Rating, wanted: Wanted, methodology: Methodology, told: Mapping[str, str]) -> dict[str, Any]:
        names, period, day = self._state.names, wanted.period, day_of(wanted.as_of)
        rows = [
            {"rank": row.rank, "municipality": names.of(row.municipality, period, by=day)}
            | _row(score_view(row.score, row.rank))
            | {"data_at": told[row.municipality]}
            for row in found.rows
        ]
        absent = [
            {"municipality": names.of(one.municipality, period, by=day), "state": one.state, "reason": one.reason}
            for one in found.no_data
        ]
        return {
            **wanted.league._asdict(),
            "group": wanted.group,
            "exclude": sorted(wanted.exclude),
            "methodology": methodology.id,
            "edition": None,
            "data_at": max(told.values(), default=None),
            "flags": self._flags(wanted, methodology),
            "rows": rows,
            "no_data": absent,
        }

    def _flags(self, wanted: Wanted, methodology: Methodology) -> list[dict[str, Any]]:
        """What of the rating counts without permission, as known then."""
        counted = methodology.counted(wanted.group, wanted.exclude)
        return titled(flags(counted, self._state.permitted, wanted.as_of), methodology)


def _dated(cards: Iterable[Card]) -> dict[str, str]:
    """When the last result behind the card of each municipality was recorded."""
    return {card.municipality: at for card in cards if (at := card.data_at)}


def _row(view: Mapping[str, Any]) -> dict[str, Any]:
    """The score's own fields of a row; `change` stays null while no edition of the rating is published."""
    fields = ("points", "maximum", "share", "percent", "level", "level_conflict")
    return {field: view[field] for field in fields} | {"change": None}
