"""What papers show: every character of the tables is typeset, and whatever people write has a substitute."""

import io
import re
import unicodedata
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import docx
import openpyxl
import orjson
import pypdf
import pytest
import typst

from shared.papers import Bullets, Grid, Heading, Paragraph, Picture, Sheet, workbook
from shared.papers.blocks import Block, Blocks
from shared.pictures.svg import Caption, framed, words
from shared.works.legible import ACCENTED, ACCENTS, PICTURE, TEXT, legible, legible_picture
from shared.works.pdf import compile_pdf, told
from shared.works.word import write_word

NOON = datetime(2022, 12, 30, 12, tzinfo=UTC)
MIDDLE = ("L", "N", "P", "S", "Zs")
# Scripts that are not written letter by letter, and letters that nothing shows.
OTHERS = {*range(0x900, 0xE3F), *range(0xE80, 0xF00), 0x115F, 0x1160, 0x3164, 0xFFA0}
# Those of the East are many, and no font here has them.
OTHERS |= {*range(0x3400, 0xA4D0), *range(0xAC00, 0xD7A4), *range(0xF900, 0xFB00)}
STRANGE = (
    "не участвовали 📄 👩\u200d👩\u200d👧 🇷🇺 1\ufe0f\u20e3", "\uf0b7 первое", "\u2043 второе", "при\ufeffказ",
    "中文", "हिन्दी", "שלום\u0301", "\u202eтекст", "а\x01б\x0bв\x85г\u2028д", "\ufffe\U0001ffff", "\ufeff", "\x00",
    "e\u0301\u0301\u20dd и\u0306 ⚠\ufe0f\u0301", "ﷺ ㎡ Ａ 𝐀 ½ ₽ ✓", "\ue000\U000f0000", "∀✓□Ⴀ⠁Ꭰ", "за\u0301мок",
    "\u0338а <&\u0338> ＜b＞＆",
)  # fmt: skip


def characters(ranges: str) -> str:
    ends = [one.partition("-") for one in ranges.split()]
    return "".join(chr(code) for first, _, last in ends for code in range(int(first, 16), int(last or first, 16) + 1))


def accented() -> list[str]:
    return [letter + accent for letter in characters(ACCENTED) for accent in characters(ACCENTS)]


def blocks(*told: Block, title: str = "Документ") -> Blocks:
    return Blocks(title, told, NOON)


def pdf(*given: Block, title: str = "Документ") -> bytes:
    return compile_pdf(told(blocks(*given, title=title).paper()))


def picture(*lines: str) -> str:
    drawn = [words(5, 20, line) for line in lines] + [words(5, 20, line, font_weight="bold") for line in lines]
    return framed(Caption("one", lines[0], lines[-1]), "".join(drawn), (100, 100))


def test_every_character_of_the_table_is_typeset_plain_and_bold():
    every = characters(TEXT)
    assert legible(every) == every
    assert pdf(Heading(every), Paragraph(every[::-1]), Bullets(list(every)), Grid([every], [[every]]), title=every)


def test_every_accent_is_typeset_above_every_letter_that_it_stays_with():
    shown = [legible(pair) for pair in accented()]
    assert shown == [unicodedata.normalize("NFC", pair) for pair in accented()]
    assert pdf(Heading("".join(shown)), Paragraph("".join(shown)))


def test_every_character_of_a_picture_is_drawn():
    every = characters(PICTURE)
    assert legible_picture(every) == every
    assert pdf(Picture(picture(every, every[::-1], "office fjord Thffl", "за\u0301мок"), every))


def test_the_table_leaves_out_nothing_that_the_fonts_have():
    """Of the scripts that it means, everything else is refused by the typesetter itself."""
    known = set(characters(TEXT))
    others = [
        one
        for one in map(chr, (code for code in range(0x20, 0x10000) if code not in OTHERS))
        if unicodedata.category(one).startswith(MIDDLE)
        and unicodedata.bidirectional(one) not in {"R", "AL", "AN"}
        and one not in known
    ]
    source = '#set document(title: "т")\n#for one in json(bytes(sys.inputs.all)) [#par(one)]'
    with pytest.raises(typst.TypstError) as refused:
        typst.compile(
            source.encode(),
            pdf_standards="ua-1",
            ignore_system_fonts=True,
            sys_inputs={"all": orjson.dumps(others).decode()},
        )
    assert len(re.findall("could not be displayed", refused.value.diagnostic)) == len(others) > 1_000


@pytest.mark.parametrize("text", STRANGE)
def test_whatever_was_written_becomes_a_paper(text: str):
    given = [Heading(text), Paragraph(text), Bullets([text]), Grid([text], [[text]]), Picture(picture(text), text)]
    assert pdf(*given, title=text)
    made = blocks(*given, title=text).paper()
    assert write_word(told(made))
    assert workbook([Sheet("Лист", [text], [[text]])], title=text, made_at=NOON)


def test_what_has_no_glyph_has_a_visible_substitute():
    made = pdf(
        Paragraph("не участвовали 📄"), Bullets(["\uf0b7 первое", "\u2043 второе"]), Paragraph("при\ufeffказ ㎡")
    )
    shown = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
    for said in ("не участвовали □", "• первое", "• второе", "приказ m2"):
        assert said in shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ёлка — «№ 5», 12,5\u00a0% ₽ ✓", "Ёлка — «№ 5», 12,5\u00a0% ₽ ✓"),
        ("и\u0306 е\u0308 за\u0301мок", "й ё за\u0301мок"),
        ("⚠\ufe0f внимание", "⚠ внимание"),
        ("а\x0bб\x85в\u2028г\x01д", "а\nб\nв\nгд"),
        ("Ａ１ 𝐀", "A1 A"),
        ("शिक्षा", "□□□"),
        ("", ""),
        ("\ufeff", "□"),
        ("=\u0338 ＜b＞", "≠ <b>"),
    ],
)
def test_what_can_be_said_otherwise_is(written: str, shown: str):
    assert legible(written) == shown


def test_the_words_of_a_picture_stay_words():
    shown = legible_picture(picture("и\u0306 ＜b＞📄", "\u0338"))
    assert ET.fromstring(shown)[2].text == "й <b>□"  # noqa: S314 - drawn above
    assert legible_picture(picture("Ёж < 5")) == picture("Ёж < 5")


def test_a_docx_keeps_emoji_and_loses_what_no_xml_may_have():
    read = docx.Document(
        io.BytesIO(write_word(told(blocks(Paragraph("а\x01б\ufffe 📄\x0bв"), title="Т" * 300).paper())))
    )
    assert [one.text for one in read.paragraphs] == ["Т" * 300, "аб 📄\nв"]
    assert read.core_properties.title == "Т" * 255


def test_a_workbook_reads_back_whatever_was_written():
    given = ["а\x01б\ufffe 📄\x0bв", "<r><t>x</t></r>", "<r>&</r>"]
    page = openpyxl.load_workbook(
        io.BytesIO(workbook([Sheet("Лист", ["\x01к"], [[one] for one in given])], title="\x01", made_at=NOON))
    )["Лист"]
    assert [row[0].value for row in page.iter_rows()] == ["к", "аб 📄\nв", "<r><t>x</t></r> ", "<r>&</r> "]
