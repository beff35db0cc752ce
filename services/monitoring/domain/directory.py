"""What acceptance must know, in memory: procedures, sources, municipalities by id and code, organisations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.monitoring.domain.procedure import Procedure
from services.monitoring.domain.source import Source
from services.monitoring.domain.territory import Municipality, Organization


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
        """A municipality by its id, or by a code that stood in one of the spans (the earlier span wins)."""
        found = self.municipalities.get(text)
        if found is not None:
            return found
        for first, last in spans:
            for one in sorted(self._codes.get(text, ())):
                held = self.municipalities[one]
                if any(dated.oktmo == text and dated.holds(first, last) for dated in held.history):
                    return held
        return None

    def owners_of_code(self, code: str) -> tuple[str, ...]:
        """Whoever has had this code at any time."""
        return tuple(sorted(self._codes.get(code, ())))

    def sources_of(self, client: str) -> tuple[str, ...]:
        """The sources that a client speaks for."""
        return tuple(sorted(source.key for source in self.sources.values() if client in source.clients))
