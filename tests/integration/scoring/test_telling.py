"""Told changes of ranks: the difference to what was told last, once, whoever tells it."""

import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest

from services.scoring.domain.league import League
from services.scoring.usecases import Scoring
from shared.kernel import Unavailable
from shared.mongo import Database
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.told import take, told_ratings, told_scores
from tests.unit.scoring.made import HERE, fact

FULL = {"i1": "2", "i2": "40"}
MORE = {"i1": "1", "i2": "40"}
SOME = {"i1": "2", "i2": "10"}
LESS = {"i1": "1", "i2": "10"}


def named(told: dict[str, Any]) -> dict[str, tuple[int | None, int | None]]:
    """The ranks before and after of those that an event names."""
    return {one["municipality"]: (one["before"], one["after"]) for one in told["movers"]}


async def test_moved_ranks_are_told_once(scoring: Scoring, empty: Database) -> None:
    await take(scoring, fact("r1", values=LESS), fact("r2", municipality="m2", values=FULL))
    await scoring.telling.tell_rating(HERE)
    await scoring.telling.tell_rating(HERE)
    (told,) = await told_ratings(empty)
    assert (told["period"], told["moved"], told["quiet"]) == ("2022", 2, False)
    assert told["movers"] == [
        {"municipality": "m2", "before": None, "after": 1},
        {"municipality": "m1", "before": None, "after": 2},
    ]


async def test_two_tellers_tell_a_change_once(scoring: Scoring, new_worker: NewWorker, empty: Database) -> None:
    await take(scoring, fact("r1", values=LESS), fact("r2", municipality="m2", values=FULL))
    other = new_worker()
    await other.load()
    await asyncio.gather(*(worker.telling.tell_rating(HERE) for worker in (scoring, other, scoring, other)))
    assert len(await told_ratings(empty)) == 1


