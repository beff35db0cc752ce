"""Editions of a whole country: a paper says where its other tables are, and few contents are kept read."""

import tracemalloc
from dataclasses import replace
from typing import Any, cast

import orjson
import pypdf
import pytest

from services.scoring.domain.publication import Inputs, Packed, canonical, read_content
from services.scoring.domain.publication.sheets import PRINTED_ROWS, paper
from services.scoring.domain.publication.writing import Content
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.computing import Computing
from services.scoring.usecases.publication.published import KEPT, Published
from services.scoring.usecases.state import State
from services.scoring.works.files import FILES, TEMPLATE, WANTED, Wanted, write_tables
from shared.works.pdf import compile_pdf
from tests.unit.scoring.publication.made import NOON, drafted

ABSENT = {"municipality": {"name": "Ёж", "oktmo": None}, "state": "no_data", "reason": "нет действующих результатов"}


def document(*lengths: int) -> dict[str, Any]:
    tables = [
        {
            "group": f"g{number}", "kind": "group", "title": f"Таблица {number}", "flags": [], "rows": [],
            "no_data": [ABSENT] * length,
        }
        for number, length in enumerate(lengths)
    ]  # fmt: skip
    return {"methodology": {"id": "small", "title": "Малая", "sha256": "0" * 64}, "ratings": tables}


def printed_text(shown: dict[str, Any], tmp_path: Any) -> str:
    told = {"template": TEMPLATE, "data": shown, "made_at": int(NOON.timestamp()), "pictures": {}}
    (tmp_path / "paper.pdf").write_bytes(compile_pdf(orjson.dumps(told)))
    pages = pypdf.PdfReader(tmp_path / "paper.pdf").pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_a_paper_names_the_place_of_the_tables_that_it_has_no_room_for(tmp_path: Any):
    shown = paper(drafted(), document(3, PRINTED_ROWS, 5))
    assert [one["title"] for one in shown["tables"]] == ["Таблица 0"]
    assert shown["elsewhere"] == "Ещё таблиц: 2; они в rating.xlsx и в файлах CSV этой редакции."
    assert shown["elsewhere"] in printed_text(shown, tmp_path)


def test_a_paper_with_all_tables_speaks_of_no_others(tmp_path: Any):
    shown = paper(drafted(), document(3, 5))
    assert (len(shown["tables"]), shown["elsewhere"]) == (2, "")
    assert "Ещё таблиц" not in printed_text(shown, tmp_path)


class Shelf:
    """Contents by edition; counts how often one was read."""

    home = ""

    def __init__(self) -> None:
        self.read: list[str] = []

    async def content(self, edition: str, stage: str) -> Content:
        self.read.append(edition)
        return Content(edition, stage, Packed.of(b'{"ratings":[]}'), Inputs((), {}))


async def test_the_contents_asked_for_last_are_kept():
    shelf = Shelf()
    store = cast("Keeps", shelf)
    state = State(store)
    published = Published(store, state, Computing(store, state))
    editions = [f"e{number}" for number in range(KEPT + 1)]
    for edition in editions:
        assert (await published.open(edition)).head == {"ratings": []}
    shelf.read.clear()
    for edition in reversed(editions[1:]):
        await published.open(edition)
    assert shelf.read == []
    await published.open(editions[0])
    assert shelf.read == [editions[0]]


async def test_a_country_takes_a_small_part_of_its_bytes_and_no_objects():
    """Twelve megabytes of JSON, as 2,301 municipalities have them, were 130 MB of objects once read."""
    rows = [
        {"rank": 1, "municipality": {"id": f"m{n}", "name": f"Муниципалитет {n}", "oktmo": None}, "percent": 100}
        for n in range(2_301)
    ]
    tables = [{"flags": [], "group": f"g{n}", "kind": "group", "no_data": [], "rows": rows} for n in range(22)]
    body = Packed.of(canonical({"ratings": tables}))
    tracemalloc.start()
    try:
        _, found = read_content(body)
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (len(found["g7"]["rows"]), body.size > 2_000_000) == (2_301, True)
    assert held < body.size / 5, f"{held:,} of {body.size:,}"
    assert peak < body.size, f"{peak:,} of {body.size:,}"


def test_files_are_made_of_the_content_of_their_edition_only():
    body = Packed.of(canonical(document(1)))
    of_it = replace(drafted(), sha256=body.sha256)
    [file, book] = FILES.validate_json(write_tables(WANTED.dump_json([Wanted(of_it, body)])))
    assert (file.name, file.body.whole().count(b"\r\n"), book.name) == ("g0.csv", 2, "rating.xlsx")
    with pytest.raises(ValueError, match="not that of the edition: 2022-1"):
        write_tables(WANTED.dump_json([Wanted(drafted(), body)]))
