"""Trends: the last years of a municipality, or of all by a group or a procedure, in the shape of the API."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from services.scoring.domain import OVERALL
from services.scoring.domain.card import DID_NOT_EXIST
from services.scoring.domain.league import League
from services.scoring.domain.names import alphabetical, days_of
from services.scoring.domain.publication import Edition
from services.scoring.domain.territory import Territory
from services.scoring.domain.trends import Line, Standing, Window, as_is, as_was, breaks_of, published_states, window
from services.scoring.domain.trends.views import break_view, line_view
from services.scoring.usecases.publication.published import Published
from services.scoring.usecases.regions import meant
from services.scoring.usecases.state import State
from services.scoring.usecases.trends.asked import Asked, Shown
from services.scoring.usecases.trends.reading import Reading, edition_of
from shared.kernel import NotFound


class Trends:
    """Answers trends from the copies in memory."""

    def __init__(self, state: State, published: Published) -> None:
        self._state = state
        self._published = published
        self._known: tuple[int, Territory] = (-1, Territory())
        self._states: dict[str, dict[str, dict[str, str]]] = {}

    def window(self, until: str | None, years: int, *, region: str, live: bool) -> Window:
        """The periods asked for; without an end, up to the last one with scores that this reader sees, if any."""
        periods = self._state.periods(region)
        if until is None and not periods:
            raise NotFound("period-not-found", "За этот период баллов нет", "Баллов пока нет ни за один период.")
        seen = [one for one in periods if live or self._open(League(region, one))]
        return window(until or (seen or periods)[-1], years)

    def _open(self, league: League) -> bool:
        return league in self._state.published or self._published.last(league) is not None

    async def open_to_all(self, window: Window, region: str) -> tuple[Collection[str], Mapping[str, Shown]]:
        """For whoever may not see live ratings: the years that are withheld, and those shown as they were published."""
        shown = {
            period: await self._shown(edition)
            for period in window.periods
            if (edition := self._published.last(League(region, period))) is not None
        }
        opened = self._state.published
        return [one for one in window.periods if one not in shown and League(region, one) not in opened], shown

    async def _shown(self, edition: Edition) -> Shown:
        tables = await self._published.tables(edition.id)
        if edition.id not in self._states:
            # An edition never changes, and to count its procedures all of its tables have to be unpacked.
            self._states[edition.id] = published_states(tables, self._state.methodologies[edition.methodology])
        return Shown(edition.id, edition.methodology, tables, self._states[edition.id])

    def trend(self, asked: Asked) -> dict[str, Any]:
        """The series; periods that are withheld from this reader are named and left out."""
        groups, whose = self._groups(asked), self._whose(asked)
        readings = {group: Reading(self._state, group, asked.published) for group in groups}
        return {
            "until": asked.window.until,
            "region": asked.region,
            "territory": asked.territory,
            "periods": asked.periods,
            "editions": {period: one.edition for period, one in asked.published.items() if period in asked.periods},
            "withheld": [period for period in asked.window.periods if period in asked.withheld],
            "flags": [
                {"period": period, "group": group, **flag}
                for group, reading in readings.items()
                for period in asked.periods
                for flag in reading.flags(period)
            ],
            "series": [
                self._series(asked, one, readings[group]) | {"group": group, "title": title}
                for one in whose
                for group, title in groups.items()
            ],
        }

    def _series(self, asked: Asked, municipality: str, reading: Reading) -> dict[str, Any]:
        names, territory, periods = self._state.names, self.territory(), asked.periods
        reader = reading.reader(territory)
        today = asked.territory == "as_is"
        read = as_is if today else as_was
        lines = [read(reader, municipality, period) for period in periods]

        def whose(day: str) -> Collection[str]:
            return territory.origins(municipality, day) if today else {municipality}

        return {
            "municipality": names.of(municipality, asked.window.until),
            "lines": [line_view(self._gone(line), names) for line in lines],
            "breaks": [break_view(one, names) for one in breaks_of(lines, territory, whose)],
        }

    def territory(self) -> Territory:
        """All reforms, worked out again when a municipality changed."""
        names = self._state.names
        if self._known[0] != names.version:
            self._known = (names.version, Territory(names.every()))
        return self._known[1]

    def _gone(self, line: Line) -> Line:
        """A municipality that did not exist says since when, or until when."""
        if line.standing.score.state != "did_not_exist":
            return line
        said = self._state.names.lived(line.municipality, line.period)
        return replace(line, standing=Standing(DID_NOT_EXIST, None, said))

    def _groups(self, asked: Asked) -> dict[str, str]:
        """What the series are of, as the last edition calls it; NotFound where no edition has such a thing."""
        found = [edition_of(self._state, asked.published, period) for period in asked.periods]
        editions = [one for one in found if one is not None]
        titles = {OVERALL: "Общая оценка"} | {one.key: one.title for edition in editions for one in edition.groups}
        procedures = {key: one.title for edition in editions for key, one in edition.procedures.items()}
        if asked.group is None:
            chosen = procedures if asked.by == "procedure" else titles
            return chosen if asked.municipality is not None else {OVERALL: titles[OVERALL]}
        title = (titles | procedures).get(asked.group)
        if title is None:
            detail = f"«{asked.group[:100]}»: есть {', '.join(titles)} и ключи процедур."
            raise NotFound("group-not-found", "Такой группы нет в методике", detail)
        return {asked.group: title}

    def _whose(self, asked: Asked) -> list[str]:
        """The municipality asked for, or all: those at the end of the last period, or those that there ever were."""
        if asked.municipality is not None:
            return [self._called(asked.municipality, asked)]
        names, until, today = self._state.names, asked.window.until, asked.territory == "as_is"
        wanted = [until] if today else asked.periods
        carded = {one for period in wanted for one in self._state.mirror.of(League(asked.region, period))}
        found = {*names.ids(asked.region), *carded}
        if today:
            alive = [one for one in found if self.territory().existed(one, days_of(until)[1])]
        else:
            alive = [one for one in found if any(names.existed(one, period) for period in wanted)]
        return sorted(alive, key=lambda one: (alphabetical(str(names.of(one, until)["name"])), one))

    def region_of(self, text: str) -> str:
        """The region of whoever an id, or a code of any time, means."""
        return meant(self._state, None, own=next(iter(self._state.names.ever(text)), text))

    def _called(self, text: str, asked: Asked) -> str:
        """The id behind an id, or a code that was valid in some period asked about."""
        names = self._state.names
        for period in reversed(asked.window.periods):
            found = names.find(text, period)
            if found is not None:
                day = days_of(asked.window.until)[1]
                return self.territory().heir(found, day) if asked.territory == "as_is" else found
        if any(self._state.mirror.get(text, period) for period in asked.window.periods):
            return text
        detail = f"«{text[:60]}»: нужен id муниципалитета или код ОКТМО, действовавший в эти годы."
        raise NotFound("municipality-not-found", "Такого муниципалитета нет", detail)
