"""Municipalities by their OKTMO codes at doors that need no period: of before and after a reform."""

import httpx

from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from tests.integration.scoring.told import take
from tests.unit.scoring.made import document, fact

FULL = {"i1": "2", "i2": "40"}


async def test_without_a_period_a_municipality_answers_to_its_codes_of_before_and_after_a_reform(
    http: httpx.AsyncClient, scoring: Scoring
) -> None:
    codes = ("75705000", "75505000")
    reformed = (Named("Чебаркульский МР", codes[0], "2014-01-01", "2025-01-01"), Named("МО", codes[1], "2025-01-01"))
    await scoring.methodologies.put("later", document(id="later", in_force={"from": 2024}, applicability=[]))
    await scoring.batches.take(None, News((), [Municipality("m5", 1, "74", reformed)]))
    await take(scoring, fact("r5", municipality="m5", period="2021", values=FULL))

    async def periods(door: str) -> list[str]:
        answers = [(await http.get(f"/v1/scores/{code}{door}")).raise_for_status().json() for code in codes]
        told = [answer["items"][0] if door == "/history" else answer for answer in answers]
        assert {one["municipality"]["id"] for one in told} == {"m5"}
        return [one["period"] for one in told]

    assert [await periods(door) for door in ("", "/explain", "/history")] == [["2021", "2021"]] * 3
    await take(scoring, fact("r6", municipality="m5", period="2026", values=FULL))
    assert [await periods(door) for door in ("", "/explain")] == [["2026", "2026"]] * 2
    named = await http.get(f"/v1/scores/{codes[1]}", params={"period": "2021"})
    assert (named.status_code, named.json()["code"]) == (404, "municipality-not-found")
    assert (await http.get("/v1/scores/75999000/history")).json()["code"] == "municipality-not-found"
