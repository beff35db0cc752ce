"""Papers: tagged, readable again, the same bytes for the same data, and no code in the data."""

import io
from datetime import UTC, datetime
from fractions import Fraction

import orjson
import pypdf

from shared.papers import Blocks, Paragraph
from shared.pictures import Break, Caption, Mark, slope
from shared.works.pdf import compile_pdf
from shared.works.pdf import told as told_of

TEMPLATE = """
#let data = json("data.json")
#set document(title: data.title)
#set text(lang: "ru")
= #data.title
#table(columns: 2, table.header([А], [Б]), ..data.rows.flatten())
#image("bar.svg", alt: data.title)
"""
BAR = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="9"><rect width="20" height="9"/></svg>'


def pdf(title: str) -> bytes:
    told = {"template": TEMPLATE, "data": {"title": title, "rows": [["Ёж", "1"]]}, "pictures": {"bar.svg": BAR}}
    return compile_pdf(orjson.dumps(told | {"made_at": int(datetime(2022, 12, 30, tzinfo=UTC).timestamp())}))


def test_a_paper_is_tagged_and_named_in_its_language():
    found = pypdf.PdfReader(io.BytesIO(pdf("Рейтинг")))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    assert root["/Lang"] == "ru"
    assert found.metadata is not None
    assert found.metadata.title == "Рейтинг"
    assert "Ёж" in found.pages[0].extract_text()


def test_a_picture_of_the_house_goes_into_a_paper_whole():
    columns = [("2021", Mark("0 %", Fraction(0), 0)), ("2022", Mark("нет данных", nothing="no_data"))]
    told = {"template": '#set document(title: "т")\n#image("one.svg", alt: "т")', "data": {}, "made_at": 0}
    pictures = {"one.svg": slope(columns, Caption("one", "т", "о"), breaks=[Break(0, "М", "другая методика")])}
    assert compile_pdf(orjson.dumps(told | {"pictures": pictures})).startswith(b"%PDF")


def test_the_same_paper_is_the_same_bytes():
    assert pdf("Рейтинг") == pdf("Рейтинг")


def test_data_are_shown_and_never_run():
    title = '#panic("run") *[$ x $]* "'
    assert '#panic("run")' in pypdf.PdfReader(io.BytesIO(pdf(title))).pages[0].extract_text()


def test_every_further_page_says_what_paper_it_is_of_and_how_many_there_are():
    paper = Blocks("Аналитический документ", [Paragraph("Слова. " * 400)] * 6, datetime(2022, 12, 30, tzinfo=UTC))
    pages = pypdf.PdfReader(io.BytesIO(compile_pdf(told_of(paper.paper())))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        shown = " ".join(page.extract_text().split())
        assert shown.count("Аналитический документ") == 1, "once a page: as the title or above the text"
        assert f"Страница {number} из {len(pages)}" in shown
