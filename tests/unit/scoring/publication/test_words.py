"""Files of an edition whatever people wrote: what is frozen must be published, and no program may choke on it."""

from datetime import UTC, date, datetime
from io import BytesIO

from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from services.scoring.domain.publication import Edition, Packed, canonical, digest
from services.scoring.domain.publication.sheets import sheets
from services.scoring.works.files import FILES, WANTED, Wanted, write_paper, write_tables
from shared.papers import Sheet, workbook


@given(st.lists(st.text(st.sampled_from("'Аа ß\x01\n[📄\ufffe"), max_size=34), max_size=4))
@example(["А" * 30 + "'б", "📄" * 20, "\x01А", "а", "[]", "'"])
def test_whatever_tables_are_called_a_workbook_takes_their_names(titles: list[str]):
    tables = [{"group": "g", "title": title, "rows": [], "no_data": [], "flags": []} for title in titles]
    shown = [Sheet(name, header, lines) for name, header, lines in sheets({"ratings": tables}, ())]
    read = load_workbook(BytesIO(workbook(shown, title="Т", made_at=datetime(2022, 12, 30, tzinfo=UTC))))
    assert read.sheetnames == [one.name for one in shown]


def test_an_edition_with_words_that_no_font_has_becomes_its_files():
    """Once it is frozen nobody may change the words: they must not keep it from being published."""
    reason = "не участвовали 📄 \uf0b7 приказ\x01"
    absent = {"municipality": {"id": "a", "name": "А", "oktmo": "1"}, "state": "not_applicable", "reason": reason}
    table = {"group": "vpr", "kind": "procedure", "title": "ВПР 🏆", "flags": [], "rows": [], "no_data": [absent]}
    methodology = {"id": "m", "title": "М 中", "sha256": "x"}
    body = canonical({"as_of": "2022-12-30T00:00:00.000000+00:00", "methodology": methodology, "ratings": [table]})
    moment = datetime(2022, 12, 30, tzinfo=UTC)
    edition = Edition("2022-1", "2022", 1, "Рейтинг 🏆", date(2022, 12, 1), moment, "m", digest(body))
    wanted = WANTED.dump_json([Wanted(edition, Packed.of(body))])
    [made] = FILES.validate_json(write_paper(wanted))
    shown = " ".join(page.extract_text() for page in PdfReader(BytesIO(made.body.whole())).pages)
    assert "не участвовали □ • приказ" in " ".join(shown.split())
    assert [one.name for one in FILES.validate_json(write_tables(wanted))] == ["vpr.csv", "rating.xlsx"]
