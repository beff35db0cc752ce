"""Trends over HTTP in process, with a made-up reform: JSON and CSV, whose years are open, what is refused."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.scoring.domain.names import Link, Municipality, Named
from services.scoring.domain.news import News
from services.scoring.store.documents import municipality_document, read_municipality
from services.scoring.usecases import Scoring
from shared.mongo import Database, UpdateOne
from shared.testing import FrozenClock
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.told import take
from tests.unit.scoring.made import document, fact
from tests.unit.scoring.reforms import REFORMED, SOYUZ

RESULTS = [
    ("74-alfa", "2020", {"i1": "1", "i2": "40"}),
    ("74-beta", "2020", {"i1": "0", "i2": "40"}),
    ("74-soyuz", "2021", {"i1": "1", "i2": "25"}),
    ("74-soyuz", "2022", {"i1": "2", "i2": "40"}),
    ("74-gamma", "2020", {"i1": "0", "i2": "10"}),
    ("74-gamma-north", "2022", {"i1": "2", "i2": "10"}),
    ("74-delta", "2020", {"i1": "1", "i2": "10"}),
]


@pytest.fixture
def home() -> str:
    """The region that the ids here name."""
    return "74"


@pytest.fixture(autouse=True)
async def reform(scoring: Scoring) -> None:
    """Results of three years; one edition for 2020 and 2021, another for 2022."""
    await scoring.methodologies.put("later", document(id="later", in_force={"from": 2022, "to": None}))
    await scoring.batches.take(None, News((), REFORMED))
    facts = [
        fact(f"r{number}", municipality=whose, period=period, values=values)
        for number, (whose, period, values) in enumerate(RESULTS)
    ]
    await take(scoring, *facts)


async def asked(http: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await http.get("/v1/trends", params={"until": "2022", **params})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def states(series: dict[str, Any]) -> list[tuple[str, str, int | None]]:
    return [(line["period"], line["state"], line.get("percent")) for line in series["lines"]]


async def test_todays_union_has_its_predecessors_as_its_past(http: httpx.AsyncClient) -> None:
    (series,) = (await asked(http, municipality="74-soyuz", group="alpha", territory="as_is"))["series"]
    first = series["lines"][0]
    assert states(series) == [("2020", "scored", 42), ("2021", "scored", 33), ("2022", "scored", 67)]
    assert (first["basis"], first["points"], first["maximum"], first["rank"]) == ("combined", "5", "12", None)
    assert [(one["municipality"]["name"], one["points"], one["rank"]) for one in first["parts"]] == [
        ("Альфа ГО", "3", 1), ("Бета МР", "2", 2),
    ]  # fmt: skip
    assert [(one["after"], one["kind"]) for one in series["breaks"]] == [("2020", "territory"), ("2021", "methodology")]
    assert series["breaks"][0]["words"] == "01.01.2021 объединение: Альфа ГО, Бета МР → Союз МО"


async def test_as_it_was_every_year_is_of_those_who_there_were(http: httpx.AsyncClient) -> None:
    body = await asked(http, group="overall")
    found = {one["municipality"]["id"]: states(one) for one in body["series"]}
    assert [state for _, state, _ in found["74-soyuz"]] == ["did_not_exist", "scored", "scored"]
    assert [state for _, state, _ in found["74-alfa"]] == ["scored", "did_not_exist", "did_not_exist"]
    assert found["74-gamma"] == [("2020", "scored", 0), ("2021", "no_data", None), ("2022", "did_not_exist", None)]
    assert len(found) == len(REFORMED)


async def test_as_it_is_only_todays_territories_are_listed(http: httpx.AsyncClient) -> None:
    body = await asked(http, group="overall", territory="as_is")
    names = [one["municipality"]["name"] for one in body["series"]]
    assert names == ["Новая Дельта МО", "Северная Гамма МО", "Союз МО", "Южная Гамма МО"]
    north = next(one for one in body["series"] if one["municipality"]["id"] == "74-gamma-north")
    assert [(one["basis"], one["state"]) for one in north["lines"]] == [
        ("predecessor", "scored"), ("predecessor", "no_data"), ("own", "scored"),
    ]  # fmt: skip


async def test_in_the_year_of_a_reform_only_those_at_its_end_are_of_today(
    http: httpx.AsyncClient, scoring: Scoring
) -> None:
    day = "2022-07-01"
    old = Municipality("74-old", 1, "74", (Named("Прежний", "75900020", "2010-01-01", day),))
    link = Link("join", "74-old", "predecessor", day)
    new = Municipality("74-new", 1, "74", (Named("Вновь созданный", "75900021", day),), (link,))
    await scoring.batches.take(None, News((), [old, new]))
    await take(scoring, fact("r9", municipality="74-old", values={"i1": "2", "i2": "40"}))
    body = await asked(http, group="overall", territory="as_is")
    found = {one["municipality"]["id"]: one["lines"][-1] for one in body["series"]}
    assert "74-old" not in found, "its results are there once"
    assert (found["74-new"]["basis"], found["74-new"]["state"]) == ("predecessor", "scored")


async def test_a_municipality_is_shown_by_group_and_by_procedure(http: httpx.AsyncClient) -> None:
    by_group = await asked(http, municipality="74-delta")
    by_procedure = await asked(http, municipality="75900007", by="procedure")
    one = await asked(http, municipality="75900008", procedure="first", years=2)
    assert [one["group"] for one in by_group["series"]] == ["overall", "alpha", "beta"]
    assert [(one["group"], one["title"]) for one in by_procedure["series"]] == [
        ("first", "Первая"), ("second", "Вторая"), ("third", "Третья"),
    ]  # fmt: skip
    assert one["periods"] == ["2021", "2022"]
    assert by_group["series"][0]["breaks"][0]["reform"] == "change_of_kind"
    assert by_group["series"][0]["lines"][0]["municipality"]["oktmo"] == "75900007"
    assert by_group["series"][0]["lines"][2]["municipality"]["oktmo"] == "75900008"


async def test_a_trend_of_years_without_an_edition_has_no_procedures_and_is_a_table_all_the_same(
    http: httpx.AsyncClient,
) -> None:
    params = {"until": "2016", "municipality": "74-soyuz", "by": "procedure"}
    answer = await http.get("/v1/trends", params=params, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="trend-2016-as_was.csv"'
    assert list(csv.DictReader(io.StringIO(answer.text))) == []


async def test_a_trend_as_csv_has_a_line_per_year_with_its_state(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/trends", params={"until": "2022", "group": "overall"}, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    told = {(row["id"], row["period"]): row for row in rows}
    assert answer.headers["content-disposition"] == 'attachment; filename="trend-2022-as_was.csv"'
    asked_by_code = {"until": "2022", "municipality": "75900008"}
    own = await http.get("/v1/trends", params=asked_by_code, headers={"Accept": "text/csv"})
    assert 'filename="trend-74-' in own.headers["content-disposition"], "two tables of one year are told apart"
    assert len(rows) == 3 * len(REFORMED)
    assert (told["74-gamma", "2020"]["state"], told["74-gamma", "2020"]["points"]) == ("scored", "0")
    assert (told["74-gamma", "2021"]["state"], told["74-gamma", "2021"]["points"]) == ("no_data", "")
    gone = told["74-gamma", "2022"]
    assert (gone["state"], gone["reason"]) == ("did_not_exist", "упразднён 01.01.2022")
    assert "разделение" in gone["changed"]
    assert (told["74-soyuz", "2022"]["procedures"], told["74-soyuz", "2022"]["procedures_of"]) == ("1", "3")


async def test_years_that_are_not_published_are_withheld_from_the_public(http: httpx.AsyncClient) -> None:
    ministry = {"Authorization": "Bearer ministry"}
    del http.headers["Authorization"]
    assert (await http.get("/v1/trends", params={"until": "2022"})).status_code == 401
    expert = await http.get("/v1/trends", params={"until": "2022"}, headers={"Authorization": "Bearer expert"})
    assert expert.status_code == 403
    act = {"public": True, "act": "приказ № 1"}
    await http.put("/v1/periods/2022/publication", json=act, headers=ministry)
    body = await asked(http, municipality="74-soyuz", territory="as_is")
    assert (body["periods"], body["withheld"]) == (["2022"], ["2020", "2021"])
    assert [len(one["lines"]) for one in body["series"]] == [1, 1, 1]
    await http.put("/v1/periods/2020/publication", json=act, headers=ministry)
    body = await asked(http, municipality="74-soyuz", territory="as_is", group="overall")
    assert (body["periods"], body["withheld"]) == (["2020", "2022"], ["2021"])
    assert {(one["after"], one["before"]) for one in body["series"][0]["breaks"]} == {("2020", "2022")}


async def test_who_did_not_exist_says_so_in_score_history_explanation_and_rating(
    http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    clock.now = datetime(2023, 6, 2, tzinfo=UTC)
    score = (await http.get("/v1/scores/74-soyuz", params={"period": "2020"})).json()
    explained = (await http.get("/v1/scores/74-soyuz/explain", params={"period": "2020"})).json()
    history = (await http.get("/v1/scores/74-soyuz/history")).json()["items"]
    rating = (await http.get("/v1/ratings/2020")).json()
    absent = {one["municipality"]["id"]: (one["state"], one["reason"]) for one in rating["no_data"]}
    assert score["overall"] == score["groups"]["alpha"] == score["procedures"]["first"] == {"state": "did_not_exist"}
    assert explained["overall"]["groups"][0]["procedures"][0]["state"] == "did_not_exist"
    assert [(one["period"], one["overall"]["state"]) for one in history] == [
        ("2020", "did_not_exist"), ("2021", "scored"), ("2022", "scored"),
    ]  # fmt: skip
    assert absent["74-soyuz"] == ("did_not_exist", "образован 01.01.2021")
    earlier = (await http.get("/v1/ratings/2020", params={"as_of": "2023-06-01T00:00:00Z"})).json()
    assert {one["municipality"]["id"]: (one["state"], one["reason"]) for one in earlier["no_data"]} == absent


@pytest.mark.parametrize(("query", "status", "code"), [
    ("until=soon", 422, "unknown-period"),
    ("until=2022&years=1", 422, "invalid-request"),
    ("until=2022&years=99", 422, "invalid-request"),
    ("until=2022&territory=as_it_will_be", 422, "invalid-request"),
    ("until=2022&group=overall&procedure=first", 422, "group-and-procedure"),
    ("until=2022&group=gamma", 404, "group-not-found"),
    ("until=2022&municipality=nobody", 404, "municipality-not-found"),
])  # fmt: skip
async def test_what_is_not_there_or_wrong_is_refused(
    http: httpx.AsyncClient, query: str, *, status: int, code: str
) -> None:
    answer = await http.get(f"/v1/trends?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_same_trend_is_not_sent_twice(http: httpx.AsyncClient) -> None:
    first = await http.get("/v1/trends", params={"until": "2022"})
    again = await http.get("/v1/trends", params={"until": "2022"}, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


async def test_names_kept_before_reforms_were_are_taken_again_whole(scoring: Scoring, empty: Database) -> None:
    await empty.write("municipalities", [UpdateOne({"_id": "74-soyuz"}, {"$unset": {"succession": 1}})])
    await scoring.batches.take(None, News((), [SOYUZ]))
    kept = await empty.find_one("municipalities", {"_id": "74-soyuz"})
    assert kept is not None
    assert read_municipality(kept) == SOYUZ


async def test_reforms_are_kept_with_the_names(scoring: Scoring, new_worker: NewWorker) -> None:
    other = new_worker()
    await other.load()
    assert read_municipality(municipality_document(SOYUZ)) == SOYUZ
    assert {one.id: one for one in other.state.names.every()}["74-soyuz"] == SOYUZ
