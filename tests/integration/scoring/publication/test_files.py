"""The files of an edition: canonical, signed, readable by other programs, the same bytes whenever made again."""

import csv
import hashlib
import io
import json
from typing import Any

import openpyxl
import pypdf
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from services.scoring.domain.news import News
from services.scoring.domain.publication import Act
from services.scoring.domain.publication.passport import NOBODY_BARRED
from services.scoring.store.publication.schemas import FILES
from services.scoring.usecases import Publishing, Scoring
from services.scoring.usecases.publication import By, Named
from shared.kernel import Cause
from shared.mongo import Database, DuplicateKeyError, ReplaceOne, UpdateOne
from tests.integration.scoring.conftest import ACTORS, NewWorker
from tests.integration.scoring.publication.conftest import FULL, People
from tests.integration.scoring.told import take
from tests.unit.scoring.made import fact

ROOT = "/v1/editions/2022-1"
LEFT = {"edition": "2022-1", "name": "overall.csv", "media_type": "text/csv", "sha256": "", "size": 0, "packed": b""}


async def body(people: People, path: str, who: str | None = None) -> bytes:
    return (await people.ask(who, "GET", path)).raise_for_status().content


async def public_key(people: People, token: bytes) -> ec.EllipticCurvePublicKey:
    """The key that a token names, made of its JWK by another library than the one that signed."""
    kid = json.loads(urlsafe_b64decode(token.split(b".")[0]))["kid"]
    keys = json.loads(await body(people, "/v1/signing-keys"))["keys"]
    key = next(one for one in keys if one["kid"] == kid)
    x, y = (int.from_bytes(urlsafe_b64decode(key[name].encode())) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def verified(token: bytes, key: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    """What was signed; InvalidSignature where it was not."""
    signed, _, signature = token.rpartition(b".")
    raw = urlsafe_b64decode(signature)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(der, signed, ec.ECDSA(SHA256()))
    return json.loads(urlsafe_b64decode(signed.split(b".")[1]))


async def manifest(people: People) -> dict[str, Any]:
    token = await body(people, f"{ROOT}/manifest")
    return verified(token, await public_key(people, token))


async def test_everybody_can_verify_the_manifest_and_every_file_that_it_names(people: People):
    await people.published()
    told = await manifest(people)
    assert (told["edition"], told["act"], told["previous"]) == (
        "2022-1",
        {"number": "01-14", "date": "2023-02-20"},
        None,
    )
    assert [one["name"] for one in told["files"]] == [
        "alpha.csv", "beta.csv", "content.json", "first.csv", "overall.csv", "passport.csv", "passport.json",
        "rating.pdf", "rating.xlsx", "second.csv", "third.csv",
    ]  # fmt: skip
    for one in told["files"]:
        given = await body(people, one["url"])
        assert (len(given), hashlib.sha256(given).hexdigest()) == (one["size"], one["sha256"]), one["name"]
    listed = (await people.one("2022-1", None))["files"]
    assert {one["name"] for one in listed} == {one["name"] for one in told["files"]} | {"manifest.jws"}


async def test_a_changed_manifest_is_not_believed(people: People):
    await people.published()
    token = await body(people, f"{ROOT}/manifest")
    key = await public_key(people, token)
    header, payload, signature = token.split(b".")
    forged = urlsafe_b64encode(json.dumps(verified(token, key) | {"previous": "2022-0"}).encode())
    assert forged != payload
    with pytest.raises(InvalidSignature):
        verified(b".".join((header, forged, signature)), key)


async def test_the_open_data_have_a_passport_in_the_customary_fields(people: People):
    await people.published()
    lines = list(csv.DictReader(io.StringIO((await body(people, f"{ROOT}/passport?format=csv")).decode())))
    fields = {line["property"]: line["value"] for line in lines}
    assert fields["identifier"] == "rsoko-rating-2022"
    assert fields["creator"] == "Министерство"
    assert (fields["created"], fields["modified"]) == ("2023-02-23", "2023-02-23")
    assert fields["act"] == "акт № 01-14 от 20.02.2023"
    told = json.loads(await body(people, f"{ROOT}/passport"))
    assert {name: one["value"] for name, one in told.items()} == fields
    rows = list(csv.DictReader(io.StringIO((await body(people, f"{ROOT}/content?format=csv&group=alpha")).decode())))
    assert [(row["rank"], row["id"]) for row in rows] == [("1", "m2"), ("1", "m3"), ("2", "m1"), ("", "m4")]
    assert all(name in fields["structure"] for name in rows[0])
    assert fields["structureversion"] == "3"
    assert fields["notpermitted"] == NOBODY_BARRED


async def test_the_spreadsheet_has_a_sheet_per_table(people: People):
    await people.published()
    book = openpyxl.load_workbook(io.BytesIO(await body(people, f"{ROOT}/content?format=xlsx")))
    assert book.sheetnames == ["Паспорт", "Таблицы", "Общая оценка", "Альфа", "Бета", "Первая", "Вторая", "Третья"]
    rows = [[cell.value for cell in row] for row in book["Общая оценка"].iter_rows()]
    assert rows[0][:3] == ["Место", "Муниципалитет", "Код ОКТМО"]
    assert rows[1][:4] == [1, "Яровой", "75703000", 4]
    assert rows[-1][1] == "Белый"


async def test_the_paper_is_tagged_russian_and_has_every_table(people: People):
    await people.published()
    read = pypdf.PdfReader(io.BytesIO(await body(people, f"{ROOT}/content?format=pdf")))
    root = read.trailer["/Root"]
    assert (str(root["/Lang"]), bool(root["/MarkInfo"]["/Marked"])) == ("ru", True)
    assert read.metadata is not None
    assert read.metadata.title == "Рейтинг муниципалитетов за 2022 год"
    text = "\n".join(page.extract_text() for page in read.pages)
    for words in ("Общая оценка", "Альфа", "Третья", "акт № 01-14 от 20.02.2023", "Яровой", "Белый"):
        assert words in text, words
    kinds = list(_kinds(root["/StructTreeRoot"]))
    assert kinds.count("/Table") == 6
    assert kinds.count("/TH") == 6 * 7
    assert kinds.count("/TOCI") == 6


def _kinds(node: Any) -> Any:
    found = node.get_object()
    if isinstance(found, list):
        for one in found:
            yield from _kinds(one)
    elif isinstance(found, dict):
        if "/S" in found:
            yield found["/S"]
        if "/K" in found:
            yield from _kinds(found["/K"])


async def test_an_edition_is_made_again_byte_for_byte_whatever_came_later(people: People, scoring: Scoring):
    await people.published()
    await take(scoring, fact("r1", 2, values=FULL, at=60))
    told = (await people.ask("operator", "POST", f"{ROOT}/reproduce")).raise_for_status().json()
    assert (told["equal"], told["differences"]) == (True, [])
    assert told["late"] == ["r1:2"], "recorded before the freeze, heard of after it"
    assert (await people.ask("m1", "POST", f"{ROOT}/reproduce")).status_code == 403
    assert (await people.ask("operator", "POST", "/v1/editions/2021-9/reproduce")).status_code == 404


async def test_a_fact_that_was_tampered_with_is_found_by_its_places(people: People, empty: Database):
    await people.published()
    await empty.write("facts", [UpdateOne({"_id": "r1:1"}, {"$set": {"values.i1": "2"}})])
    told = (await people.ask("operator", "POST", f"{ROOT}/reproduce")).raise_for_status().json()
    assert told["equal"] is False
    assert told["published"] == told["stored"] != told["reproduced"]
    assert {"where": "/ratings/1/rows/2/points", "published": "1", "reproduced": "2"} in told["differences"]


async def test_a_procedure_scored_without_permission_is_flagged_in_the_content_for_good(
    people: People, scoring: Scoring
):
    letter = {"_id": "first", "revision": 1, "name": "Первая", "permitted_uses": ["analysis"], "act": "письмо № 5"}
    await scoring.batches.take(None, News((), (), [letter]))
    await people.published()
    permitted = letter | {"revision": 2, "permitted_uses": ["analysis", "municipality_scoring"]}
    await scoring.batches.take(None, News((), (), [permitted]))
    content = json.loads(await body(people, f"{ROOT}/content"))
    flagged = {one["group"]: [flag["procedure"] for flag in one["flags"]] for one in content["ratings"]}
    assert flagged == {
        "overall": ["first"],
        "alpha": ["first"],
        "beta": [],
        "first": ["first"],
        "second": [],
        "third": [],
    }
    told = (await people.ask("operator", "POST", f"{ROOT}/reproduce")).raise_for_status().json()
    assert told["equal"] is True
    whole = (await people.ask(None, "GET", "/v1/ratings/2022")).json()
    assert [(one["procedure"], one["title"]) for one in whole["flags"]] == [("first", "Первая")]
    rows = list(csv.DictReader(io.StringIO((await body(people, f"{ROOT}/content?format=csv&group=alpha")).decode())))
    assert {row["not_permitted"] for row in rows} == {"first"}
    book = openpyxl.load_workbook(io.BytesIO(await body(people, f"{ROOT}/content?format=xlsx")))
    last = {name: {row[8].value for row in list(book[name].iter_rows())[1:]} for name in ("Альфа", "Бета")}
    assert last == {"Альфа": {"Первая"}, "Бета": {None}}
    said = "Учтены процедуры, которым оценка муниципалитетов не разрешена: Первая (письмо № 5)."
    assert json.loads(await body(people, f"{ROOT}/passport"))["notpermitted"]["value"] == said
    paper = pypdf.PdfReader(io.BytesIO(await body(people, f"{ROOT}/content?format=pdf")))
    assert said in " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    without = (await people.ask(None, "GET", "/v1/ratings/2022?group=alpha&exclude=first")).json()
    assert (without["edition"], without["flags"]) == ("2022-1", [])
    for role in (None, "ministry"):  # the edition, and the live rating
        refused = await people.ask(role, "GET", "/v1/ratings/2022?group=first&exclude=first")
        assert (refused.status_code, refused.json()["code"]) == (422, "everything-excluded")


async def test_a_publication_that_cannot_be_kept_is_loud_and_not_told_as_overtaken(
    people: People, scoring: Scoring, empty: Database
):
    edition = await people.frozen()
    await empty.write(FILES, [ReplaceOne({"_id": "2022-1|overall.csv"}, LEFT, upsert=True)])
    act, by = Act("1", people.clock.now.date()), By(ACTORS["ministry"], Cause("c"))
    with pytest.raises(DuplicateKeyError):
        await scoring.publication.acting.publish(Named("2022-1", edition["revision"]), act, by)


async def test_without_a_key_nothing_is_published(people: People, scoring: Scoring, new_worker: NewWorker):
    frozen = await people.frozen()
    people.clock.move(days=20)
    scoring.publication = new_worker(Publishing()).publication
    body = {"act": {"number": "1", "date": "2023-02-10"}}
    refused = await people.act("ministry", frozen, "publish", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "publication-without-key")
    assert (await people.one("2022-1"))["state"] == "frozen"
