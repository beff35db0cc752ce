"""Plans of a run, each drawn from a number: what happens to be near each other differs in every one."""

from random import Random

from tests.simulated.world import PARTITIONS, WORKERS, Event, Plan

_SECONDS = (1, 3, 8, 15, 30, 70)
_PAUSES = (0, 1, 10, 50, 200, 700, 2000, 5000, 15_000)
_DELAYS, _READING = (0, 1, 5, 20, 80, 300), (0, 1, 2, 3, 5, 20)
_KINDS = ("find", "write", "transact", "fetch", "offset", "metadata", "offsetfetch", "offsetcommit", "syncgroup")
_PARTITION, _WORKER = range(PARTITIONS), range(WORKERS)
_EVENTS = {
    "write": (_PARTITION, range(1, 13)),
    "start": (_WORKER, (0,)),
    "stop": (_WORKER, (0,)),
    "crash": (_WORKER, (0,)),
    "freeze": (_WORKER, _SECONDS),
    "away": ((0,), _SECONDS),
    "kafka": ((0,), _SECONDS),
    "bad": (_PARTITION, range(3)),
    "open": (_PARTITION, range(1, 4)),
    "finish": (_PARTITION, range(2)),
    "compact": (_PARTITION, range(1, 7)),
    "delete": (_PARTITION, range(21)),
    "reset": (_PARTITION, range(9)),
}


def plan(number: int, most: int = 12) -> Plan:
    """Up to so many troubles on the way; of the places of an earlier life Kafka's may be ahead, or missing."""
    chance = Random(number)
    stored = tuple(chance.choice((None, chance.randrange(13))) for _ in _PARTITION)
    ahead = [chance.choice((None, 0, chance.randrange(20))) for _ in _PARTITION]
    pairs = zip(stored, ahead, strict=True)
    return Plan(
        before=tuple(chance.randrange(chance.choice((5, 80))) for _ in _PARTITION),
        stored=stored,
        committed=tuple(None if place is None or by is None else place + by for place, by in pairs),
        most=chance.randint(1, 6),
        fetched=chance.randint(1, 20),
        delays={kind: _several(chance, _DELAYS) for kind in _KINDS if chance.random() < 0.6}
        | {"read": _several(chance, _READING)},
        events=tuple((chance.choice(_PAUSES), _event(chance)) for _ in range(chance.randint(0, most))),
    )


def late(number: int) -> Plan:
    """Nothing but a backlog, and places that are known late: whether polls end meanwhile is a matter of moments."""
    chance = Random(number)
    stored = chance.randrange(13)
    return Plan(
        before=(chance.randint(60, 120), chance.randrange(60)),
        stored=(stored, 0),
        committed=(stored + chance.randrange(30), 0),
        most=chance.randint(1, 6),
        fetched=chance.randint(1, 30),
        delays={kind: _several(chance, _DELAYS) for kind in ("find", "offset", "metadata", "fetch", "transact")}
        | {"read": tuple(chance.choices((0, 1, 2, 3, 5, 7), k=3))},
    )


def _several(chance: Random, choices: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(chance.choices(choices, k=chance.randint(1, 3)))


def _event(chance: Random) -> Event:
    what = chance.choice([*_EVENTS])
    one, more = _EVENTS[what]
    return what, chance.choice(one), chance.choice(more)
