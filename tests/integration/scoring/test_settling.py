"""Rules that are stored are applied, once, whoever has not heard of them, fell or lost the store in between."""

import itertools
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.scoring.usecases import Scoring
from shared.kernel import Unavailable
from shared.mongo import Database
from shared.testing import eventually
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.test_rules import region, stated
from tests.integration.scoring.told import overall, take, told_scores
from tests.unit.scoring.made import fact

__all__ = ["region"]


async def test_another_process_that_has_not_heard_of_an_act_decides_by_it_all_the_same(
    scoring: Scoring, new_worker: NewWorker, http: httpx.AsyncClient, empty: Database
) -> None:
    behind = new_worker()
    await behind.load()
    await stated(http)
    await behind.state.load_cards()
    told = len(await told_scores(empty))
    await take(behind, fact("r1", 2, values={"i1": "1", "i2": "40"}))
    assert (overall(behind, "m1"), len(await told_scores(empty))) == ("3", told)
    assert await scoring.recounts.verify() == []


async def test_a_process_that_follows_settles_an_act_once(
    following: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    told = len(await told_scores(empty))
    await stated(http)
    await eventually(lambda: overall(following, "m1") == "3")
    assert len(await told_scores(empty)) == told + 1


async def away(*_: Any) -> int:
    raise Unavailable("mongodb")


async def test_rules_stored_before_a_crash_are_applied_at_the_next_start(
    scoring: Scoring, new_worker: NewWorker, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring.recounts, "mend_all", away)
    assert (await stated(http)).status_code == 503
    reborn = new_worker()
    await reborn.load()
    assert overall(reborn, "m1") == "3"
    assert await reborn.recounts.verify() == []
    idle = new_worker()
    await idle.state.load_registers()
    assert idle.state.settled == idle.state.number


async def test_rules_that_could_not_be_applied_are_applied_with_the_next_ones(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(scoring.recounts, "mend_all", away)
        assert (await stated(http)).status_code == 503
    assert (await stated(http, municipalities=["m2"])).status_code == 201
    assert (overall(scoring, "m1"), overall(scoring, "m2")) == ("3", None)
    assert await scoring.recounts.verify() == []


async def test_rules_that_could_not_be_read_back_are_not_forgotten(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed: list[str] = []
    scoring.settling.missed = missed.append
    with monkeypatch.context() as patch:
        # Behind the number of the rules, which is taken over first.
        patch.setattr(scoring.state, "_permit", away_from(1, scoring.state._permit))
        assert (await stated(http)).status_code == 503
    assert (missed, scoring.state.number) == (["rules"], scoring.state.settled + 1)
    await scoring.settling.again()
    assert overall(scoring, "m1") == "3"
    assert scoring.state.settled == scoring.state.number


def away_from(first: int, real: Callable[..., None]) -> Callable[..., None]:
    """The same, but away from a call on."""
    calls = itertools.count()

    def called(*given: Any) -> None:
        if next(calls) >= first:
            raise Unavailable("mongodb")
        real(*given)

    return called


async def test_a_process_that_lags_behind_rules_nobody_could_apply_applies_them_to_everybody(
    scoring: Scoring, new_worker: NewWorker, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it knows and what is stored now say the same; the cards follow what was stored in between."""
    behind = new_worker()
    await behind.load()
    known = behind.settling.known()
    act = await stated(http)
    monkeypatch.setattr(scoring.recounts, "mend_all", away)
    withdrawal = f"{act.headers['location']}/withdrawal"
    refused = await http.post(withdrawal, json={"reason": "ошибка"}, headers={"If-Match": '"1"'})
    assert (refused.status_code, overall(scoring, "m1")) == (503, "3")
    await behind.settling.settle(known)
    assert overall(behind, "m1") == "7"
    assert await behind.recounts.verify() == []
