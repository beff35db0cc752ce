"""Why a procedure did not apply, as it was typed with the result: shown to those who may read results only."""

import io
import json
from dataclasses import replace

import pypdf
import pytest

from services.scoring.domain import Exempt
from services.scoring.domain.card import RESULT_SAYS
from services.scoring.domain.publication import Packed, canonical
from services.scoring.usecases import Scoring
from shared.mongo import Database
from tests.integration.scoring.publication.conftest import People
from tests.integration.scoring.publication.test_files import ROOT, body
from tests.integration.scoring.publication.test_formats import keep_instead
from tests.integration.scoring.told import take
from tests.unit.scoring.made import fact

TYPED, PAPER = "единственная выпускница Иванова М. П. болела", "справка Ивановой М. П."
FOREIGN = (None, "s1", "expert", "m2", "rater", "system")
RATING, SCORE = "/v1/ratings/2022?group=third", "/v1/scores/m1?period=2022"
TRENDS = ("/v1/trends?procedure=third&until=2022", "/v1/trends?by=procedure&municipality=m1&until=2022")
EXPLAINED = "/v1/scores/m1/explain?period=2022"


@pytest.fixture(autouse=True)
async def typed(scoring: Scoring, region: None) -> None:
    told = fact("r9", municipality="m1", procedure="third", exempt=True)
    await take(scoring, replace(told, not_applicable=Exempt(TYPED, PAPER)))


async def test_what_was_typed_of_a_procedure_that_did_not_apply_is_published_to_nobody(people: People):
    ways = (RATING, *TRENDS)
    before = {(who, path): await people.ask(who, "GET", path) for who in ("m2", "rater", "ministry") for path in ways}
    edition = await people.drafted()
    people.clock.move(days=2)
    drafted = await people.ask("m2", "GET", f"{ROOT}/content")
    frozen = (await people.act("ministry", edition, "freeze")).raise_for_status().json()
    act = {"act": {"number": "01-14", "date": "2023-02-01"}}
    (await people.act("ministry", frozen, "publish", act)).raise_for_status()
    files = (f"{ROOT}/content", f"{ROOT}/content?format=csv&group=third")
    after = {(who, path): await people.ask(who, "GET", path) for who in FOREIGN for path in (*ways, *files)}
    for asked, answer in (before | {("m2", "draft"): drafted} | after).items():
        assert answer.status_code == 200, asked
        assert "Иванов" not in answer.text, asked
    pdf = pypdf.PdfReader(io.BytesIO(await body(people, f"{ROOT}/content?format=pdf")))
    assert not any("Иванов" in page.extract_text() for page in pdf.pages)
    [absent] = [one for one in after[None, RATING].json()["no_data"] if one["municipality"]["id"] == "m1"]
    assert (absent["state"], absent["reason"]) == ("not_applicable", RESULT_SAYS)


async def test_who_may_read_the_result_reads_in_the_score_why_it_did_not_apply_and_no_other_system(people: People):
    for path in (SCORE, EXPLAINED):
        for who in ("m1", "operator", "ministry", "system"):
            answer = (await people.ask(who, "GET", path)).raise_for_status()
            assert (TYPED in answer.text, PAPER in answer.text) == (True, True), (who, path)
        answer = (await people.ask("rater", "GET", path)).raise_for_status()
        assert "Иванов" not in answer.text, path
        assert RESULT_SAYS in answer.text, path


async def test_an_edition_of_the_fourth_format_is_made_again_with_what_it_said(people: People, empty: Database):
    await people.published()
    written = json.loads(await body(people, f"{ROOT}/content"))
    assert written["format"] == 5
    [absent] = [
        one
        for table in written["ratings"]
        if table["group"] == "third"
        for one in table["no_data"]
        if one["municipality"]["id"] == "m1"
    ]
    absent["reason"], written["format"] = TYPED, 4
    await keep_instead(empty, Packed.of(canonical(written)))
    told = (await people.ask("operator", "POST", f"{ROOT}/reproduce")).raise_for_status().json()
    assert (told["equal"], told["differences"]) == (True, [])


async def test_why_a_result_was_revised_is_told_to_who_may_read_results_only(people: People, scoring: Scoring):
    corrected = replace(fact("r1", 2, values={"i1": "2"}, at=9), reason="опечатка Ивановой")
    withdrawn = replace(fact("r8", 2, procedure="second", at=9), reason="ошибка Ивановой")
    await take(scoring, corrected, fact("r8", procedure="second", values={"i1": "1"}), withdrawn)
    paper = await people.ask("rater", "GET", EXPLAINED, Accept="application/pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages)
    assert ("Иванов" in text, "версия 2" in text) == (False, True)
    answer = (await people.ask("rater", "GET", EXPLAINED)).raise_for_status()
    assert "Иванов" not in answer.text
    [first, second] = answer.json()["overall"]["groups"][0]["procedures"]
    assert (first["result"]["revision"], "reason" in first["result"]) == (2, False)
    assert (second["withdrawn"]["revision"], "reason" in second["withdrawn"]) == (2, False)
    for who in ("m1", "operator", "ministry", "system"):
        told = (await people.ask(who, "GET", EXPLAINED)).raise_for_status().text
        assert ("опечатка Ивановой" in told, "ошибка Ивановой" in told) == (True, True), who
