"""As of an instant: names of that day, permitted uses as they were known; an edition keeps those of its own."""

from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest

from services.scoring.domain import instant_text
from services.scoring.domain.league import League
from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.store import Store
from services.scoring.usecases import Scoring
from shared.mongo import Database, UpdateOne
from shared.testing import FrozenClock
from tests.integration.scoring.told import take
from tests.unit.scoring.made import START, document, fact

JULY = datetime(2023, 6, 30, 19, tzinfo=UTC)  # midnight in Yekaterinburg
EVE, DAY = {"as_of": "2023-06-30T23:59:59+05:00"}, {"as_of": "2023-07-01T00:00:00+05:00"}
RENAMED = (
    Named("Старый МР", "75701000", "2014-01-01", "2023-07-01"),
    Named("Новый МО", "75501000", "2023-07-01"),
)
FULL = {"i1": "2", "i2": "40"}


def described(revision: int, *uses: str, at: datetime) -> dict[str, Any]:
    row = {"_id": "first", "revision": revision, "name": "Первая", "permitted_uses": list(uses), "act": f"№ {revision}"}
    return row | {"described_at": instant_text(at)}


PERMITTED = described(1, "municipality_scoring", at=datetime(2023, 1, 1, tzinfo=UTC))
BARRED = described(2, "analysis", at=JULY)
FLAG = {"procedure": "first", "code": "use-not-permitted", "act": "№ 2", "title": "Первая"}


@pytest.fixture(autouse=True)
async def region(scoring: Scoring, clock: FrozenClock) -> None:
    """On 1 July 2023 m1 was renamed and m3 formed, and `first` may not be used for scoring any more."""
    others = [
        Municipality("m2", 1, "74", (Named("Ашинский", "75702000", "2014-01-01"),)),
        Municipality("m3", 1, "74", (Named("Яровой", "75503000", "2023-07-01"),)),
    ]
    await scoring.batches.take(None, News((), [Municipality("m1", 1, "74", RENAMED), *others], (PERMITTED, BARRED)))
    await take(
        scoring, fact("r1", period="2023", values=FULL), fact("r2", municipality="m2", period="2023", values=FULL)
    )
    await scoring.state.load_registers()
    clock.now = datetime(2023, 9, 1, tzinfo=UTC)


async def asked(http: httpx.AsyncClient, path: str, **params: str) -> dict[str, Any]:
    year = {"period": "2023"} if path.startswith("/v1/scores") else {}
    answer = await http.get(path, params=year | params)
    return answer.raise_for_status().json()


async def test_a_rating_as_of_a_day_calls_everybody_by_the_name_of_that_day_in_the_region(
    http: httpx.AsyncClient,
) -> None:
    eve, day = await asked(http, "/v1/ratings/2023", **EVE), await asked(http, "/v1/ratings/2023", **DAY)
    assert [row["municipality"]["name"] for row in eve["rows"]] == ["Ашинский", "Старый МР"]
    assert [row["municipality"]["name"] for row in day["rows"]] == ["Ашинский", "Новый МО"]
    assert eve["rows"][1]["municipality"] == {"id": "m1", "name": "Старый МР", "oktmo": "75701000"}
    assert [(one["state"], one["reason"]) for one in eve["no_data"]] == [("did_not_exist", "образован 01.07.2023")]
    assert [(one["state"], one["reason"]) for one in day["no_data"]] == [("no_data", "нет действующих результатов")]


async def test_a_score_and_its_explanation_as_of_a_day_bear_that_days_name_and_flags(http: httpx.AsyncClient) -> None:
    for path in ("/v1/scores/m1", "/v1/scores/m1/explain"):
        eve, day, now = await asked(http, path, **EVE), await asked(http, path, **DAY), await asked(http, path)
        assert (eve["municipality"]["name"], eve["flags"]) == ("Старый МР", []), path
        assert (day["municipality"]["name"], day["flags"]) == ("Новый МО", [FLAG]), path
        assert (now["municipality"], now["flags"]) == (day["municipality"], day["flags"]), path
    assert (await asked(http, "/v1/scores/m3", **EVE))["overall"] == {"state": "did_not_exist"}


