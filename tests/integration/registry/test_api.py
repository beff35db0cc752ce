"""The registry over HTTP, in process, on a real MongoDB."""

import csv
from pathlib import Path
from typing import Any

import httpx
import pytest

DATA = Path(__file__).resolve().parents[3] / "data" / "municipalities_chelyabinsk.csv"
REFORMED = {
    "id": "74-troitsky-mr",
    "history": [
        {"name": "Троицкий МР", "kind": "municipal_district", "oktmo": "75654000", "valid_from": "2006-01-01",
         "valid_to": "2025-01-01"},
        {"name": "Троицкий МО", "kind": "municipal_okrug", "oktmo": "75554000", "valid_from": "2025-01-01"},
    ],
    "succession": [
        {"kind": "change_of_kind", "municipality": "74-troitsky-mr", "role": "successor", "on": "2025-01-01"}
    ],
}  # fmt: skip


def region() -> list[dict[str, Any]]:
    numbers = ("population", "children", "tile_col", "tile_row")
    with DATA.open(encoding="utf-8") as lines:
        return [
            {
                **{name: value or None for name, value in row.items()},
                **{name: int(row[name]) for name in numbers},
                "valid_from": "2006-01-01",
            }
            for row in csv.DictReader(lines)
        ]


def unit(**more: Any) -> dict[str, Any]:
    flat = {"id": "74-m1", "name": "Округ", "kind": "urban_okrug", "oktmo": "75000001", "valid_from": "2006-01-01"}
    return {**flat, **more}


async def load(http: httpx.AsyncClient, *items: dict[str, Any], of: str = "municipalities") -> httpx.Response:
    return await http.post(f"/v1/{of}/import", json={"items": list(items)})


async def test_an_older_file_does_not_undo_a_reform(http: httpx.AsyncClient):
    await load(http, REFORMED)
    stored = (await http.get("/v1/municipalities/74-troitsky-mr")).json()
    old = unit(id="74-troitsky-mr", name="Троицкий МР", kind="municipal_district", oktmo="75654000", revision=1)
    refused = await load(http, old)
    assert {(refused.status_code, one["code"]) for one in refused.json()["errors"]} == {(422, "history-dropped")}
    assert (await http.get("/v1/municipalities/74-troitsky-mr")).json() == stored
    corrected = await http.post("/v1/municipalities/import", params={"correction": "true"}, json={"items": [old]})
    assert corrected.json()["counts"]["changed"] == 1


async def test_of_two_who_change_what_both_have_read_the_second_is_told(http: httpx.AsyncClient):
    await load(http, unit())
    read = (await http.get("/v1/municipalities/74-m1")).json()["revision"]
    assert (await load(http, unit(population=25_000, revision=read))).json()["counts"]["changed"] == 1
    unread = await load(http, unit(centre="Троицк"))
    (wrong,) = unread.json()["errors"]
    assert (unread.status_code, wrong["pointer"], wrong["code"]) == (422, "/items/0/revision", "revision-required")
    assert "GET /v1/municipalities/74-m1" in wrong["remedy"]
    late = await load(http, unit(centre="Троицк", revision=read))
    (wrong,) = late.json()["errors"]
    assert (late.status_code, wrong["pointer"], wrong["code"]) == (422, "/items/0/revision", "stale-revision")
    assert (await http.get("/v1/municipalities/74-m1")).json()["population"] == 25_000


async def test_what_was_read_is_put_back_as_it_came(http: httpx.AsyncClient):
    await load(http, REFORMED)
    (read,) = (await http.get("/v1/municipalities")).json()["items"]
    row = {name: told for name, told in read.items() if name not in {"name", "kind", "oktmo", "valid_from", "valid_to"}}
    assert (await load(http, row)).json()["counts"]["unchanged"] == 1
    assert (await load(http, row | {"centre": "Троицк"})).json()["counts"]["changed"] == 1


async def test_an_older_file_opens_no_closed_school(http: httpx.AsyncClient):
    await load(http, unit())
    school = {"id": "74-school-1", "name": "Школа № 1", "kind": "school", "owner": "municipality",
              "municipality": "74-m1", "valid_from": "2000-09-01"}  # fmt: skip
    await load(http, school | {"valid_to": "2025-06-01", "revision": 0}, of="organizations")
    refused = await load(http, school | {"revision": 1}, of="organizations")
    assert [one["code"] for one in refused.json()["errors"]] == ["history-dropped"]
    path, body = "/v1/organizations/import", {"items": [school | {"revision": 1}]}
    corrected = await http.post(path, params={"correction": "true"}, json=body)
    assert corrected.json()["counts"]["changed"] == 1
    again = await http.post(path, params={"correction": "true"}, json=body)
    assert [one["code"] for one in again.json()["errors"]] == ["stale-revision"]


