"""The printed edition: whatever page lies on the desk says what it is of, and a region's table takes one page."""

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pypdf

from services.scoring.domain.publication import Act
from services.scoring.domain.publication.sheets import paper
from services.scoring.works.files import TEMPLATE
from shared.works.pdf import compile_pdf
from tests.unit.scoring.publication.made import NOON, drafted

MUNICIPALITIES, TABLES = 43, 22
REASON = "Проект предназначен для школ с низкими результатами; таких в муниципалитете нет"


def row(number: int) -> dict[str, Any]:
    name = {"id": f"m{number}", "name": f"Верхнеуральский МО {number}", "oktmo": "75701000"}
    return {
        "rank": number, "municipality": name, "points": "36.5", "maximum": "95", "percent": 38, "level": "medium",
        "level_conflict": False,
    }  # fmt: skip


def document(tables: int, rows: int, absent: int = 0) -> dict[str, Any]:
    without = [{**row(number), "state": "not_applicable", "reason": REASON} for number in range(absent)]
    made = [
        {"group": f"g{number}", "kind": "procedure", "title": f"Процедура {number}", "flags": [],
         "rows": [row(one) for one in range(1, rows + 1)], "no_data": without}
        for number in range(tables)
    ]  # fmt: skip
    return {"methodology": {"id": "small", "title": "Малая", "sha256": "0" * 64}, "ratings": made}


def pages(content: dict[str, Any], tmp_path: Any, **of: Any) -> list[str]:
    shown = paper(replace(drafted(), **of), content)
    told = {"template": TEMPLATE, "data": shown, "made_at": int(NOON.timestamp()), "pictures": {}}
    (tmp_path / "paper.pdf").write_bytes(compile_pdf(orjson.dumps(told)))
    read = pypdf.PdfReader(tmp_path / "paper.pdf").pages
    return [" ".join(one.extract_text().split()) for one in read]


def test_each_table_of_a_region_takes_one_page_after_the_first(tmp_path: Any):
    found = pages(document(TABLES, MUNICIPALITIES), tmp_path)
    assert len(found) == TABLES + 1
    assert [f"Процедура {number}" in text for number, text in enumerate(found[1:])] == [True] * TABLES
    assert f"Процедура {TABLES - 1}" in found[0], "the first page says which tables there are"


def test_every_page_says_which_edition_it_is_of_and_how_many_there_are(tmp_path: Any):
    act = Act("01-14", date(2023, 2, 20))
    found = pages(document(3, 100), tmp_path, act=act)
    for number, text in enumerate(found, start=1):
        assert f"Страница {number} из {len(found)}" in text
        assert "редакция 2022-1" in text.casefold()
        assert "2022 год" in text
        assert "акт № 01-14 от 20.02.2023" in text


def test_every_page_of_what_is_not_published_says_so(tmp_path: Any):
    assert ["проект" in text for text in pages(document(2, 3), tmp_path)] == [True] * 3


def test_a_table_that_goes_on_repeats_its_head(tmp_path: Any):
    found = pages(document(1, 100), tmp_path)
    assert len(found) == 3
    assert all("Место Муниципалитет Код ОКТМО" in text for text in found[1:])


def test_whoever_has_no_score_has_the_reason_in_one_cell(tmp_path: Any):
    found = pages(document(1, 34, 9), tmp_path)
    assert len(found) == 2
    assert found[1].count(f"75701000 не применялась: {REASON}") == 9
    assert "Примечание" not in found[1]


def test_a_note_on_a_score_has_a_column_of_its_own(tmp_path: Any):
    content = document(1, 3)
    content["ratings"][0]["rows"][1]["level_conflict"] = True
    [_, shown] = pages(content, tmp_path)
    assert "Уровень Примечание 1" in shown
    assert "средний по баллам был бы другой уровень 3" in shown


def test_a_very_long_title_leaves_the_pages_as_they_are(tmp_path: Any):
    long = "Рейтинг муниципалитетов региона по оценке механизмов управления качеством " * 3
    found = pages(document(TABLES, MUNICIPALITIES), tmp_path, title=long.strip())
    assert len(found) == TABLES + 1
