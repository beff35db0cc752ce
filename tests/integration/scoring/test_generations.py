"""A rebuild makes cards beside those in use and switches at once, while batches go on; killed, it leaves no trace."""

import asyncio
from typing import Any

import pytest

from services.scoring.usecases import Scoring
from shared.kernel import Conflict, Unavailable
from shared.mongo import Database, DeleteOne, UpdateOne
from shared.testing import eventually
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.told import cards_of, overall, take, told_scores
from tests.unit.scoring.compared import compared
from tests.unit.scoring.made import HERE, fact

FULL = {"i1": "2", "i2": "40"}


def of(number: int, revision: int, **more: Any) -> Any:
    values = {"i1": str(revision % 3), "i2": str(10 + 7 * revision * number % 31)}
    return fact(f"r{number}", revision, municipality=f"m{number}", values=values, **more)


async def names(database: Database) -> list[str]:
    return sorted(await database.collections("cards"))


async def test_a_rebuild_goes_into_a_fresh_collection_and_the_old_one_goes(scoring: Scoring, empty: Database) -> None:
    await take(scoring, *(of(number, 1) for number in range(5)))
    before = await cards_of(empty)
    assert (await scoring.recounts.rebuild()).changed == 0
    assert await names(empty) == ["cards_1"]
    assert await cards_of(empty) == before
    await take(scoring, of(1, 2), of(9, 1))
    assert len(await cards_of(empty)) == 6
    assert await scoring.recounts.verify() == []
    assert (await scoring.recounts.rebuild()).cards == 6
    assert await names(empty) == ["cards_2"]
    kept = await empty.find("journal", {"of": "cards"}, sort=[("_id", 1)])
    assert [(one["key"], one["before"]) for one in kept] == [
        ("generation 1", {"generation": 0}), ("generation 2", {"generation": 1}),
    ]  # fmt: skip


async def test_what_was_wrong_is_mended_and_told_and_what_has_no_facts_says_nothing(
    scoring: Scoring, empty: Database
) -> None:
    await take(scoring, of(1, 1), of(2, 1), of(3, 1))
    wrong = {"$set": {"scores.overall.points": 1}, "$inc": {"version": 1}}
    await empty.write("cards", [UpdateOne({"_id": "m1|2022"}, wrong)])
    await empty.write("facts", [DeleteOne({"_id": "r2:1"})])
    told = await told_scores(empty)
    assert (await scoring.recounts.rebuild()).changed == 2
    more = [one for one in await told_scores(empty) if one not in told]
    assert [(one["municipality"], one["revision"]) for one in more] == [("m1", 2), ("m2", 2)]
    assert (overall(scoring, "m2"), await scoring.recounts.verify()) == (None, [])


