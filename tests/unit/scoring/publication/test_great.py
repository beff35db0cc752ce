"""Editions of a whole country: a paper says where its other tables are, and few contents are kept read."""

from typing import Any, cast

import orjson
import pypdf
import pytest

from services.scoring.domain.publication import FROZEN, Inputs
from services.scoring.domain.publication.sheets import PRINTED_ROWS, paper
from services.scoring.domain.publication.writing import Content
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.computing import Computing
from services.scoring.usecases.publication.papers import TEMPLATE
from services.scoring.usecases.publication.published import KEPT, KEPT_BYTES, Published
from services.scoring.usecases.state import State
from shared.papers.typeset import compile_pdf
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
    """Contents by edition, each of a size; counts how often one was read."""

    def __init__(self, size: int) -> None:
        self.body = b'{"ratings":[]}' + b" " * size
        self.read: list[str] = []

    async def content(self, edition: str, stage: str) -> Content:
        self.read.append(edition)
        return Content(edition, stage, self.body, Inputs((), {}))


@pytest.mark.parametrize(("size", "kept"), [(0, KEPT), (KEPT_BYTES // 3, 2), (2 * KEPT_BYTES, 1)])
async def test_contents_are_kept_read_by_number_and_by_size_and_the_last_one_always(size: int, kept: int):
    shelf = Shelf(size)
    store = cast("Keeps", shelf)
    state = State(store)
    published = Published(store, state, Computing(store, state))
    editions = [f"e{number}" for number in range(KEPT + 1)]
    for edition in editions:
        assert (await published.open(edition)).content.stage == FROZEN
    shelf.read.clear()
    for edition in reversed(editions[-kept:]):
        await published.open(edition)
    assert shelf.read == []
    await published.open(editions[-kept - 1])
    assert shelf.read == [editions[-kept - 1]]
