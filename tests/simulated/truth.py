"""What must hold whatever happens: every record is in exactly one committed step of its partition, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.simulated.log import Log

GROUP, TOPIC = "group", "topic"


def key_of(partition: int) -> str:
    """The id of a stored place."""
    return f"{GROUP}|{TOPIC}|{partition}"


@dataclass(slots=True)
class Truth:
    """Hears each write of a place and each commit, and writes down what is wrong with it."""

    logs: Sequence[Log]
    places: dict[str, int] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    gone: dict[str, set[int]] = field(default_factory=dict)
    """Records that Kafka deleted before anybody had handled them."""
    faults: list[str] = field(default_factory=list)

    def moved(self, key: str, before: int | None, after: int, handled: Sequence[int]) -> None:
        """A place is about to be written."""
        log, was = self._log(key), self.places.get(key)
        if before is None:
            self._say(after > log.begin, f"{key} begins at {after}, the log at {log.begin}")
            self.gone[key] = {one for one in self.gone.get(key, ()) if one >= after}
        elif before != was:
            self._say(True, f"{key} is moved from {before}, and stands at {was}")
        else:
            told = f"{key} {before}..{after} with {[*handled]}"
            due = {*log.visible(before, after)} | {one for one in self.gone.get(key, ()) if before <= one < after}
            self._say(bool(due - {*handled}), f"{told}: never handled {sorted(due - {*handled})}")
            self._say([*handled] != sorted({*handled}), f"{told}: out of order")
            self._say(any(not before <= one < after for one in handled), f"{told}: handled elsewhere")
            self._say(after <= before or after > log.stable, f"{told}: the log is {log.begin}..{log.stable}")
        self.set(key, after)

    def set(self, key: str, place: int) -> None:
        """Where the place stands, also by an operator's word."""
        self.places[key] = place
        self.highest[key] = max(place, self.highest.get(key, 0))

    def reset(self, key: str, place: int) -> None:
        """An operator has decided: what is gone of what is before it is gone."""
        self.set(key, place)
        self.gone.pop(key, None)

    def committed(self, group: str, places: Mapping[tuple[str, int], int]) -> None:
        """What Kafka is told is stored."""
        for (topic, partition), at in places.items():
            most = self.highest.get(f"{group}|{topic}|{partition}", -1)
            self._say(at > most, f"{topic}|{partition}: {at} is committed, {most} is stored")

    def delete(self, partition: int, before: int) -> None:
        """Kafka deletes; what of it was not handled must not be passed any more."""
        key, log = key_of(partition), self.logs[partition]
        lost = log.visible(self.places.get(key, log.begin), before)
        self.gone.setdefault(key, set()).update(lost)
        log.delete(before)

    def left(self, rows: Mapping[str, Mapping[str, object]]) -> list[str]:
        """What is not handled, except where a partition is rightly halted."""
        found: list[str] = []
        for partition, log in enumerate(self.logs):
            key = key_of(partition)
            place = self.places.get(key)
            halted = place is not None and (place < log.begin or bool(rows[key].get("lost")))
            if halted and self.gone.get(key):
                continue
            if place != log.end or rows.get(key, {}).get("lost"):
                found.append(f"{key} stands at {place}, the log is {log.begin}..{log.end}: {dict(rows.get(key, {}))}")
        return found

    def _log(self, key: str) -> Log:
        return self.logs[int(key.rpartition("|")[2])]

    def _say(self, wrong: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
        if wrong:
            self.faults.append(what)
