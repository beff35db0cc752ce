"""How far everything was at the moment of a backup: places of groups, numbers of what was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What other systems tell us: nothing in it is of our making, so all of it is kept.
FOREIGN = frozenset({"monitoring.intake.v1"})
POSITIONS = "positions"
_TOLD = "out:"
Place = tuple[str, int]


@dataclass(slots=True)
class Progress:
    """Collected from the documents as they pass by.

    `next` is the first record of a partition that some group has not handled; `origins` are the cluster and the topic
    ids that the places belong to; `told` is the last number that a service gave within a key.
    """

    next: dict[Place, int] = field(default_factory=dict)
    origins: set[tuple[str, str, str]] = field(default_factory=set)
    told: dict[tuple[str, str], int] = field(default_factory=dict)

    def see(self, database: str, collection: str, document: Mapping[str, Any]) -> None:
        """Note a document if it says how far something is."""
        if collection == POSITIONS:
            topic, partition = place_of(str(document["_id"]))
            at = int(document["next"])
            self.next[topic, partition] = min(at, self.next.get((topic, partition), at))
            self.origins.add((topic, str(document["cluster"]), str(document["topic_id"])))
        elif collection == "counters" and str(document["_id"]).startswith(_TOLD):
            self.told[database, str(document["_id"]).removeprefix(_TOLD)] = int(document["n"])

    def knows(self, topic: str, key: bytes | None, headers: Sequence[tuple[str, bytes | None]]) -> bool:
        """Whether a record was told before this moment: its number within its key was given then.

        What was told later belongs to a state that a restore does not bring back.
        """
        if topic in FOREIGN:
            return True
        number = dict(headers).get("ce_sequence") or b""
        stream = (topic.partition(".")[0], (key or b"").decode(errors="replace"))
        return number.isdigit() and int(number) <= self.told.get(stream, 0)


def place_of(position: str) -> Place:
    """The partition in the id of a stored place: group|topic|partition."""
    _, topic, partition = position.rsplit("|", 2)
    return topic, int(partition)
