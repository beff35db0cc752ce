"""Ratings once editions exist: the public reads the last one, the live one is compared with it."""

import asyncio
from typing import Any

import httpx
import pytest

from services.scoring.usecases import Scoring
from services.scoring.usecases.measures import LEVELS, measure_levels
from shared.kernel import NotFound
from shared.testing import eventually
from tests.integration.scoring.publication.conftest import ACT, FULL, People, code
from tests.integration.scoring.told import take
from tests.unit.scoring.made import fact

PATH = "/v1/ratings/2022"


async def changes(people: People, path: str, who: str | None) -> dict[str, object]:
    found = (await people.ask(who, "GET", path)).raise_for_status().json()
    return {row["municipality"]["id"]: row["change"] for row in found["rows"]}


async def correct(people: People, scoring: Scoring) -> None:
    """m1 catches up, after the edition."""
    minutes = int((people.clock.now.timestamp() - 1_672_531_200) // 60)
    await take(scoring, fact("r1", 2, values=FULL, at=minutes))


async def second(people: People) -> dict[str, object]:
    edition = await people.drafted()
    people.clock.move(days=2)
    frozen = (await people.act("ministry", edition, "freeze")).json()
    act = {"act": {"number": "02-15", "date": "2023-02-25"}}
    return (await people.act("ministry", frozen, "publish", act)).raise_for_status().json()


async def test_the_public_sees_nothing_before_a_publication_and_the_edition_after_it(people: People):
    await people.frozen()
    for who, status in ((None, 401), ("expert", 403)):
        assert (await people.ask(who, "GET", PATH)).status_code == status
        assert (await people.ask(who, "GET", f"{PATH}?edition=2022-1")).status_code == 404
    assert (await people.ask(None, "GET", "/v1/periods")).json()["items"] == []
    people.clock.move(days=20)
    await people.act("ministry", await people.one("2022-1"), "publish", ACT)
    for who in (None, "expert"):
        told = (await people.ask(who, "GET", PATH)).raise_for_status().json()
        assert (told["edition"], [row["rank"] for row in told["rows"]]) == ("2022-1", [1, 2, 3])
    assert (await people.ask("m1", "GET", PATH)).json()["edition"] is None
    listed = (await people.ask(None, "GET", "/v1/periods")).json()["items"]
    nothing_live = {"scored": None, "municipalities": None}
    assert listed == [{"period": "2022", "region": "", "public": True, "data_at": told["data_at"], **nothing_live}]
    [live] = (await people.ask("ministry", "GET", "/v1/periods")).json()["items"]
    assert (live["scored"], live["municipalities"]) == (3, 4)


async def test_a_later_correction_is_seen_live_and_not_in_the_edition(people: People, scoring: Scoring):
    await people.published()
    before = (await people.ask(None, "GET", PATH)).content
    assert set(map(str, (await changes(people, PATH, "m1")).values())) == {"{'rank': 0, 'percent': 0}"}
    await correct(people, scoring)
    assert (await people.ask(None, "GET", PATH)).content == before
    assert await changes(people, PATH, "m1") == {
        "m1": {"rank": -1, "percent": 33},
        "m2": {"rank": 0, "percent": 0},
        "m3": {"rank": 0, "percent": 0},
    }
    assert await changes(people, f"{PATH}?exclude=second", "m1") == {"m1": None, "m2": None, "m3": None}


async def test_the_hot_path_without_a_token_follows_the_publication(people: People, scoring: Scoring):
    act = {"public": True, "act": "приказ № 1"}
    await people.ask("ministry", "PUT", "/v1/periods/2022/publication", act)
    live = await people.ask(None, "GET", PATH)
    assert (live.json()["edition"], (await people.ask(None, "GET", PATH)).content) == (None, live.content)
    await people.published()
    told = await people.ask(None, "GET", PATH)
    assert told.json()["edition"] == "2022-1"
    again = await people.ask(None, "GET", PATH, If_None_Match=told.headers["etag"])
    assert again.status_code == 304
    await correct(people, scoring)
    assert (await people.ask(None, "GET", PATH)).content == told.content
    for hidden in (f"{PATH}?as_of=2023-02-01T00:00:00Z", f"{PATH}?as_of=2023-03-01T00:00:00Z"):
        assert (await people.ask(None, "GET", hidden)).status_code == 401, "history beyond what was published"


async def test_a_newer_edition_supersedes_and_is_compared_with_the_one_before(people: People, scoring: Scoring):
    await people.published()
    first = (await people.ask(None, "GET", PATH)).json()
    await correct(people, scoring)
    edition = await second(people)
    assert (edition["id"], edition["previous"], edition["state"]) == ("2022-2", "2022-1", "published")
    old = await people.one("2022-1", None)
    assert (old["state"], old["superseded_by"]) == ("superseded", "2022-2")
    told = (await people.ask(None, "GET", PATH)).json()
    assert told["edition"] == "2022-2"
    assert await changes(people, PATH, None) == {
        "m1": {"rank": -1, "percent": 33},
        "m2": {"rank": 0, "percent": 0},
        "m3": {"rank": 0, "percent": 0},
    }
    assert (await people.ask(None, "GET", f"{PATH}?edition=2022-1")).json() == first
    for number in (1, 2):
        again = await people.ask("operator", "POST", f"/v1/editions/2022-{number}/reproduce")
        assert again.json()["equal"] is True


async def test_a_repeat_under_the_key_of_a_publication_is_answered_the_same_when_it_is_superseded(people: People):
    frozen = await people.frozen()
    people.clock.move(days=20)
    first = await people.act("ministry", frozen, "publish", ACT, Idempotency_Key="k")
    await second(people)
    again = await people.act("ministry", frozen, "publish", ACT, Idempotency_Key="k")
    assert (again.status_code, again.json()) == (200, first.json())
    without = await people.act("ministry", frozen, "publish", ACT)
    assert (without.status_code, without.json()["code"]) == (409, "edition-state-differs")


async def test_an_edition_can_be_read_without_a_procedure(people: People, scoring: Scoring):
    await take(scoring, fact("r5", procedure="second", values={"i1": "1"}))
    await people.published()
    await correct(people, scoring)
    whole = (await people.ask(None, "GET", f"{PATH}?group=alpha")).json()
    without = (await people.ask(None, "GET", f"{PATH}?group=alpha&exclude=second")).json()
    assert {row["maximum"] for row in whole["rows"]} == {"6"}
    assert {row["maximum"] for row in without["rows"]} == {"4"}
    assert (without["edition"], {row["points"] for row in without["rows"]}) == ("2022-1", {"1", "4"})


async def test_an_edition_of_another_period_is_not_this_ones(people: People, scoring: Scoring):
    await take(scoring, fact("r9", period="2021", values=FULL))
    await people.published()
    refused: httpx.Response = await people.ask(None, "GET", "/v1/ratings/2021?edition=2022-1")
    assert (refused.status_code, refused.json()["code"]) == (404, "edition-not-found")
    assert "2022" in refused.json()["detail"]
    assert (await people.ask(None, "GET", f"{PATH}?group=gamma")).json()["code"] == "group-not-found"


@pytest.mark.parametrize("asked", ["edition=2022-1&exclude=second", "as_of=2023-01-20T00:00:00Z"])
async def test_a_crowd_of_anybody_waits_for_its_recounts_and_holds_up_none_of_the_ministrys(
    people: People, scoring: Scoring, monkeypatch: pytest.MonkeyPatch, asked: str
):
    if asked.startswith("edition"):
        await people.published()
    else:
        opening = {"public": True, "act": "приказ № 1"}
        opened = await people.ask("ministry", "PUT", "/v1/periods/2022/publication", opening, If_None_Match="*")
        opened.raise_for_status()
    gate, begun = asyncio.Event(), []

    async def slow(*told: Any) -> dict[str, Any]:
        begun.append(told)
        await gate.wait()
        raise NotFound("edition-not-found", "Нет")

    monkeypatch.setattr(scoring.ratings, "edition", slow)
    monkeypatch.setattr(scoring.ratings, "as_of", slow)
    path = f"{PATH}?{asked}"
    crowd = [asyncio.create_task(people.ask(None, "GET", path)) for _ in range(20)]
    await eventually(lambda: sum(one.done() for one in crowd) >= 15, what="the crowd is sent away")
    mine = asyncio.create_task(people.ask("ministry", "GET", path))
    await eventually(lambda: len(begun) == 2, what="one of the crowd and the ministry")
    gate.set()
    assert (await mine).status_code == 404
    assert {(await one).status_code for one in crowd} == {503, 404}


async def test_an_edition_as_of_an_instant_is_no_question(people: People):
    await people.published()
    refused = await people.ask("ministry", "GET", f"{PATH}?edition=2022-1&as_of=2023-02-01T00:00:00Z")
    assert (refused.status_code, refused.json()["code"]) == (422, "edition-and-as-of")
    assert all(name in refused.json()["detail"] for name in ("edition", "as_of"))


async def test_an_edition_as_csv_names_itself(people: People):
    await people.published()
    answer = await people.ask(None, "GET", f"{PATH}?group=overall", Accept="text/csv")
    assert 'filename="rating-2022-overall-2022-1.csv"' in answer.headers["content-disposition"]
    assert answer.text.splitlines()[1].startswith("1,m3,Яровой")


async def test_a_period_whose_only_result_was_withdrawn_is_no_period_with_scores(people: People, scoring: Scoring):
    """A result typed into the wrong year stays nobody's last year once it is withdrawn, and is nothing to publish."""
    await take(scoring, fact("typo", period="2023", values=FULL))
    listed = (await people.ask("ministry", "GET", "/v1/periods")).json()["items"]
    assert [one["period"] for one in listed] == ["2023", "2022"]
    await take(scoring, fact("typo", 2, period="2023", at=60))
    listed = (await people.ask("ministry", "GET", "/v1/periods")).json()["items"]
    assert [one["period"] for one in listed] == ["2022"]
    assert (await people.ask("ministry", "GET", "/v1/scores/m1")).json()["period"] == "2022"
    history = (await people.ask("ministry", "GET", "/v1/scores/m1/history")).json()["items"]
    assert [one["period"] for one in history] == ["2022"]
    assert (await people.ask("ministry", "GET", "/v1/trends?municipality=m1")).json()["until"] == "2022"
    measure_levels(scoring.state.mirror)
    assert LEVELS.labels("", "overall", "no_data")._value.get() == 0
    draft = {"period": "2023", "reply_until": people.clock.now.date().isoformat()}
    assert code(await people.ask("operator", "POST", "/v1/editions", draft)) == (404, "period-not-found")


async def test_a_published_period_stays_one_when_its_results_are_withdrawn(people: People, scoring: Scoring):
    await people.published()
    before = (await people.ask(None, "GET", "/v1/periods")).json()
    gone = [fact("r1", 2, at=60), *(fact(f"r{n}", 2, municipality=f"m{n}", at=60) for n in (2, 3))]
    await take(scoring, *gone)
    assert (await people.ask(None, "GET", "/v1/periods")).json() == before
    assert (await people.ask("expert", "GET", "/v1/scores/m1")).json()["edition"] == "2022-1"