async def test_the_region_is_loaded_listed_by_pages_and_found_by_code(http: httpx.AsyncClient):
    answer = await load(http, *region())
    assert answer.status_code == 200, answer.text
    assert answer.json()["counts"] == {"registered": 43, "changed": 0, "unchanged": 0}
    assert (await load(http, *region())).json()["counts"]["unchanged"] == 43
    found, url = [], "/v1/municipalities?limit=20&region=74"
    while url:
        page = await http.get(url)
        found += [item["id"] for item in page.json()["items"]]
        url = page.links.get("next", {}).get("url", "")
    assert found == sorted(row["id"] for row in region())
    (one,) = (await http.get("/v1/municipalities", params={"oktmo": "75712000"})).json()["items"]
    assert one["id"] == "74-zlatoustovsky-go"
    assert (await http.get("/v1/municipalities", params={"region": "75"})).json() == {"items": [], "next": None}


async def test_one_municipality_has_the_shape_of_the_contract(http: httpx.AsyncClient):
    await load(http, *region())
    answer = await http.get("/v1/municipalities/75712000", headers={"Authorization": "Bearer expert"})
    names = {"name": "Златоустовский ГО", "kind": "urban_okrug", "oktmo": "75712000"}
    days = {"valid_from": "2006-01-01", "valid_to": None}
    assert answer.json() == {
        "id": "74-zlatoustovsky-go", **names, **days, "region": "74", "history": [{**names, **days}],
        "succession": [], "centre": "Златоуст", "population": 170127, "children": 34630, "latitude": "55.171",
        "longitude": "59.669", "tile_col": 2, "tile_row": 2, "revision": 1,
    }  # fmt: skip
    again = await http.get("/v1/municipalities/74-zlatoustovsky-go", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_names_are_as_they_were_on_the_day(http: httpx.AsyncClient):
    answer = await load(http, REFORMED)
    assert answer.status_code == 200, answer.text
    then = (await http.get("/v1/municipalities/75554000", params={"on": "2022-05-01"})).json()
    after = (await http.get("/v1/municipalities/75654000", params={"on": "2025-01-01"})).json()
    assert (then["name"], then["oktmo"], then["valid_to"]) == ("Троицкий МР", "75654000", "2025-01-01")
    assert (after["name"], after["kind"], after["valid_to"]) == ("Троицкий МО", "municipal_okrug", None)
    (link,) = after["succession"]
    itself = {"id": "74-troitsky-mr", "name": "Троицкий МО", "oktmo": "75554000"}
    assert (link["kind"], link["municipality"]) == ("change_of_kind", itself)
    listed = await http.get("/v1/municipalities", params={"on": "2022-05-01", "oktmo": "75654000"})
    assert [item["name"] for item in listed.json()["items"]] == ["Троицкий МР"]
    early = await http.get("/v1/municipalities", params={"on": "2005-12-31"})
    assert early.json()["items"] == []
    assert (await http.get("/v1/municipalities/74-troitsky-mr", params={"on": "2005-12-31"})).status_code == 404


async def test_schools_are_loaded_and_listed_with_their_municipality(http: httpx.AsyncClient):
    await load(http, unit())
    school = {"id": "74-school-1", "name": "Школа № 1", "kind": "school", "owner": "municipality",
              "municipality": "75000001", "source_id": "1", "valid_from": "2000-09-01"}  # fmt: skip
    lyceum = {**school, "id": "74-lyceum", "owner": "ministry", "municipality": None, "source_id": None}
    answer = await load(http, school, lyceum, of="organizations")
    assert answer.json()["counts"]["registered"] == 2, answer.text
    owned = (await http.get("/v1/organizations", params={"municipality": "74-m1", "kind": "school"})).json()["items"]
    assert [item["id"] for item in owned] == ["74-school-1"]
    assert owned[0]["municipality"] == {"id": "74-m1", "name": "Округ", "oktmo": "75000001"}
    one = (await http.get("/v1/organizations/74-lyceum")).json()
    assert (one["owner"], one["municipality"], one["source_id"]) == ("ministry", None, None)


@pytest.mark.parametrize(
    ("item", "pointer", "code"),
    [
        (unit(oktmo=75000001), "/items/0/oktmo", "not-a-string"),
        (unit(oktmo="7500"), "/items/0/oktmo", "invalid-oktmo"),
        (unit(valid_from=20060101), "/items/0/valid_from", "not-a-date"),
        (unit(valid_from="01.01.2006"), "/items/0/valid_from", "not-a-date"),
        (unit(kind="city"), "/items/0/kind", "not-allowed"),
        (unit(population=-1), "/items/0/population", "out-of-range"),
        (unit(latitude=True), "/items/0/latitude", "not-a-number"),
        (unit(latitude="91"), "/items/0/latitude", "out-of-range"),
        (unit(longitude="NaN"), "/items/0/longitude", "not-a-number"),
        (unit(revision="1"), "/items/0/revision", "not-an-integer"),
        (unit(revision=-1), "/items/0/revision", "out-of-range"),
        (unit(mayor="кто-то"), "/items/0/mayor", "unknown-field"),
        (unit(history=REFORMED["history"]), "/items/0/oktmo", "named-twice"),
        ({"id": "74-m1"}, "/items/0/oktmo", "required"),
        ({"id": "74-m1", "history": []}, "/items/0/history", "no-name"),
        (unit(id="Округ"), "/items/0/id", "invalid-id"),
        ("74-m1", "/items/0", "not-an-object"),
    ],
)
async def test_a_wrong_row_is_refused_where_it_is_wrong(
    http: httpx.AsyncClient, item: dict[str, Any], pointer: str, code: str
):
    answer = await load(http, item)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = {error["pointer"]: error for error in answer.json()["errors"]}
    assert found[pointer]["code"] == code, found
    assert found[pointer]["message"]
    assert found[pointer]["remedy"]


async def test_too_many_rows_or_none_are_refused(http: httpx.AsyncClient):
    assert (await load(http)).status_code == 422
    assert (await load(http, *[unit(id=f"74-m{number}") for number in range(1001)])).status_code == 422


async def test_only_ministry_and_operator_may_import(http: httpx.AsyncClient):
    outcomes = {}
    for role in ("ministry", "regional_operator", "municipality", "organization", "expert", "assessor", "system"):
        http.headers["Authorization"] = f"Bearer {role}"
        outcomes[role] = (await load(http, unit())).status_code
    assert {role for role, status in outcomes.items() if status == 200} == {"ministry", "regional_operator"}
    assert {status for status in outcomes.values() if status != 200} == {403}


async def test_anybody_reads_municipalities_and_only_the_signed_in_organisations(http: httpx.AsyncClient):
    del http.headers["Authorization"]
    assert (await http.get("/v1/municipalities")).status_code == 200
    assert (await http.get("/v1/organizations")).status_code == 401
    assert (await load(http, unit())).status_code == 401
    http.headers["Authorization"] = "Bearer forged"
    assert (await http.get("/v1/organizations")).status_code == 401


async def test_a_repeat_with_its_key_gets_the_same_answer_and_another_body_is_refused(http: httpx.AsyncClient):
    http.headers["Idempotency-Key"] = "import-1"
    first = await load(http, unit())
    assert (await load(http, unit())).content == first.content
    reused = await load(http, unit(name="Другой"))
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("query", ["cursor=xyz", "limit=0", "limit=1000", "on=0", "on=2022-13-01", "region=74000"])
async def test_a_wrong_question_is_refused(http: httpx.AsyncClient, query: str):
    assert (await http.get(f"/v1/municipalities?{query}")).status_code in {400, 422}


async def test_a_filter_by_nobody_is_refused(http: httpx.AsyncClient):
    answer = await http.get("/v1/organizations?municipality=nope")
    [wrong] = answer.json()["errors"]
    assert (answer.status_code, wrong["pointer"], wrong["code"]) == (422, "/municipality", "unknown-municipality")


async def test_a_cursor_of_another_list_is_refused(http: httpx.AsyncClient):
    await load(http, unit(), unit(id="74-m2", oktmo="75000002"))
    cursor = (await http.get("/v1/municipalities?limit=1")).json()["next"]
    assert (await http.get("/v1/municipalities", params={"limit": 1, "cursor": cursor})).json()["next"] is None
    answer = await http.get("/v1/organizations", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
