"""What acceptance must know, in memory: procedures, sources, municipalities by id and code, organisations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.procedure import Procedure
from services.monitoring.domain.source import Source
from services.monitoring.domain.territory import Dated, Municipality, Organization


@dataclass(slots=True)
class Directory:
    """Read models of one process; the newest revision of each thing counts, whatever order they come in."""

    procedures: dict[str, Procedure] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    municipalities: dict[str, Municipality] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    _codes: dict[str, set[str]] = field(default_factory=dict)

    def learn(
        self,
        *,
        procedures: Iterable[Procedure] = (),
        sources: Iterable[Source] = (),
        municipalities: Iterable[Municipality] = (),
        organizations: Iterable[Organization] = (),
    ) -> None:
        """Take what was stored."""
        for procedure in procedures:
            known = self.procedures.get(procedure.key)
            if known is None or procedure.revision > known.revision:
                self.procedures[procedure.key] = procedure
        for source in sources:
            spoken = self.sources.get(source.key)
            if spoken is None or source.revision > spoken.revision:
                self.sources[source.key] = source
        for municipality in municipalities:
            self._learn_municipality(municipality)
        for organization in organizations:
            held = self.organizations.get(organization.id)
            if held is None or organization.revision > held.revision:
                self.organizations[organization.id] = organization

    def _learn_municipality(self, municipality: Municipality) -> None:
        known = self.municipalities.get(municipality.id)
        if known is not None and known.revision >= municipality.revision:
            return
        for dated in known.history if known else ():
            self._codes[dated.oktmo].discard(municipality.id)
        for dated in municipality.history:
            self._codes.setdefault(dated.oktmo, set()).add(municipality.id)
        self.municipalities[municipality.id] = municipality

    def municipality(self, text: str, spans: Iterable[tuple[date, date]] = ()) -> Municipality | None:
        """A municipality by its id, or by a code that stood in one of the spans (the earlier span wins,
        in it the last bearer).
        """
        found = self.municipalities.get(text)
        if found is not None:
            return found
        for first, last in spans:
            held = [dated for dated in self._bearers(text) if dated[0].holds(first, last)]
            if held:
                return held[-1][1]
        return None

    def meant(self, text: str, spans: Sequence[tuple[date, date]]) -> set[str]:
        """Everybody whom an id, or a code in one of the spans, may name."""
        if text in self.municipalities:
            return {text}
        borne = self._bearers(text)
        return {one.id for dated, one in borne if any(dated.holds(first, last) for first, last in spans)}

    def bearer(self, text: str, day: date) -> Municipality | None:
        """A municipality by its id, or by a code as on a day: a code may pass to another municipality.

        Of those that bear it at any time: the last up to that day, else the first to come.
        """
        found = self.municipalities.get(text)
        borne = self._bearers(text)
        begun = [one for one in borne if one[0].since <= day]
        return found or (begun[-1][1] if begun else borne[0][1] if borne else None)

    def _bearers(self, code: str) -> list[tuple[Dated, Municipality]]:
        """Who bears a code, and from when to when, in the order of these days."""
        borne = [
            (dated, self.municipalities[one])
            for one in self._codes.get(code, ())
            for dated in self.municipalities[one].history
            if dated.oktmo == code
        ]
        return sorted(borne, key=lambda one: (one[0].since, one[1].id))

    def owners_of_code(self, code: str) -> tuple[str, ...]:
        """Whoever has had this code at any time."""
        return tuple(sorted(self._codes.get(code, ())))

    def sources_of(self, client: str) -> tuple[str, ...]:
        """The sources that a client speaks for."""
        return tuple(sorted(source.key for source in self.sources.values() if client in source.clients))
