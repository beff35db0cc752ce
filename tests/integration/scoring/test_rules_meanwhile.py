"""Rules that are stored while cards are recounted, or first made, by older ones: they hold in the end, told once."""

import asyncio
from typing import Any

import httpx
import pytest

from services.scoring.usecases import Scoring
from shared.mongo import Database
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.test_rules import region, stated
from tests.integration.scoring.told import overall, take, told_scores
from tests.unit.scoring.made import document, fact

__all__ = ["region"]
FULL = {"i1": "2", "i2": "40"}


async def news(database: Database, after: int) -> list[tuple[str, list[bool]]]:
    """Whose scores were told since, and whether each named rule was withdrawn."""
    told = (await told_scores(database))[after:]
    return [(one["municipality"], [rule["withdrawn"] for rule in one["rules"]]) for one in told]


async def test_an_act_that_is_stored_while_another_process_rebuilds_is_not_undone(
    scoring: Scoring,
    http: httpx.AsyncClient,
    new_worker: NewWorker,
    empty: Database,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = new_worker()
    await other.load()
    switch = other.recounts._store.switch

    async def late(*given: Any, **named: Any) -> Any:
        monkeypatch.undo()
        assert (await stated(http)).status_code == 201
        return await switch(*given, **named)

    monkeypatch.setattr(other.recounts._store, "switch", late)
    before = len(await told_scores(empty))
    await other.recounts.rebuild()
    found = await news(empty, before)
    assert len(found) == 1
    assert not any(any(rules) for _, rules in found), "nothing was withdrawn"
    reborn = new_worker()
    await reborn.load()
    assert overall(reborn, "m1") == overall(scoring, "m1") == "3"
    assert await reborn.recounts.verify() == []


async def test_a_process_that_lags_behind_takes_no_newer_act_back(
    scoring: Scoring,
    http: httpx.AsyncClient,
    new_worker: NewWorker,
    empty: Database,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lagging = new_worker()
    await lagging.load()
    before, told = lagging.settling.known(), len(await told_scores(empty))
    assert (await stated(http)).status_code == 201
    recount = lagging.recounts._store.recount

    async def late(*given: Any, **named: Any) -> Any:
        monkeypatch.undo()
        assert (await stated(http, procedure="third")).status_code == 201
        return await recount(*given, **named)

    monkeypatch.setattr(lagging.recounts._store, "recount", late)
    await lagging.state.load_registers()
    await lagging.settling._settle(before)
    found = await news(empty, told)
    assert not any(any(rules) for _, rules in found), "nothing was withdrawn"
    assert await scoring.recounts.verify() == await lagging.recounts.verify() == []


@pytest.mark.parametrize("what", ["act", "edition"])
async def test_a_first_result_beside_new_rules_is_scored_by_them(
    scoring: Scoring,
    http: httpx.AsyncClient,
    new_worker: NewWorker,
    *,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    """The result is decided, rules are stored and applied to everybody who is there, then the batch commits."""
    keep, held, go = scoring.batches._store._keep_facts, asyncio.Event(), asyncio.Event()

    async def late(*given: Any, **named: Any) -> Any:
        held.set()
        await go.wait()
        return await keep(*given, **named)

    monkeypatch.setattr(scoring.batches._store, "_keep_facts", late)
    batch = asyncio.create_task(take(scoring, fact("r9", municipality="m3", values=FULL)))
    await held.wait()
    if what == "act":
        assert (await stated(http, municipalities=["m3"])).status_code == 201
    else:
        await scoring.editions.put("small2", {**document(), "id": "small2"})
    go.set()
    await batch
    assert await scoring.recounts.verify() == []
    reborn = new_worker()
    await reborn.load()
    assert await reborn.recounts.verify() == []
