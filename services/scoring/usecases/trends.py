"""Trends: the last years of a municipality, or of all by a group or a procedure, in the shape of the API."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.scoring.domain import OVERALL, Card, Methodology
from services.scoring.domain.card import DID_NOT_EXIST, NO_DATA
from services.scoring.domain.names import alphabetical, days_of
from services.scoring.domain.territory import Territory
from services.scoring.domain.trends import (
    Line,
    Reader,
    Standing,
    Window,
    as_is,
    as_was,
    breaks_of,
    standing_of,
    window,
)
from services.scoring.domain.trends.views import break_view, line_view
from services.scoring.usecases.state import State
from shared.kernel import NotFound

Reading = Literal["as_was", "as_is"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose trend (None: of all), by what (None: overall and its groups), to which period, of how many years."""

    window: Window
    territory: Reading
    municipality: str | None = None
    group: str | None = None
    by: Literal["group", "procedure"] = "group"


class Trends:
    """Answers trends from the copies in memory."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known: tuple[int, Territory] = (-1, Territory())

    def window(self, until: str | None, years: int) -> Window:
        """The periods asked for; without an end, up to the last one with scores."""
        periods = self._state.mirror.periods()
        if until is None and not periods:
            raise NotFound("period-not-found", "За этот период баллов нет", "Баллов пока нет ни за один период.")
        return window(until or periods[-1], years)

    def trend(self, asked: Asked, *, withheld: Collection[str] = ()) -> dict[str, Any]:
        """The series; periods that are withheld from this reader are named and left out."""
        periods = [period for period in asked.window.periods if period not in withheld]
        groups = self._groups(asked, periods)
        whose = self._whose(asked, periods)
        return {
            "until": asked.window.until,
            "territory": asked.territory,
            "periods": periods,
            "withheld": [period for period in asked.window.periods if period in withheld],
            "series": [
                self._series(asked, one, group=group, periods=periods) | {"title": title}
                for one in whose
                for group, title in groups.items()
            ],
        }

    def _series(self, asked: Asked, municipality: str, *, group: str, periods: list[str]) -> dict[str, Any]:
        names, territory, reader = self._state.names, self.territory(), self._reader(group)
        read = as_is if asked.territory == "as_is" else as_was
        lines = [read(reader, municipality, period) for period in periods]
        lineage = {municipality}
        if asked.territory == "as_is":
            lineage |= {one for period in periods for one in territory.origins(municipality, days_of(period)[0])}
        return {
            "municipality": names.of(municipality, asked.window.until),
            "group": group,
            "lines": [line_view(self._gone(line), names) for line in lines],
            "breaks": [break_view(one, names) for one in breaks_of(lines, territory, lineage)],
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

    def _reader(self, group: str) -> Reader:
        state = self._state

        def standing(municipality: str, period: str) -> Standing:
            card = state.card(municipality, period)
            return self._without_edition(municipality, period) if card is None else self._ranked(card, group)

        def name(municipality: str, period: str) -> str:
            return str(state.names.of(municipality, period)["name"])

        return Reader(standing, state.edition_for, name, self.territory())

    def _without_edition(self, municipality: str, period: str) -> Standing:
        if not self._state.names.existed(municipality, period):
            return Standing(DID_NOT_EXIST)
        return Standing(NO_DATA, None, "за этот период нет редакции методики")

    def _ranked(self, card: Card, group: str) -> Standing:
        methodology = self._edition(card)
        found = standing_of(card, group, methodology)
        if found.score.share is None:
            return found
        mirror = self._state.mirror
        standings = mirror.standings.table(card.period, group)
        table = standings if len(standings) else mirror.table(card.period, group)
        return replace(found, rank=table.rank(found.score.share))

    def _edition(self, card: Card) -> Methodology:
        found = self._state.editions.get(card.methodology) or self._state.edition_for(card.period)
        assert found is not None, "a card is of an edition"
        return found

    def _groups(self, asked: Asked, periods: list[str]) -> dict[str, str]:
        """What the series are of, with titles; NotFound where no edition of the window has such a thing."""
        editions = [one for period in reversed(periods) if (one := self._state.edition_for(period)) is not None]
        titles = {OVERALL: "Общая оценка"}
        for edition in reversed(editions):
            titles |= {group.key: group.title for group in edition.groups}
        procedures: dict[str, str] = {}
        for edition in reversed(editions):
            procedures |= {key: one.title for key, one in edition.procedures.items()}
        if asked.group is None:
            chosen = procedures if asked.by == "procedure" else titles
            return chosen if asked.municipality is not None else {OVERALL: titles[OVERALL]}
        found = (titles | procedures).get(asked.group)
        if found is None:
            detail = f"«{asked.group[:100]}»: есть {', '.join(titles)} и ключи процедур."
            raise NotFound("group-not-found", "Такой группы нет в методике", detail)
        return {asked.group: found}

    def _whose(self, asked: Asked, periods: list[str]) -> list[str]:
        """The municipality asked for, or all: those of the last period, or those that there were at any time."""
        if asked.municipality is not None:
            return [self._called(asked.municipality, asked)]
        names = self._state.names
        wanted = [asked.window.until] if asked.territory == "as_is" else periods
        carded = {one for period in wanted for one in self._state.mirror.of(period)}
        found = {*names.ids(), *carded}
        alive = [one for one in found if any(names.existed(one, period) for period in wanted)]
        return sorted(alive, key=lambda one: (alphabetical(str(names.of(one, asked.window.until)["name"])), one))

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
