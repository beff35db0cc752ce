"""What the lines of a trend are read from: the copies in memory, or a published edition's tables."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.scoring.domain import Card, Methodology
from services.scoring.domain.card import DID_NOT_EXIST, NO_DATA, NOT_APPLICABLE
from services.scoring.domain.coverage import coverage_of
from services.scoring.domain.permission import flags, titled
from services.scoring.domain.territory import Territory
from services.scoring.domain.trends import Reader, Standing, published_standings, standing_of
from services.scoring.usecases.state import State
from services.scoring.usecases.trends.asked import Shown


class Reading:
    """Standings by one group or procedure."""

    def __init__(self, state: State, group: str, published: Mapping[str, Shown]) -> None:
        self._state = state
        self._group = group
        self._published = published
        tables = {period: shown.tables[group] for period, shown in published.items() if group in shown.tables}
        self._tables = {period: published_standings(table) for period, table in tables.items()}
        self._flags = {period: table["flags"] for period, table in tables.items()}

    def reader(self, territory: Territory) -> Reader:
        """What the domain reads lines from."""
        names = self._state.names
        return Reader(
            standing=self.standing,
            methodology=lambda period: edition_of(self._state, self._published, period),
            name=lambda municipality, period: str(names.of(municipality, period)["name"]),
            territory=territory,
        )

    def flags(self, period: str) -> list[dict[str, Any]]:
        """Which procedures count without permission, or did as it was published."""
        methodology = edition_of(self._state, self._published, period)
        if methodology is None:
            return []
        if period in self._published:
            return titled(self._flags.get(period, ()), methodology)
        return titled(flags(methodology.counted(self._group), self._state.permitted), methodology)

    def standing(self, municipality: str, period: str) -> Standing:
        """Where a municipality stands, or stood as it was published."""
        if period in self._published:
            return self._as_published(municipality, period)
        card = self._state.card(municipality, period)
        if card is None:
            return self._absent(municipality, period, "за этот период нет редакции методики")
        return self._ranked(card)

    def _as_published(self, municipality: str, period: str) -> Standing:
        if period not in self._tables:
            edition = edition_of(self._state, self._published, period)
            named = edition.title if edition else self._published[period].methodology
            said = f"не оценивается редакцией методики «{named}»"
            return Standing(NOT_APPLICABLE, None, said)
        found = self._tables[period].get(municipality)
        if found is None:
            return self._absent(municipality, period, "нет в опубликованной редакции рейтинга")
        edition = edition_of(self._state, self._published, period)
        if edition is None or self._group in edition.procedures:
            return found
        states = self._published[period].states.get(municipality, {})
        return replace(
            found, coverage=coverage_of(states[key] for key in edition.counted(self._group) if key in states)
        )

    def _absent(self, municipality: str, period: str, reason: str) -> Standing:
        there = self._state.names.existed(municipality, period)
        return Standing(NO_DATA, None, reason) if there else Standing(DID_NOT_EXIST)

    def _ranked(self, card: Card) -> Standing:
        methodology = self._state.methodologies.get(card.methodology) or self._state.edition_for(card.period)
        assert methodology is not None, "a card is of an edition"
        found = standing_of(card, self._group, methodology)
        if found.score.share is None:
            return found
        mirror = self._state.mirror
        standings = mirror.standings.table(card.league, self._group)
        table = standings if len(standings) else mirror.table(card.league, self._group)
        return replace(found, rank=table.rank(found.score.share))


def edition_of(state: State, published: Mapping[str, Shown], period: str) -> Methodology | None:
    """The methodology of a period as it is shown."""
    shown = published.get(period)
    return state.edition_for(period) if shown is None else state.methodologies.get(shown.methodology)