async def test_a_copy_that_has_seen_less_tells_nothing(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    await take(scoring, fact("r1", values=LESS), fact("r2", municipality="m2", values=FULL))
    behind = new_worker()
    await behind.load()
    await take(scoring, fact("r1", 2, values=FULL))
    await scoring.telling.tell_rating(HERE)
    await behind.telling.tell_rating(HERE)
    assert len(await told_ratings(empty)) == 1


async def test_a_copy_that_is_behind_with_one_and_ahead_with_another_takes_back_nothing_that_was_told(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    await take(scoring, fact("r1", values=LESS), fact("r2", municipality="m2", values=SOME))
    behind = new_worker()
    await behind.load()
    await take(scoring, fact("r1", 2, values=FULL))
    await scoring.telling.tell_rating(HERE)
    for revision, values in enumerate((MORE, SOME, MORE), 2):
        await take(behind, fact("r2", revision, municipality="m2", values=values))
    assert behind.state.mirror.age(HERE) > scoring.state.mirror.age(HERE)
    await behind.telling.tell_rating(HERE)
    assert [named(one) for one in await told_ratings(empty)] == [{"m1": (None, 1), "m2": (None, 2)}]


async def test_ranks_that_never_were_are_not_told(scoring: Scoring, new_worker: NewWorker, empty: Database) -> None:
    """The first goes ahead, then the second follows: to whoever has not seen the first go, it is overtaken."""
    await take(scoring, fact("r1", values=SOME), fact("r2", municipality="m2", values=LESS))
    await scoring.telling.tell_rating(HERE)
    behind = new_worker()
    await behind.load()
    await take(scoring, fact("r1", 2, values=FULL))
    await take(behind, fact("r2", 2, municipality="m2", values=MORE))
    await behind.telling.tell_rating(HERE)
    assert len(await told_ratings(empty)) == 1
    await take(behind, fact("r4", municipality="m4", values=MORE))
    await behind.telling.tell_rating(HERE)
    assert [named(one) for one in await told_ratings(empty)][1:] == [{"m4": (None, 2)}]


async def test_who_tells_behind_another_tells_only_what_came_since(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    await take(scoring, fact("r1", values=LESS), fact("r2", municipality="m2", values=SOME))
    await scoring.telling.tell_rating(HERE)
    other = new_worker()
    await other.load()
    await take(other, fact("r1", 2, values=FULL))
    await other.telling.tell_rating(HERE)
    await take(scoring, fact("r3", municipality="m3", values=LESS))
    await scoring.telling.tell_rating(HERE)
    await scoring.load()
    await scoring.telling.tell_rating(HERE)
    assert [named(one) for one in await told_ratings(empty)][1:] == [{"m1": (2, 1), "m2": (1, 2)}, {"m3": (None, 3)}]


async def test_a_loud_change_is_told_loudly_also_where_telling_it_failed_first(
    scoring: Scoring, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Unavailable("mongo")

    await take(scoring, fact("r1", values=LESS))
    with monkeypatch.context() as patched:
        patched.setattr(scoring.telling._store, "tell_rating", away)
        with pytest.raises(Unavailable):
            await scoring.telling.tell_rating(HERE)
    await scoring.telling.tell_rating(HERE)
    assert [one["quiet"] for one in await told_ratings(empty)] == [False]


@pytest.mark.parametrize("quiet", [False, True])
async def test_what_is_told_with_a_loud_change_of_another_process_is_loud(
    scoring: Scoring, new_worker: NewWorker, empty: Database, *, quiet: bool
) -> None:
    await take(scoring, fact("r1", values=SOME, quiet=True), fact("r2", municipality="m2", values=LESS, quiet=True))
    behind = new_worker()
    await behind.load()
    await behind.telling.tell_rating(HERE)
    await take(scoring, fact("r1", 2, values=FULL, quiet=quiet))
    await take(behind, fact("r3", municipality="m3", values=SOME, quiet=True))
    await behind.telling.tell_rating(HERE)
    assert [one["quiet"] for one in await told_ratings(empty)] == [True, quiet]


async def test_where_the_cards_were_rebuilt_meanwhile_nobody_is_told_to_have_lost_a_rank(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    await take(scoring, fact("r1", values=SOME), fact("r2", municipality="m2", values=LESS))
    await scoring.telling.tell_rating(HERE)
    await take(scoring, fact("r2", 2, municipality="m2", values=FULL))
    rebuilder = new_worker()
    await rebuilder.load()
    await rebuilder.recounts.rebuild()
    woken: list[League] = []
    scoring.state.moved = woken.append
    await scoring.telling.tell_rating(HERE)
    assert (len(await told_ratings(empty)), woken) == (1, [HERE])
    await scoring.load()
    await scoring.telling.tell_rating(HERE)
    assert [named(one) for one in await told_ratings(empty)][1:] == [{"m2": (2, 1), "m1": (1, 2)}]


async def test_after_a_crash_the_difference_is_told_at_the_next_start(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    await take(scoring, fact("r1", values=LESS))
    woken: list[League] = []
    reborn = new_worker()
    reborn.state.moved = woken.append
    await reborn.load()
    assert set(woken) == {HERE}
    await reborn.telling.tell_rating(HERE)
    assert [one["moved"] for one in await told_ratings(empty)] == [1]


async def test_ranks_moved_by_quiet_changes_are_told_quietly(scoring: Scoring, empty: Database) -> None:
    await take(scoring, fact("r1", values=LESS, quiet=True))
    await scoring.telling.tell_rating(HERE)
    await take(
        scoring, fact("r2", municipality="m2", values=LESS, quiet=True), fact("r3", municipality="m3", values=FULL)
    )
    await scoring.telling.tell_rating(HERE)
    assert [one["quiet"] for one in await told_ratings(empty)] == [True, False]


async def test_a_loud_change_that_moved_no_rank_does_not_make_a_later_quiet_one_loud(
    scoring: Scoring, empty: Database
) -> None:
    await take(scoring, fact("r1", values=LESS, quiet=True))
    await scoring.telling.tell_rating(HERE)
    await take(scoring, fact("r1", 2, values=FULL))
    await scoring.telling.tell_rating(HERE)
    await take(scoring, fact("r2", municipality="m2", values=LESS, quiet=True))
    await scoring.telling.tell_rating(HERE)
    assert [one["quiet"] for one in await told_ratings(empty)] == [True, True]


async def test_a_live_rating_that_includes_a_told_change_says_so_by_its_as_of(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    """Not by its `data_at`: that is when the last result was recorded, which may be long before the change."""
    await take(scoring, fact("r1", values=LESS, at=-100_000))
    await scoring.telling.tell_rating(HERE)
    told = [*await told_scores(empty), *await told_ratings(empty)]
    at = {datetime.fromisoformat(one["data_at"]) for one in told}
    rating, score = [(await http.get(path)).json() for path in ("/v1/ratings/2022", "/v1/scores/m1?period=2022")]
    assert at == {datetime.fromisoformat(one["as_of"]) for one in (rating, score)}
    assert datetime.fromisoformat(rating["data_at"]) < min(at)
