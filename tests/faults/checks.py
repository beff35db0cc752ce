"""All guarantees, looked at after a fault: history, topics, stores, lists and streams must tell one story."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.local import STORED
from shared.testing import eventually
from tests.faults import advice, letters
from tests.faults.arithmetic import tables
from tests.faults.catalogue import GROUPS, PERIODS, municipalities
from tests.faults.history import History, Violation
from tests.faults.listing import Newest
from tests.faults.scores import Tables, compare_rating, compare_told
from tests.faults.settling import Settling
from tests.faults.told import ToldResults, ToldScores
from tests.faults.topics import Record, Streams, Tail
from tests.faults.watching import Places, Streamed
from tests.faults.world import World

STREAMED_WITHIN = 15.0
RESULTS, SCORES, COPIES = "monitoring.result.v1", "scoring.score.v1", "monitoring.intake.v1.dlq"


@dataclass
class Checker:
    """Holds what was read so far; each check goes on from there."""

    world: World
    history: History
    streamed: Streamed
    places: Places

    def __post_init__(self) -> None:
        """Begin with everything unread."""
        kafka = self.world.settings.kafka_address
        self.settling = Settling(self.world)
        self.intake, self.results, self.scores, self.copies = (
            Tail(kafka, topic) for topic in (letters.INTAKE, RESULTS, SCORES, COPIES)
        )
        self.streams = {tail.topic: Streams() for tail in (self.results, self.scores, self.copies)}
        self.told_results, self.told_scores = ToldResults(), ToldScores()
        self.inbox = Newest(self.world, "notification", "/v1/inbox")
        self.refusals = Newest(self.world, "monitoring", "/v1/refusals", lambda item: str(_place(item["origin"])))
        self.dead = {name: Newest(self.world, name, "/v1/operations/dead-letters") for name in STORED}

    async def check(self) -> list[Violation]:
        """Look at everything; the platform must be at rest or come to it."""
        found = await self.settling.rest()
        found += await self._topics()
        found += self.told_results.compare(self.history.expected(record.raw for record in self.intake.records))
        found += await self._facts()
        recounted = tables(self.told_results.contents(), PERIODS)
        found += compare_told(recounted, self.told_scores.last)
        found += await self._ratings(recounted)
        found += await self._letters()
        found += await self._inbox()
        found += await self._advice()
        found += self._watched()
        return found

    async def finish(self) -> list[Violation]:
        """Once at the end: topics and lists from their beginning, and what the product says of itself."""
        found = []
        for tail in (self.intake, self.results, self.scores, self.copies):
            anew = Tail(self.world.settings.kafka_address, tail.topic)
            await anew.read()
            if sorted(_one(anew.records)) != sorted(_one(tail.records)):
                found.append(Violation("topic-changed", f"{tail.topic} reads otherwise from its beginning"))
        twice = Counter(item["id"] for item in await self.inbox.whole())
        found += _compare(self.told_scores.loud(), twice, "inbox")
        answer = await self.world.http.post(self.world.url("scoring", "/v1/operations/verify"), timeout=120.0)
        if answer.status_code != 200 or answer.json()["items"]:
            found.append(Violation("verify", f"{answer.status_code} {answer.text[:1000]}"))
        if not self.places.highest or not self.streamed.ids:
            found.append(Violation("blind", "the watchers saw nothing: what they did not see proves nothing"))
        return found

    async def _topics(self) -> list[Violation]:
        found = self._intake(await self.intake.read())
        results = await self.results.read()
        found += self.streams[RESULTS].feed(results) + self.told_results.feed(results)
        scores = await self.scores.read()
        found += self.streams[SCORES].feed(scores) + self.told_scores.feed(scores, self.told_results.quiet)
        found += self.streams[COPIES].feed(await self.copies.read(), one_key=COPIES)
        return found

    def _intake(self, records: Iterable[Record]) -> list[Violation]:
        """Kafka keeps what it acknowledged; nobody else writes there."""
        found = [
            Violation("foreign-record", f"{one.topic} {one.place}: {one.raw}")
            for one in records
            if one.raw not in self.history.sent
        ]
        log = {one.place: one.raw for one in self.intake.records}
        found += [
            Violation("lost-record", f"{letters.INTAKE} {place} was acknowledged")
            for place, raw in self.history.acknowledged.items()
            if log.get(place) != raw
        ]
        return found

    async def _facts(self) -> list[Violation]:
        """Scoring keeps every revision once."""
        kept = {row["_id"] for row in await self.world.rows("scoring", "facts", None, "_id")}
        told = self.told_results.facts()
        found = [Violation("fact-missing", name) for name in sorted(told - kept)]
        return found + [Violation("fact-extra", name) for name in sorted(kept - told)]

    async def _ratings(self, recounted: Tables) -> list[Violation]:
        found = []
        for period in sorted({key.period for key in self.told_results.revisions}):
            for group in (*GROUPS, "overall"):
                rating = await self.world.get("scoring", f"/v1/ratings/{period}", group=group)
                scores = {name: recounted[name, period][group] for name in municipalities()}
                found += compare_rating(rating, scores, period=period, group=group)
        return found

    async def _letters(self) -> list[Violation]:
        due = letters.wanted(self.intake.records, self.history.sent)
        found = []
        for name, listing in self.dead.items():
            items = (await listing.read()).values()
            found += letters.compare(due if name == "monitoring" else {}, _codes(items), where=f"operators of {name}")
        refused = (await self.refusals.read()).values()
        found += letters.compare(due, _codes(refused), where="refusals")
        copied, wrong = letters.copied(self.copies.records, self.intake.records)
        return found + wrong + letters.compare(due, copied, where="copies")

    async def _inbox(self) -> list[Violation]:
        due = self.told_scores.loud()
        found = _compare(due, Counter([*await self.inbox.read()]), "inbox")
        with contextlib.suppress(AssertionError):
            await eventually(lambda: due <= self.streamed.items.keys(), within=STREAMED_WITHIN)
        return found + _compare(due, Counter(self.streamed.items), "stream")

    async def _advice(self) -> list[Violation]:
        """Every told fall of a level drafted one recommendation."""
        drafted = await self.world.rows("roadmap", "recommendations", None, "_id")
        return advice.compare(advice.due(self.told_scores.bodies.values()), (row["_id"] for row in drafted))

    def _watched(self) -> list[Violation]:
        found = []
        for seer in (self.world, self.history, self.streamed, self.places):
            found += seer.violations
            seer.violations.clear()
        return found


def _compare(due: set[str], shown: Counter[str], where: str) -> list[Violation]:
    found = [Violation(f"{where}-missing", name) for name in sorted(due - shown.keys())]
    found += [Violation(f"{where}-extra", name) for name in sorted(shown.keys() - due)]
    return found + [Violation(f"{where}-twice", name) for name, count in sorted(shown.items()) if count > 1]


def _codes(items: Iterable[Mapping[str, Any]]) -> dict[letters.Place, str]:
    return {_place(item["origin"]): item["code"] for item in items}


def _place(origin: Mapping[str, Any]) -> letters.Place:
    return origin["topic"], origin["partition"], origin["offset"]


def _one(records: Sequence[Record]) -> list[tuple[int, int, str]]:
    return [(*record.place, repr(record.raw)) for record in records]
