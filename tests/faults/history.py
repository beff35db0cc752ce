"""What the crash tests did: every accepted revision by HTTP, every record sent to the intake topic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

Channel = Literal["http", "event", "single"]
Headers = tuple[tuple[str, bytes | None], ...]


class Key(NamedTuple):
    """The place of one result."""

    municipality: str
    period: str
    procedure: str


class Violation(NamedTuple):
    """A broken guarantee: a stable kind and what was seen."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a revision says: values, or not applicable, or (neither) withdrawn."""

    values: Mapping[str, str | None] | None = None
    exempt: bool = False

    @property
    def withdrawn(self) -> bool:
        """Whether nothing holds any more."""
        return self.values is None and not self.exempt


@dataclass(frozen=True, slots=True)
class Revision:
    """An accepted revision and whether nobody is to be told."""

    content: Content
    quiet: bool = False


@dataclass(slots=True)
class Slot:
    """The place of one result and what was accepted for it, by revision."""

    key: Key
    channel: Channel
    result: str | None = None
    revisions: dict[int, Revision] = field(default_factory=dict)
    busy: bool = False
    sent: int = 0

    @property
    def last(self) -> int:
        """The number of the last accepted revision, 0 before the first."""
        return max(self.revisions, default=0)


class Raw(NamedTuple):
    """A record as it is sent and as it must be found."""

    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Sent:
    """What a record of the intake topic is: a report, or bad in a known way (`codes` it may be refused with)."""

    kind: str
    slot: Key | None = None
    event: str = ""
    content: Content | None = None
    occurred_at: datetime | None = None
    codes: frozenset[str] = frozenset()

    @property
    def bad(self) -> bool:
        """Whether it must become a dead letter."""
        return bool(self.codes)


@dataclass(slots=True)
class History:
    """Everything accepted, and everything sent."""

    slots: dict[Key, Slot] = field(default_factory=dict)
    sent: dict[Raw, Sent] = field(default_factory=dict)
    acknowledged: dict[tuple[int, int], Raw] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    unknown: int = 0

    def slot(self, key: Key, channel: Channel) -> Slot:
        """The slot of a key, made at first use."""
        return self.slots.setdefault(key, Slot(key, channel))

    def accept(self, slot: Slot, revision: int, told: Revision, *, result: str) -> None:
        """Keep an accepted revision; another content under the same number breaks a promise."""
        known = slot.revisions.get(revision)
        if (slot.result or result) != result or (known or told) != told:
            text = f"{slot.key}: revision {revision} of {result}: {told} after {known} of {slot.result}"
            self.violations.append(Violation("accepted-twice", text))
        self.accepted += known is None
        slot.result = result
        slot.revisions[revision] = told

    def wrong(self, kind: str, text: str) -> None:
        """Note a broken guarantee that the load itself saw."""
        self.violations.append(Violation(kind, text))

    def expected(self, log: Iterable[Raw]) -> dict[Key, list[Revision]]:
        """All revisions that must exist, by slot: answered ones, and the intake log folded in its order."""
        found = {key: [slot.revisions[n] for n in sorted(slot.revisions)] for key, slot in self.slots.items()}
        found |= fold(self.sent[raw] for raw in log if raw in self.sent)
        return {key: revisions for key, revisions in found.items() if revisions}


def fold(log: Iterable[Sent]) -> dict[Key, list[Revision]]:
    """The rule of the intake: the first report is accepted, a report not older corrects, a repeat does nothing."""
    seen: set[str] = set()
    newest: dict[Key, datetime] = {}
    found: dict[Key, list[Revision]] = {}
    for sent in log:
        if sent.bad or sent.event in seen:
            continue
        seen.add(sent.event)
        if sent.slot is None or sent.content is None or sent.occurred_at is None:
            continue
        if sent.slot not in newest or sent.occurred_at >= newest[sent.slot]:
            newest[sent.slot] = sent.occurred_at
            found.setdefault(sent.slot, []).append(Revision(sent.content))
    return found