async def test_a_rating_as_of_now_is_the_live_one_whenever_it_was_counted_last(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    """An edition put later writes every card again: the data are as old as they were."""
    await scoring.methodologies.put("again", document(id="again"))
    now, live = (
        await asked(http, "/v1/ratings/2023", as_of="2023-09-01T00:00:00Z"),
        await asked(http, "/v1/ratings/2023"),
    )
    assert live["methodology"] == "again"
    assert now | {"as_of": live["as_of"]} == live
    assert live["flags"] == [FLAG]
    [period] = (await asked(http, "/v1/periods"))["items"]
    explained = await asked(http, "/v1/scores/m1/explain")
    dated = [live, period, explained, *live["rows"]]
    assert [one["data_at"] for one in dated] == [instant_text(START)] * len(dated)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/ratings/2023?", "as_of"),
        ("/v1/scores/m1?period=2023&", "as_of"),
        ("/v1/scores/m1/explain?period=2023&", "as_of"),
        ("/v1/scores/m1/compare?period=2023&", "as_of"),
        ("/v1/scores/m1/compare?period=2023&with=m2&", "to"),
    ],
)
async def test_what_lies_beyond_the_clock_of_the_service_is_refused(
    http: httpx.AsyncClient, clock: FrozenClock, path: str, name: str
) -> None:
    """Tomorrow the same question would have another answer; a minute is left to clocks that differ."""
    clock.now = datetime(2023, 9, 1, tzinfo=UTC)
    assert (await http.get(f"{path}{name}=2023-09-01T00:01:00Z")).status_code == 200
    refused = await http.get(f"{path}{name}=2023-09-01T00:01:01Z")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")
    [wrong] = refused.json()["errors"]
    assert (wrong["pointer"], wrong["code"]) == (f"/{name}", "in-the-future")
    assert "01.09.2023 05:00" in wrong["remedy"], "by the clocks of Yekaterinburg"


async def test_a_schools_later_result_says_nothing_of_a_rating_as_of_an_instant(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    later = {"as_of": "2023-09-01T00:00:00Z"}
    asking = [("/v1/ratings/2023", later), ("/v1/scores/m1", later), ("/v1/scores/m1/explain", later)]
    before = [await asked(http, path, **at) for path, at in asking]
    school = fact("s1", organization="school-1", period="2023", values={"i1": "1", "i2": "10"}, at=60)
    await take(scoring, school)
    assert [await asked(http, path, **at) for path, at in asking] == before
    assert {row["data_at"] for row in before[0]["rows"]} == {before[0]["data_at"]} == {instant_text(START)}
    assert [one.id for one in await Store(empty, home="").facts_of(League("", "2023"), municipality="m1")] == ["r1:1"]


async def test_an_edition_bears_the_names_and_flags_of_its_instant_and_comes_out_the_same_afterwards(
    scoring: Scoring, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    clock.now = datetime(2023, 6, 30, 18, tzinfo=UTC)
    body = {"period": "2023", "reply_until": "2023-07-20"}
    made = await http.post("/v1/editions", json=body, headers={"Authorization": "Bearer operator"})
    address = f"/v1/editions/{made.raise_for_status().json()['id']}"
    content = (await http.get(f"{address}/content")).raise_for_status().content
    rating = orjson.loads(content)["ratings"][0]
    assert [row["municipality"]["name"] for row in rating["rows"]] == ["Ашинский", "Старый МР"]
    assert ([one["state"] for one in rating["no_data"]], rating["flags"]) == (["did_not_exist"], [])
    clock.now = datetime(2023, 9, 1, tzinfo=UTC)
    other = Named("Иной МО", "75501000", "2023-08-01")
    await scoring.batches.take(None, News((), [Municipality("m1", 2, "74", (*RENAMED, other))], ()))
    assert (await http.get(f"{address}/content")).content == content
    again = await http.post(f"{address}/reproduce", headers={"Authorization": "Bearer operator"})
    assert again.raise_for_status().json()["equal"] is True


async def test_what_was_stored_by_name_alone_is_completed_when_its_topic_is_read_again(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    whole = await empty.find_one("procedures", {"_id": "first"})
    lost = dict.fromkeys(("permitted_uses", "permitted", "act", "school", "described_at"), "")
    await empty.write("procedures", [UpdateOne({"_id": "first"}, {"$unset": lost})])
    await scoring.state.load_registers()
    assert (await asked(http, "/v1/ratings/2023"))["flags"] == []
    await scoring.batches.take(None, News((), (), (BARRED,)))
    await scoring.state.load_registers()
    assert (await asked(http, "/v1/ratings/2023"))["flags"] == [FLAG]
    assert (await asked(http, "/v1/ratings/2023", **EVE))["flags"] == []
    kept = await empty.find_one("procedures", {"_id": "first"})
    assert whole is not None
    assert kept == whole | {"permitted": [{"uses": ["analysis"], "act": "№ 2", "since": instant_text(JULY)}]}
