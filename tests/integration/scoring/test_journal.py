"""Who put rules in force, took them back or opened a rating: kept with what held before."""

from copy import deepcopy

import httpx

from services.scoring.domain.names import Municipality, Named
from services.scoring.usecases import Scoring
from services.scoring.usecases.batches import News
from shared.mongo import Database
from tests.unit.scoring.made import document
from tests.unit.scoring.schools.made import document as thresholds

ACT = {
    "procedure": "first", "period": "2022", "municipalities": ["m1"], "reason": "нет таких школ",
    "act": {"number": "приказ № 5", "date": "2022-10-10"},
}  # fmt: skip


async def lines(database: Database, of: str) -> list[tuple[str | None, str | None]]:
    found = await database.find("journal", {"of": of}, sort=[("_id", 1)])
    return [(one["account"], one["action"]) for one in found]


async def test_by_which_act_a_rating_was_closed_before_it_was_opened_by_another(
    http: httpx.AsyncClient, empty: Database
) -> None:
    path = "/v1/periods/2022/publication"
    await http.put(path, json={"public": False, "act": "приказ № 1"})
    await http.put(path, json={"public": True, "act": "приказ № 2"}, headers={"If-Match": '"1"'})
    first, last = await empty.find("journal", {"of": "published_periods"}, sort=[("_id", 1)])
    assert (first["before"], last["before"]["act"], last["before"]["public"]) == (None, "приказ № 1", False)
    assert await lines(empty, "published_periods") == [("ministry", "period.publish")] * 2


async def test_who_put_rules_in_force_and_stated_and_withdrew_an_act(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    municipality = Municipality("m1", 1, "74", (Named("М1", "75701000", "2014-01-01"),))
    await scoring.batches.take(None, News((), [municipality], ()))
    later = document(id="later", in_force={"from": 2024}, applicability=[])
    assert (await http.put("/v1/methodologies/later", json=later)).status_code == 201
    assert (await http.put("/v1/methodologies/later", json=later)).json()["status"] == "unchanged"
    assert await lines(empty, "methodologies") == [(None, None), ("ministry", "methodology.put")]
    made = await http.post("/v1/applicability", json=ACT, headers={"Authorization": "Bearer operator"})
    again = {"If-Match": '"1"'}
    await http.post(f"{made.headers['location']}/withdrawal", json={"reason": "ошибка"}, headers=again)
    stated = ("operator", "applicability.state")
    assert await lines(empty, "applicability") == [stated, ("ministry", "applicability.state")]


async def test_what_a_set_of_thresholds_was_before_it_was_replaced(http: httpx.AsyncClient, empty: Database) -> None:
    path, one = "/v1/school-thresholds/later", thresholds(id="later", in_force={"from": 2021, "to": 2025})
    other = deepcopy(one)
    other["title"] = "Другой"
    await http.put(path, json=one)
    assert (await http.put(path, json=other, headers={"If-Match": '"1"'})).json()["status"] == "replaced"
    first, last = await empty.find("journal", {"of": "school_thresholds"}, sort=[("_id", 1)])
    assert (first["before"], last["before"]["document"]["title"]) == (None, one["title"])