async def test_under_load_no_batch_is_lost_and_everything_is_as_if_nothing_had_been_rebuilt(
    scoring: Scoring, following: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    """The cards are compared, bit for bit, with those of a service that took the same batches in peace."""
    fed = asyncio.create_task(feed(scoring))
    rebuilder, rebuilds = new_worker(), 0
    await rebuilder.load()
    while not fed.done():
        await rebuilder.recounts.rebuild()
        rebuilds += 1
    await fed
    assert rebuilds > 1
    assert await empty.count("facts", {}) == 40 * 5 + 20
    assert await scoring.recounts.verify() == []
    shown = await cards_of(empty)
    told = await told_scores(empty)
    for one in shown:
        mine = [event["revision"] for event in told if event["municipality"] == one["municipality"]]
        assert mine == list(range(1, one["revision"] + 1))
    await eventually(lambda: len(following.state.mirror.of(HERE)) == len(shown))
    await eventually(lambda: following.state.mirror.of(HERE) == scoring.state.mirror.of(HERE))
    assert [plain(one) for one in shown] == await in_peace(empty, new_worker)


def plain(card: dict[str, Any]) -> dict[str, Any]:
    """Everything but the name of the writer."""
    return {field: value for field, value in card.items() if field != "by"}


async def feed(worker: Scoring) -> None:
    for revision in range(1, 41):
        more = [of(100 + revision, 1)] if revision % 2 else []
        await take(worker, *(of(number, revision) for number in range(5)), *more)


async def in_peace(database: Database, new_worker: NewWorker) -> list[dict[str, Any]]:
    """The cards of the same batches, on a database that is empty but for its rules."""
    for name in await database.collections("cards"):
        await database.discard(name)
    await database.discard("facts")
    worker = new_worker()
    await worker.load()
    await feed(worker)
    return [plain(one) for one in await cards_of(database)]


async def test_killed_in_the_middle_the_old_generation_holds_and_the_next_rebuild_removes_what_is_left(
    scoring: Scoring, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(scoring, of(1, 1), of(2, 1))

    async def killed(*_: Any, **__: Any) -> None:
        raise Unavailable("mongodb")

    with monkeypatch.context() as patched:
        patched.setattr(scoring.recounts._store, "switch", killed)
        with pytest.raises(Unavailable):
            await scoring.recounts.rebuild()
    assert await names(empty) == ["cards", "cards_1"]
    await take(scoring, of(1, 2))
    assert await scoring.recounts.verify() == []
    await scoring.recounts.rebuild()
    assert await names(empty) == ["cards_2"]
    assert await scoring.recounts.verify() == []


async def test_killed_between_the_switch_and_the_removal_everybody_goes_on_with_the_new_one(
    scoring: Scoring, following: Scoring, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(scoring, of(1, 1), of(2, 1))

    async def killed(_: str) -> None:
        raise Unavailable("mongodb")

    with monkeypatch.context() as patched:
        patched.setattr(scoring.recounts._store._db, "discard", killed)
        with pytest.raises(Unavailable):
            await scoring.recounts.rebuild()
    assert await names(empty) == ["cards", "cards_1"]
    await take(following, of(1, 2), of(3, 1))
    await take(scoring, of(2, 2))
    await eventually(lambda: overall(following, "m2") == overall(scoring, "m2") is not None)
    assert await following.recounts.verify() == []
    await following.recounts.rebuild()
    assert await names(empty) == ["cards_2"]


async def test_a_worker_that_has_not_heard_of_the_switch_writes_into_the_new_generation(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    await take(scoring, of(1, 1))
    behind = new_worker()
    await behind.load()
    await scoring.recounts.rebuild()
    await take(behind, of(1, 2))
    again = new_worker()
    await again.load()
    await scoring.recounts.rebuild()
    await take(again, of(7, 1))
    assert [one["_id"] for one in await cards_of(empty)] == ["m1|2022", "m7|2022"]
    assert await names(empty) == ["cards_2"]
    assert await scoring.recounts.verify() == []


async def test_of_two_rebuilds_the_one_begun_last_switches(
    scoring: Scoring, new_worker: NewWorker, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(scoring, of(1, 1))
    other = new_worker()
    await other.load()
    copy = scoring.recounts._store.copy

    async def meanwhile(*given: Any) -> Any:
        done = await copy(*given)
        await other.recounts.rebuild()
        return done

    monkeypatch.setattr(scoring.recounts._store, "copy", meanwhile)
    with pytest.raises(Conflict) as refused:
        await scoring.recounts.rebuild()
    assert refused.value.code == "rebuild-overtaken"
    assert await other.recounts.verify() == []
    assert [one["_id"] for one in await cards_of(empty)] == ["m1|2022"]


async def test_a_period_with_relative_rules_is_rebuilt_with_its_scale(new_worker: NewWorker, empty: Database) -> None:
    worker = new_worker()
    await worker.load()
    await worker.methodologies.put("compared", compared())
    for revision in range(1, 6):
        await take(worker, *(of(number, revision) for number in range(4)))
    before, scales = await cards_of(empty), await empty.find("scales", {})
    assert (await worker.recounts.rebuild()).changed == 0
    assert (await cards_of(empty), await empty.find("scales", {})) == (before, scales)
    await empty.write("scales", [UpdateOne({"_id": "2022"}, {"$set": {"bests": []}})])
    await worker.recounts.rebuild()
    assert await worker.recounts.verify() == []


async def test_the_watch_of_the_same_process_may_turn_to_the_new_cards_first(
    scoring: Scoring, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(scoring, *(of(number, 1) for number in range(3)))
    store = scoring.recounts._store
    plain_transact = store._db.transact

    async def turned(*args: Any, **options: Any) -> Any:
        outcome = await plain_transact(*args, **options)
        await store.turn()
        return outcome

    monkeypatch.setattr(store._db, "transact", turned)
    await scoring.recounts.rebuild()
    assert await names(empty) == ["cards_1"], "the old ones go, not the new ones"
    assert await scoring.recounts.verify() == []


async def test_a_rebuild_begun_while_another_one_switches_keeps_what_that_one_made(
    scoring: Scoring, new_worker: NewWorker, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(scoring, *(of(number, 1) for number in range(3)))
    late = new_worker()
    await late.load()
    plain_turn = late.recounts._store.turn

    async def turned() -> bool:
        found = await plain_turn()
        monkeypatch.setattr(late.recounts._store, "turn", plain_turn)
        await scoring.recounts.rebuild()
        return found

    monkeypatch.setattr(late.recounts._store, "turn", turned)
    assert await late.recounts._store.claim() == 2
    assert await names(empty) == ["cards_1", "cards_2"]
    assert await scoring.recounts.verify() == []
    assert (await late.recounts.rebuild()).changed == 0
    assert await late.recounts.verify() == []
