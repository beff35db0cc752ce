"""A batch of records read from Kafka: what was understood, what was spoiled, and how far it reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.kernel import Heard, Origin, Refused

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as the broker gave it, kept whole for dead letters; `timestamp` in milliseconds."""

    origin: Origin
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: int


@dataclass(frozen=True, slots=True)
class Buried:
    """A record that cannot be handled: a stable code, the reason in Russian, whose it was."""

    record: RawRecord
    code: str
    message: str
    source: str | None = None
    event: str | None = None
    errors: tuple[Mapping[str, str], ...] = ()


@dataclass(slots=True)
class Batch(Generic[E]):
    """What one poll brought; handed to a use case and written down in its transaction.

    `reach` maps "topic|partition" to (expected next offset, new next offset): the compare-and-set of progress.
    """

    group: str
    dlq: str
    heard: Sequence[Heard[E]]
    records: Sequence[Any] = ()
    spoiled: Sequence[Buried] = ()
    reach: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    # Who has this one dead letter handled again; nobody where the records come from Kafka.
    redriven_by: str = ""
    stored: bool = False
    # What became a dead letter, by whoever buried it.
    dead: Sequence[Buried] = ()
    # How many of the heard changed nothing, because what they tell was known; set by the use case.
    repeats: int = 0

    def buried(self, heard: Heard[Any], refusal: Refused) -> Buried:
        """The dead letter of one heard event that a decision refused."""
        errors = tuple(
            {"pointer": e.pointer, "code": e.code, "message": e.message, "remedy": e.remedy} for e in refusal.errors
        )
        return Buried(self.record(heard.origin), refusal.code, refusal.detail, heard.source, heard.id, errors)

    def record(self, origin: Origin) -> RawRecord:
        """The raw record that was read at this place."""
        for found in self.records:
            if (found.topic, found.partition, found.offset) == (origin.topic, origin.partition, origin.offset):
                return RawRecord(origin, found.key, found.value, tuple(found.headers), found.timestamp)
        raise KeyError(origin)
