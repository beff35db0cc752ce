"""The content of an edition: the golden document, and those of earlier formats made again in them."""

import hashlib
import json
from pathlib import Path

import pytest

from services.scoring.domain.publication import Packed, canonical
from services.scoring.store.publication.schemas import CONTENTS, EDITIONS
from shared.mongo import Database, ReplaceOne, UpdateOne
from tests.integration.scoring.publication.conftest import People
from tests.integration.scoring.publication.test_files import ROOT, body

GOLDEN = Path(__file__).with_name("golden_content.json")


async def test_the_content_is_the_golden_document_byte_for_byte(people: People):
    edition = await people.published()
    content = await body(people, f"{ROOT}/content")
    assert content == GOLDEN.read_bytes()
    assert hashlib.sha256(content).hexdigest() == edition["sha256"]


async def keep_instead(empty: Database, old: Packed) -> None:
    """Store a content in the place of that of the edition, as if it had been made so."""
    kept = await empty.find_one(CONTENTS, {"_id": "2022-1|frozen"})
    assert kept is not None
    stored = kept | {"sha256": old.sha256, "size": old.size, "packed": old.packed}
    await empty.write(CONTENTS, [ReplaceOne({"_id": kept["_id"]}, stored)])
    await empty.write(EDITIONS, [UpdateOne({"_id": "2022-1"}, {"$set": {"sha256": old.sha256}})])


@pytest.mark.parametrize("form", [1, 3, 4])
async def test_an_edition_that_was_written_in_an_earlier_format_is_made_again_in_it(
    people: People, empty: Database, form: int
):
    edition = await people.published()
    old = Packed.of(GOLDEN.with_name(f"golden_content_{form}.json").read_bytes())
    await keep_instead(empty, old)
    assert old.sha256 != edition["sha256"]
    told = (await people.ask("operator", "POST", f"{ROOT}/reproduce")).raise_for_status().json()
    assert (told["equal"], told["differences"]) == (True, [])


async def test_who_has_no_result_is_listed_as_one_to_whom_a_procedure_did_not_apply_from_the_third_format_on(
    people: People, empty: Database
):
    act = {"procedure": "first", "period": "2022", "municipalities": ["m4"], "reason": "нет школ"}
    stated = act | {"act": {"number": "№ 7", "date": "2022-10-10"}}
    (await people.ask("ministry", "POST", "/v1/applicability", stated)).raise_for_status()
    await people.published()
    written = json.loads(await body(people, f"{ROOT}/content"))
    [absent] = next(one for one in written["ratings"] if one["group"] == "first")["no_data"]
    assert (written["format"], absent["state"], absent["reason"]) == (5, "not_applicable", "нет школ")
    live = (await people.ask("ministry", "GET", "/v1/ratings/2022?group=first")).raise_for_status().json()
    assert [(one["state"], one["reason"]) for one in live["no_data"]] == [("not_applicable", "нет школ")]
    written["format"] = 2
    del written["of"]
    written["ratings"][0]["title"] = "Общий итог"
    absent |= {"state": "no_data", "reason": "нет действующих результатов"}
    await keep_instead(empty, Packed.of(canonical(written)))
    told = (await people.ask("operator", "POST", f"{ROOT}/reproduce")).raise_for_status().json()
    assert (told["equal"], told["differences"]) == (True, [])
