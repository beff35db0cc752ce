"""Dead letters: exactly the bad records, in the operators' list, in the list of refusals and as copies."""

from collections.abc import Mapping, Sequence

from tests.faults.history import Raw, Sent, Violation
from tests.faults.topics import Record

INTAKE = "monitoring.intake.v1"
Place = tuple[str, int, int]
Codes = Mapping[Place, str]


def wanted(log: Sequence[Record], sent: Mapping[Raw, Sent]) -> dict[Place, frozenset[str]]:
    """Where a bad record stands, and what it may be refused with."""
    return {
        (record.topic, *record.place): sent[record.raw].codes
        for record in log
        if record.raw in sent and sent[record.raw].bad
    }


def compare(due: Mapping[Place, frozenset[str]], listed: Codes, *, where: str) -> list[Violation]:
    """Each bad record is listed once with its reason, nothing else is."""
    found = [Violation("dead-letter-missing", f"{where}: {place} {due[place]}") for place in due.keys() - listed.keys()]
    found += [
        Violation("dead-letter-extra", f"{where}: {place} {listed[place]}") for place in listed.keys() - due.keys()
    ]
    for place in due.keys() & listed.keys():
        if listed[place] not in due[place]:
            text = f"{where}: {place} is {listed[place]}, not {set(due[place])}"
            found.append(Violation("dead-letter-code", text))
    return found


def copied(copies: Sequence[Record], log: Sequence[Record]) -> tuple[dict[Place, str], list[Violation]]:
    """The copies by the place they name, and those that differ from their original."""
    originals = {(record.topic, *record.place): record for record in log}
    found: dict[Place, str] = {}
    wrong = []
    for copy in copies:
        number, offset = copy.header("x-dlq-partition"), copy.header("x-dlq-offset")
        place = (copy.header("x-dlq-topic"), int(number or -1), int(offset or -1))
        found[place] = copy.header("x-dlq-code")
        original = originals.get(place)
        if original is not None and (original.raw.value or b"") != (copy.raw.value or b""):
            wrong.append(Violation("copy-differs", f"{place}"))
    return found, wrong
