"""Rules about what was told: revisions of results as accepted, changes of scores once and chained."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.history import Content, Key, Revision, Violation
from tests.faults.topics import Record

FIELDS = ("state", "points", "maximum", "share", "percent", "level")
Card = tuple[str, str]
Standing = tuple[Any, ...]
NAMED = 100


@dataclass(slots=True)
class ToldResults:
    """The revisions that stand in `monitoring.result.v1`, by the place of the result."""

    revisions: dict[Key, list[Revision]] = field(default_factory=dict)
    ids: dict[Key, str] = field(default_factory=dict)
    quiet: dict[tuple[str, int], bool] = field(default_factory=dict)

    def feed(self, records: Sequence[Record]) -> list[Violation]:
        """Take over further records; a repeat of a known revision changes nothing."""
        found = []
        for record in records:
            data = record.data()
            key = Key(data["subject"]["municipality"], data["period"], data["procedure"])
            if self.ids.setdefault(key, data["result"]) != data["result"]:
                found.append(Violation("accepted-twice", f"{key}: {self.ids[key]} and {data['result']}"))
            known = self.revisions.setdefault(key, [])
            if data["revision"] <= len(known):
                continue
            if data["revision"] != len(known) + 1:
                text = f"{key}: revision {data['revision']} after {len(known)} at {record.place}"
                found.append(Violation("result-gap", text))
            content = Content(values=data.get("values"), exempt=data.get("not_applicable") is not None)
            known.append(Revision(content, quiet=data["quiet"]))
            self.quiet[data["result"], data["revision"]] = data["quiet"]
        return found

    def compare(self, expected: Mapping[Key, Sequence[Revision]]) -> list[Violation]:
        """Every accepted revision was told, in order, with its content; nothing else was."""
        found = []
        for key in expected.keys() | self.revisions.keys():
            wanted, told = list(expected.get(key, ())), self.revisions.get(key, [])
            if wanted == told:
                continue
            if told == wanted[: len(told)]:
                found.append(Violation("not-told", f"{key}: {len(told)} of {len(wanted)} revisions were told"))
            elif wanted == told[: len(wanted)]:
                found.append(Violation("told-extra", f"{key}: {len(told)} revisions were told, {len(wanted)} accepted"))
            else:
                found.append(Violation("told-otherwise", f"{key}: told {told}, accepted {wanted}"))
        return found

    def facts(self) -> set[str]:
        """Every revision by the name under which scoring keeps it."""
        return {f"{self.ids[key]}:{number}" for key, known in self.revisions.items() for number in _count(known)}

    def contents(self) -> dict[Key, Content]:
        """What holds now."""
        return {key: known[-1].content for key, known in self.revisions.items()}


def _count(known: Sequence[Revision]) -> Iterable[int]:
    return range(1, len(known) + 1)


@dataclass(frozen=True, slots=True)
class Change:
    """One told change of a score."""

    quiet: bool
    place: tuple[int, int]


@dataclass(slots=True)
class ToldScores:
    """The changes that stand in `scoring.score.v1`, by municipality and period."""

    changes: dict[Card, list[Change]] = field(default_factory=dict)
    last: dict[Card, dict[str, Standing]] = field(default_factory=dict)
    bodies: dict[tuple[Card, int], bytes | None] = field(default_factory=dict)
    causes: dict[tuple[Card, str, int], int] = field(default_factory=dict)
    repeats: int = 0

    def feed(self, records: Sequence[Record], quiet: Mapping[tuple[str, int], bool]) -> list[Violation]:
        """Check further records; `quiet` says of every told revision of a result whether it was quiet."""
        found: list[Violation] = []
        for record in records:
            data = record.data()
            card, number = (data["municipality"], data["period"]), data["revision"]
            if (card, number) in self.bodies:
                self.repeats += 1
                if self.bodies[card, number] != record.raw.value:
                    found.append(Violation("told-twice", f"{card} revision {number} told otherwise at {record.place}"))
                continue
            self.bodies[card, number] = record.raw.value
            known = self.changes.setdefault(card, [])
            if number != len(known) + 1:
                found.append(Violation("told-gap", f"{card}: {number} after {len(known)} at {record.place}"))
            known.append(Change(data["quiet"], record.place))
            found += self._chain(card, number, data["changes"])
            found += self._causes(card, data, quiet)
        return found

    def _chain(self, card: Card, number: int, changes: Sequence[Mapping[str, Any]]) -> list[Violation]:
        found = []
        last = self.last.setdefault(card, {})
        for change in changes:
            group = change["group"]
            before, after = _standing(change["before"]), _standing(change["after"])
            where = f"{card} revision {number} {group}"
            known = last.get(group)
            if (before != known) if known is not None else (change["before"]["points"] is not None):
                found.append(Violation("told-break", f"{where} begins at {before}, the last one ended at {known}"))
            if before == after:
                found.append(Violation("told-nothing", f"{where}: {after} before and after"))
            last[group] = after
        return found

    def _causes(self, card: Card, data: Mapping[str, Any], quiet: Mapping[tuple[str, int], bool]) -> list[Violation]:
        found = []
        named = [(cause["result"], cause["revision"]) for cause in data["causes"]]
        if len(named) != min(data["causes_count"], NAMED) or not named:
            text = f"{card} revision {data['revision']}: {len(named)} of {data['causes_count']}"
            found.append(Violation("causes-wrong", text))
        for cause in named:
            before = self.causes.setdefault((card, *cause), data["revision"])
            if before != data["revision"]:
                found.append(Violation("cause-twice", f"{card}: {cause} in {before} and {data['revision']}"))
        unknown = [cause for cause in named if cause not in quiet]
        if unknown:
            found.append(Violation("cause-unknown", f"{card} revision {data['revision']}: {unknown}"))
        elif data["quiet"] != all(quiet[cause] for cause in named) and data["causes_count"] <= NAMED:
            found.append(Violation("quiet-wrong", f"{card} revision {data['revision']}: {data['quiet']}"))
        return found

    def loud(self) -> set[str]:
        """The names of all inbox items that must be: one for each told change that is not quiet."""
        return {
            f"{card[0]}:{card[1]}:{number}"
            for card, changes in self.changes.items()
            for number, change in enumerate(changes, start=1)
            if not change.quiet
        }


def _standing(told: Mapping[str, Any]) -> Standing:
    return tuple(told.get(name) for name in FIELDS)
