"""Which motivating indicators a procedure works for, and through which mechanism and track; read from a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MotivatingIndicator:
    """One indicator of motivating monitoring; `motivation` and `system` are None where the document prints none."""

    number: str
    title: str
    motivation: str | None
    system: str | None
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Motivation:
    """The indicators by number, titles of the systems, and what each procedure works for."""

    systems: Mapping[str, str]
    indicators: Mapping[str, MotivatingIndicator]
    of: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

    def purpose(self, procedure: str) -> dict[str, Any] | None:
        """Section 2: the indicators with what each is to bring about; None where the documents name none."""
        numbers, _ = self.of.get(procedure, ((), ()))
        told = [self.indicators[number] for number in numbers]
        lines = [{"number": one.number, "title": one.title, "motivation": one.motivation} for one in told]
        return {"indicators": lines} if lines else None

    def mechanisms(self, procedure: str) -> dict[str, Any] | None:
        """Section 3: the systems, each with the tracks of this procedure's indicators in it."""
        numbers, systems = self.of.get(procedure, ((), ()))
        lines = []
        for system in systems:
            own = [self.indicators[one] for one in numbers if self.indicators[one].system == system]
            tracks = list(dict.fromkeys(track for one in own for track in one.tracks))
            lines.append({"system": system, "title": self.systems[system], "tracks": tracks})
        return {"mechanisms": lines} if lines else None


def read_motivation(document: Mapping[str, Any]) -> Motivation:
    """The motivation in a plain document of the repository; a wrong one is a bug and raises at start."""
    indicators = {
        number: MotivatingIndicator(number, told["title"], told["motivation"], told["system"], tuple(told["tracks"]))
        for number, told in document["indicators"].items()
    }
    of = {key: (tuple(told["indicators"]), tuple(told["systems"])) for key, told in document["procedures"].items()}
    unknown = {one for numbers, _ in of.values() for one in numbers} - indicators.keys()
    unknown |= {one for _, systems in of.values() for one in systems} - document["systems"].keys()
    if unknown:
        raise LookupError(f"motivation names what it does not declare: {sorted(unknown)}")
    return Motivation(dict(document["systems"]), indicators, of)
