"""Events for the benchmarks: the region's municipalities, its procedures, and results revised again and again."""

from __future__ import annotations

import itertools
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaProducer

from deploy.local.region import CODES_SINCE, DATA, METHODOLOGY, REGION, fill, read_region, rows
from services.monitoring.events import ProcedureDescribed, ResultAccepted, ResultCorrected, Subject
from services.registry.events import MunicipalityRegistered
from shared.envelope import Letter, seal
from shared.kernel import Cause, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PERIOD = "2022"
STARTED = datetime(2022, 12, 30, 7, 0, tzinfo=UTC)
IN_FLIGHT = 2000
RESULT_TOPIC, SCORE_TOPIC = "monitoring.result.v1", "scoring.score.v1"
NUMBERS = itertools.count(1)


def region_of(count: int) -> list[MunicipalityRegistered]:
    """So many municipalities of one region: its 43 first, then those of the country with ids made of their codes."""
    own = [MunicipalityRegistered(**_state(body)) for body in read_region().municipalities]
    known = {one.history[0].oktmo for one in own}
    others: dict[str, MunicipalityRegistered] = {}
    for row in rows(DATA / "municipalities_russia.csv"):
        if row["oktmo"] not in known and row["oktmo"] not in others:
            others[row["oktmo"]] = MunicipalityRegistered(**_state(_foreign(row)))
    return [*own, *others.values()][:count]


def _foreign(row: dict[str, str]) -> dict[str, Any]:
    code = row["oktmo"]
    named = {"name": row["name"], "kind": "municipal_okrug", "oktmo": code, "valid_from": CODES_SINCE, "valid_to": None}
    return {"id": f"{REGION}-{code}", "region": REGION, "history": [named], "succession": []}


def _state(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "revision": 1, "region": body.get("region", REGION)}


def registered(state: MunicipalityRegistered) -> Letter:
    """A municipality as the registry tells it."""
    return sealed(state, source="rsoko/registry")


def described() -> Iterator[Letter]:
    """The 18 procedures as monitoring tells them."""
    for body in read_region().procedures:
        told = ProcedureDescribed(procedure=body["key"], revision=1, **{k: v for k, v in body.items() if k != "key"})
        yield sealed(told, source="rsoko/monitoring")


def sealed(event: Event, *, source: str = "rsoko/monitoring", correlation: str = "bench") -> Letter:
    """One event in its envelope, with a sequence as the relay would give it."""
    number = next(NUMBERS)
    letter = seal(event, id=f"bench-{number}", source=source, time=datetime.now(UTC), cause=Cause(correlation))
    return Letter(letter.topic, letter.key, {**letter.headers, "ce_sequence": str(number)}, letter.value)


def revision_of(municipality: str, procedure: str, maximum: int, revision: int) -> ResultAccepted | ResultCorrected:
    """One revision of a municipality's result; each revision has other points than the one before."""
    points = (revision * 3 + maximum) % (maximum + 1)
    made = ResultAccepted if revision == 1 else ResultCorrected
    return made(
        result=f"{municipality}:{procedure}:{PERIOD}",
        revision=revision,
        procedure=procedure,
        subject=Subject(municipality=municipality),
        period=PERIOD,
        values={key: str(value) for key, value in fill(points, maximum).items()},
        reason=None if revision == 1 else "Уточнение по подтверждающим документам",
        source=METHODOLOGY,
        occurred_at=STARTED,
        recorded_at=datetime.now(UTC),
    )


def maxima() -> dict[str, int]:
    """The assumed maximum of each procedure."""
    return {row["key"]: int(row["assumed_maximum"]) for row in rows(DATA / "procedures.csv")}


def results(municipalities: Sequence[str], *, first: int, revisions: int) -> Iterator[Letter]:
    """Every result of these municipalities, so many revisions of each, a whole revision after another."""
    procedures = maxima()
    for revision in range(first, first + revisions):
        for municipality in municipalities:
            for procedure, maximum in procedures.items():
                yield sealed(revision_of(municipality, procedure, maximum, revision))


async def send_letters(kafka: str, letters: Iterable[Letter]) -> int:
    """Put letters into Kafka as fast as it takes them, acknowledged; how many they were."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", linger_ms=5, max_batch_size=256 * 1024)
    await producer.start()
    count = 0
    flying: deque[Any] = deque()
    try:
        for letter in letters:
            headers = [(name, text.encode()) for name, text in letter.headers.items()]
            flying.append(await producer.send(letter.topic, letter.value, key=letter.key.encode(), headers=headers))
            count += 1
            if len(flying) > IN_FLIGHT:
                await flying.popleft()
        for one in flying:
            await one
    finally:
        await producer.stop()
    return count
