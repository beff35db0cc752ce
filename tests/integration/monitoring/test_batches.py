"""Batches of results over HTTP: a line for each row, all or none, repeats under a key, limits."""

import asyncio

import httpx

from shared.mongo import Database
from tests.integration.monitoring.made import told
from tests.unit.monitoring.made import ZLATOUST, body


async def test_a_batch_keeps_valid_rows_and_reports_each(http: httpx.AsyncClient, database: Database):
    items = [body(), body(), body(period="1999"), 5, body(period="2021", subject={"municipality": "75712000"})]
    answer = await http.post("/v1/results/batch", json={"items": items})
    report = answer.json()
    assert answer.status_code == 200
    assert [item["status"] for item in report["items"]] == ["accepted", "unchanged", "refused", "refused", "accepted"]
    assert (report["counts"]["accepted"], report["counts"]["refused"]) == (2, 2)
    assert report["items"][2]["errors"][0]["code"] == "unknown-period"
    assert len(await told(database)) == 2


async def test_an_atomic_batch_keeps_all_or_none(http: httpx.AsyncClient, database: Database):
    items = [body(), body(period="1999")]
    answer = await http.post("/v1/results/batch?atomic=true", json={"items": items})
    assert answer.json()["counts"] == {
        "accepted": 0, "corrected": 0, "unchanged": 0, "superseded": 0, "duplicate": 0, "refused": 2,
    }  # fmt: skip
    assert await database.count("results", {}) == 0
    good = await http.post("/v1/results/batch?atomic=true", json={"items": [body(), body(period="2021")]})
    assert good.json()["counts"]["accepted"] == 2
    assert len(await told(database)) == 2


async def test_a_batch_repeated_under_its_key_gives_its_report(http: httpx.AsyncClient, database: Database):
    told_twice = [
        await http.post("/v1/results/batch", json={"items": [body()]}, headers={"Idempotency-Key": "b"})
        for _ in range(2)
    ]
    assert told_twice[0].json() == told_twice[1].json()
    raced = await asyncio.gather(
        *(
            http.post("/v1/results/batch", json={"items": [body(period="2020")]}, headers={"Idempotency-Key": "c"})
            for _ in range(4)
        )
    )
    assert {answer.text for answer in raced} == {raced[0].text}
    assert len(await told(database)) == 2


async def test_a_thousand_rows_are_taken_one_more_is_refused(http: httpx.AsyncClient, database: Database):
    items = [body(period=f"{2006 + n % 20}", subject={"municipality": ZLATOUST.id}) for n in range(1000)]
    answer = await http.post("/v1/results/batch", json={"items": items})
    assert answer.json()["counts"]["accepted"] == 20
    assert await database.count("results", {}) == 20
    more = await http.post("/v1/results/batch", json={"items": [*items, body()]})
    assert (more.status_code, more.json()["code"]) == (422, "too-many-items")


async def test_a_large_batch_of_wrong_rows_under_a_key_keeps_the_right_ones(
    http: httpx.AsyncClient, database: Database
):
    wrong = body(values={f"x{n}": 1 for n in range(200)})
    items = [body(), *[wrong] * 999]
    told_twice = [
        await http.post("/v1/results/batch", json={"items": items}, headers={"Idempotency-Key": "wrong"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in told_twice] == [200, 200]
    assert told_twice[0].json() == told_twice[1].json()
    report = told_twice[0].json()
    assert (report["counts"]["accepted"], report["counts"]["refused"]) == (1, 999)
    errors = report["items"][1]["errors"]
    assert [error["code"] for error in errors] == ["unknown-indicator"] * 20 + ["more-errors"]
    assert "202" in errors[-1]["message"]
    assert len(await told(database)) == 1
