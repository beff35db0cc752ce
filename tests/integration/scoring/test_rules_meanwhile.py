"""Rules that are stored while cards are recounted, or first made, by older ones: they hold in the end, told once."""

import asyncio
from typing import Any

import httpx
import pytest

from services.scoring.usecases import Scoring
from shared.mongo import Database
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.meanwhile import before_step
from tests.integration.scoring.test_rules import region, stated
from tests.integration.scoring.test_settling import away
from tests.integration.scoring.told import overall, take, told_scores
from tests.unit.scoring.made import document, fact

__all__ = ["region"]
FULL = {"i1": "2", "i2": "40"}
CORRECTED = fact("r1", 2, values={"i1": "1", "i2": "40"})


async def news(database: Database, before: list[dict[str, Any]]) -> list[tuple[str, list[bool]]]:
    """Whose scores were told beside those before, and whether each named rule was withdrawn."""
    told = [one for one in await told_scores(database) if one not in before]
    return [(one["municipality"], [rule["withdrawn"] for rule in one["rules"]]) for one in told]


async def state(http: httpx.AsyncClient, **changes: Any) -> None:
    assert (await stated(http, **changes)).status_code == 201


async def withdraw(worker: Scoring, database: Database) -> None:
    """Withdraw the only act."""
    (act,) = await database.find("applicability", {})
    await worker.applying.withdraw(act["_id"], expected=1, reason="ошибка")


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
    before_step(monkeypatch, other.recounts._store, "switch", lambda: state(http))
    before = await told_scores(empty)
    await other.recounts.rebuild()
    found = await news(empty, before)
    assert found == [("m1", [False])], "told once, and nothing was withdrawn"
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
    before, told = lagging.settling.known(), await told_scores(empty)
    await state(http)
    before_step(monkeypatch, lagging.recounts._store, "recount", lambda: state(http, procedure="third"))
    await lagging.state.load_registers()
    await lagging.settling._settle(before)
    found = await news(empty, told)
    assert found == [("m1", [False])] * 2, "each act once, and nothing was withdrawn"
    assert await scoring.recounts.verify() == await lagging.recounts.verify() == []


async def test_an_act_that_is_withdrawn_in_the_moment_in_which_it_is_applied_leaves_nothing(
    scoring: Scoring,
    http: httpx.AsyncClient,
    new_worker: NewWorker,
    empty: Database,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The act's score is decided; its withdrawal finds the card as it was, and has nothing to change."""
    other, points, before = new_worker(), overall(scoring, "m1"), await told_scores(empty)
    before_step(monkeypatch, scoring.recounts._store, "_put", lambda: withdraw(other, empty))
    await state(http)
    assert await empty.count("applicability", {"revision": 2}) == 1
    assert await scoring.recounts.verify() == []
    assert await news(empty, before) == []
    reborn = new_worker()
    await reborn.load()
    assert overall(reborn, "m1") == overall(scoring, "m1") == points


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
        await scoring.methodologies.put("small2", {**document(), "id": "small2"})
    go.set()
    await batch
    assert await scoring.recounts.verify() == []
    reborn = new_worker()
    await reborn.load()
    assert await reborn.recounts.verify() == []


@pytest.mark.parametrize("what", ["stated", "withdrawn"])
async def test_a_correction_beside_an_act_is_scored_by_the_rules_that_hold(
    scoring: Scoring,
    http: httpx.AsyncClient,
    new_worker: NewWorker,
    empty: Database,
    *,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    """A card says by which act each procedure does not apply, so that every act that counts for it writes it."""
    other = new_worker()
    if what == "withdrawn":
        await state(http)
    meanwhile = {"stated": lambda: state(http), "withdrawn": lambda: withdraw(other, empty)}[what]
    before_step(monkeypatch, scoring.batches._store, "_keep_facts", meanwhile)
    await take(scoring, CORRECTED)
    assert overall(scoring, "m1") == {"stated": "3", "withdrawn": "6"}[what]
    assert await scoring.recounts.verify() == []


async def test_a_correction_of_a_card_that_waits_for_an_act_is_scored_without_it_once_it_is_withdrawn(
    scoring: Scoring,
    http: httpx.AsyncClient,
    new_worker: NewWorker,
    empty: Database,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The batch applies an act that nobody could apply yet, and its withdrawal finds the card as it was."""
    other, before = new_worker(), await told_scores(empty)
    monkeypatch.setattr(scoring.recounts, "mend_all", away)
    assert (await stated(http)).status_code == 503
    monkeypatch.undo()
    before_step(monkeypatch, scoring.batches._store, "_put", lambda: withdraw(other, empty))
    await take(scoring, CORRECTED)
    assert overall(scoring, "m1") == "6"
    assert await scoring.recounts.verify() == []
    assert await news(empty, before) == [("m1", [])]
