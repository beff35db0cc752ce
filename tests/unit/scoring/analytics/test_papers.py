"""A document as DOCX and PDF, read back: headings, tables with header rows, the picture with its words, numbers."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import docx
import orjson
import pypdf
import pytest
from docx.oxml.ns import qn

from services.scoring.api.papers import analytics_paper
from services.scoring.api.papers.analytics import tenths
from services.scoring.domain.analytics import SECTIONS, data_of, frozen_text, write
from shared.papers import Blocks, Grid, Paragraph
from shared.works.pdf import compile_pdf
from shared.works.word import write_word
from tests.unit.scoring.analytics.made import NOW, drafted, sources, step

LISTED = "Усилить подготовку *не разметка* #panic"


def paper(**told: Any) -> Blocks:
    document = write(drafted(), "conclusions", (("list", (LISTED, "второе")),), step=step())
    content = orjson.loads(frozen_text(document, data_of(document, sources(**told))))
    return analytics_paper(content, made_at=NOW, frozen=None)


def told(blocks: Blocks) -> bytes:
    made = blocks.paper()
    return orjson.dumps(
        {
            "template": made.template,
            "data": made.data,
            "pictures": dict(made.pictures),
            "made_at": int(NOW.timestamp()),
        }
    )


@pytest.fixture(scope="module")
def word() -> Any:
    return docx.Document(io.BytesIO(write_word(told(paper()))))


@pytest.fixture(scope="module")
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(compile_pdf(told(paper()))))


def test_the_docx_has_ten_headings_in_order(word: Any):
    headings = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert headings == [f"{one.number}. {one.title}" for one in SECTIONS]
    assert word.core_properties.title == "Аналитический документ по процедуре «Первая» за 2022 год"
    assert word.core_properties.author == ""


def test_every_table_of_the_docx_says_which_row_is_its_header(word: Any):
    assert len(word.tables) >= 5
    for table in word.tables:
        marks = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert marks == [True, *[False] * (len(marks) - 1)]


def test_the_docx_tells_the_effect_exactly_and_the_picture_in_words(word: Any):
    effect = word.tables[-1]
    rows = [[cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in row.cells] for row in effect.rows]
    assert rows[1] == [
        "Муниципалитет m1",
        "25,0 %",
        "100,0 %",
        "+75,0 п. п.",
        "−25,0 п. п.",
        "−25,0 п. п. (1)",
        "сопоставимо",
    ]
    assert rows[2] == [
        "Муниципалитет m2",
        "75,0 %",
        "50,0 %",
        "−25,0 п. п.",
        "+75,0 п. п.",
        "+75,0 п. п. (1)",
        "сопоставимо",
    ]
    assert rows[3] == ["Муниципалитет m3", "—", "0,0 %", "—", "—", "—", "нет данных"]
    assert rows[4][-1] == "не применялась"
    described = [one.get("descr") for one in word.element.iter(qn("wp:docPr"))]
    assert len(described) == 1
    assert "высокий — 1" in described[0]
    assert "нет данных — 1" in described[0]


def test_texts_of_people_are_shown_and_never_run(word: Any, pdf: pypdf.PdfReader):
    listed = [one.text for one in word.paragraphs if one.style.name == "List Bullet"]
    assert listed == [LISTED, "второе"]
    assert "*не разметка* #panic" in whole(pdf)


def test_numbers_of_a_rule_have_commas_as_all_others_of_the_paper():
    content = orjson.loads(frozen_text(drafted(), data_of(drafted(), sources())))
    content["sections"][6]["data"]["rows"][0]["rule"] = "ступени: от 0.5 — 2.5"
    found = docx.Document(io.BytesIO(write_word(told(analytics_paper(content, made_at=NOW, frozen=None)))))
    assert "ступени: от 0,5 — 2,5" in {cell.text for table in found.tables for cell in table._cells}


def test_another_edition_is_not_comparable_in_words():
    found = docx.Document(io.BytesIO(write_word(told(paper(same_rules=False)))))
    said = [one.text for one in found.paragraphs if one.text.startswith("Не сопоставимо")]
    assert len(said) == 1
    assert [row.cells[-1].text for row in found.tables[-1].rows[1:]] == [
        "не сопоставимо", "не сопоставимо", "нет данных", "не применялась", "нет данных",
    ]  # fmt: skip
    assert {row.cells[3].text for row in found.tables[-1].rows[1:]} == {"—"}


def test_a_reform_between_the_periods_stands_beside_its_municipality():
    reform = "01.07.2022 объединение: Б МР → А ГО"
    table = paper(reforms={"m1": reform}).blocks[-1]
    assert isinstance(table, Grid)
    assert [(row[3], row[4], row[-1]) for row in table.rows[:2]] == [
        ("—", "—", f"не сопоставимо: {reform}"), ("−25,0\u00a0п.\u00a0п.", "—", "сопоставимо"),
    ]  # fmt: skip


def test_no_sentence_ends_twice():
    document = replace(drafted(), reason="Уточнены сведения г. Миасса, 2022 г.")
    content = orjson.loads(frozen_text(document, data_of(document, sources())))
    for one in content["sections"][5]["data"]["no_data"]:
        one["name"] = "Посёлок им. Ленина и др."
    said = [one.text for one in analytics_paper(content, made_at=NOW, frozen=None).blocks if isinstance(one, Paragraph)]
    assert any(one.endswith("Медиана изменений: +25,0\u00a0п.\u00a0п.") for one in said)
    assert any(one.endswith("2022 г.") for one in said)
    assert any(one.endswith("и др.") for one in said)
    assert [one for one in said if ".." in one or not one.endswith((".", "%"))] == []


def test_the_same_document_is_the_same_bytes():
    first, second = write_word(told(paper())), write_word(told(paper()))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def whole(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_pdf_is_tagged_titled_and_whole(pdf: pypdf.PdfReader):
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ru"
    assert pdf.metadata
    assert pdf.metadata.title == "Аналитический документ по процедуре «Первая» за 2022 год"
    text = whole(pdf)
    for section in SECTIONS:
        assert f"{section.number}. {section.title}" in text


def test_the_picture_of_the_pdf_has_its_words(pdf: pypdf.PdfReader):
    found: list[str] = []

    def look(node: Any) -> None:
        one = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(one, dict):
            if one.get("/S") == "/Figure":
                found.append(str(one.get("/Alt")))
            kids = one.get("/K", [])
            for kid in kids if isinstance(kids, list) else [kids]:
                look(kid)

    root: Any = pdf.trailer["/Root"]
    look(root["/StructTreeRoot"])
    assert len(found) == 1
    assert "средний — 1" in found[0]


@pytest.mark.parametrize(
    ("share", "shown"), [("1/3", "33,3"), ("-1/3", "−33,3"), ("0", "0,0"), ("-1/4000", "0,0"), ("1/2000", "0,1")]
)
def test_tenths_of_a_percent_are_rounded_half_up(share: str, shown: str):
    assert tenths(share) == shown
