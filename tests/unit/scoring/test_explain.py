"""Explaining: the whole chain as one golden document, as JSON and as a paper; who submitted, and who decided."""

import io
import json
import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import pypdf

from services.scoring.api.papers import explanation_paper
from services.scoring.api.papers.explanation import paper_data
from services.scoring.domain import (
    Card,
    Explainer,
    Fact,
    Submitter,
    blank,
    last_facts,
    methodology_from_yaml,
    read_methodology,
    recount,
)
from shared.works.pdf import compile_pdf
from tests.unit.scoring.made import DOCUMENT, METHODOLOGY, document, fact, of_period

GOLDEN = Path(__file__).parent / "golden"
ACCEPT = "RSOKO_ACCEPT=1 .venv/bin/pytest tests/unit/scoring/test_explain.py"
NAMES = {"first": {"i1": "Доля школ, где работы проверяли независимо", "i2": "Охват, %"}}
MUNICIPALITY = {"id": "m1", "name": "Ёлкинский ГО", "oktmo": "75701000"}
FACTS = [
    replace(fact("r1", values={"i1": "1", "i2": "10"}), submitted_by=Submitter("municipality", "m1")),
    replace(fact("r1", 2, values={"i1": "1.5", "i2": "25"}, at=60), submitted_by=Submitter("system", "gis-education")),
    fact("r2", procedure="second", values={"i1": "7.5"}),
    replace(fact("r3", procedure="third", exempt=True), submitted_by=Submitter("ministry")),
]


def explained(facts: list[Fact] = FACTS, municipality: str = "m1") -> dict[str, Any]:
    card = carded(facts, municipality)
    found = Explainer(METHODOLOGY, last_facts(facts), lambda *_: 1, NAMES).explain(card)
    return found | {"municipality": MUNICIPALITY, "as_of": "2023-01-01T01:00:00.000000+00:00"}


def carded(facts: list[Fact], municipality: str = "m1") -> Card:
    return recount(facts, methodology_of=of_period)[municipality, "2022"]


def golden(name: str, told: str) -> str:
    path = GOLDEN / name
    if os.environ.get("RSOKO_ACCEPT"):
        path.write_text(told, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def pdf(told: dict[str, Any]) -> bytes:
    paper = explanation_paper({"flags": []} | told)
    given = {"template": paper.template, "data": paper.data, "pictures": {}}
    return compile_pdf(orjson.dumps(given | {"made_at": int(paper.made_at.timestamp())}))


def text_of(document: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return "\n".join(page.extract_text() for page in pages) + "\n"


def test_an_explanation_is_its_golden_document() -> None:
    told = json.dumps(explained(), ensure_ascii=False, indent=1) + "\n"
    assert told == golden("explain.json", told), f"accept it, if it is meant, with: {ACCEPT}"


def test_the_paper_says_what_its_golden_text_says() -> None:
    told = text_of(pdf(explained()))
    assert told == golden("explain.txt", told), f"accept it, if it is meant, with: {ACCEPT}"


def test_the_paper_says_what_counts_without_permission() -> None:
    flag = {"procedure": "second", "code": "use-not-permitted", "act": "письмо № 9", "title": "Вторая"}
    told = " ".join(text_of(pdf(explained() | {"flags": [flag]})).split())
    assert "Учтены процедуры, которым оценка муниципалитетов не разрешена: Вторая (письмо № 9)." in told


def test_a_paper_of_a_year_of_which_nothing_was_written_has_no_moment() -> None:
    head = dict(paper_data(explained() | {"flags": [], "as_of": "1970-01-01T00:00:00.000000+00:00"})["head"])
    assert head["Составлено по состоянию на"] == "за этот период ещё ничего не записано"


def test_no_note_ends_twice() -> None:
    told = explained()
    [exempt] = [
        one for group in told["overall"]["groups"] for one in group["procedures"] if one["state"] == "not_applicable"
    ]
    exempt |= {"reason": "Школ нет.", "act": "приказ 1 от 01.02.2022 г."}
    exempt["result"]["reason"] = "опечатка..."
    notes = [
        note
        for group in paper_data(told | {"flags": []})["groups"]
        for one in group["procedures"]
        for note in one["notes"]
    ]
    assert "Почему не применялась: Школ нет. Документ: приказ 1 от 01.02.2022 г." in notes
    assert any(note.endswith("почему изменён: опечатка...") for note in notes)
    assert all(note.endswith(".") for note in notes)


def test_the_paper_is_tagged_russian_and_the_same_bytes_again() -> None:
    first = pdf(explained())
    root = pypdf.PdfReader(io.BytesIO(first)).trailer["/Root"]
    assert (bool(root["/MarkInfo"]["/Marked"]), root["/Lang"]) == (True, "ru")
    assert pdf(explained(FACTS[::-1])) == first


def test_every_number_of_the_chain_adds_up_to_the_one_above() -> None:
    overall = explained()["overall"]
    for group in overall["groups"]:
        points = [Fraction(one["points"]) for one in group["procedures"] if one["state"] == "scored"]
        assert sum(points) == Fraction(group.get("points", 0))
        for one in group["procedures"]:
            parts = [Fraction(part["points"]) for part in one["indicators"] if part["points"] is not None]
            assert one["state"] != "scored" or sum(parts) == Fraction(one["points"])
    assert sum(Fraction(group.get("points", 0)) for group in overall["groups"]) == Fraction(overall["points"])


def test_where_maxima_do_not_add_up_the_explanation_says_so() -> None:
    """The small methodology declares 9 overall; its groups give 10, less the 4 of the third that did not apply."""
    declared = explained()["overall"]
    note = (
        "Общий максимум по методике — 5, максимумы групп дают вместе 6 (без процедур, которые не применялись): "
        "общая доля считается от первого."
    )
    assert (declared["maximum"], declared["notes"]) == ("5", [note])
    assert note in " ".join(text_of(pdf(explained())).split())
    plain = read_methodology({name: value for name, value in DOCUMENT.items() if name != "overall"})
    card = recount(FACTS, methodology_of=lambda _: plain)["m1", "2022"]
    assert Explainer(plain, last_facts(FACTS), lambda *_: 1).explain(card)["overall"]["notes"] == []


def test_points_beyond_a_procedures_maximum_are_named() -> None:
    made = document()
    made["groups"][0]["procedures"][0]["maximum"] = 3
    tight, full = read_methodology(made), fact("r1", values={"i1": "2", "i2": "32.5"})
    card = recount([full], methodology_of=lambda _: tight)["m1", "2022"]
    told = Explainer(tight, last_facts([full]), lambda *_: 1).explain(card)
    first = told["overall"]["groups"][0]["procedures"][0]
    assert [one["points"] for one in first["indicators"]] == ["2", "1.5"]
    assert (first["points"], first["notes"]) == ("3", ["Баллы сверх максимума процедуры не засчитаны: 0.5."])
    shown = paper_data(told | {"municipality": MUNICIPALITY, "as_of": "2023-01-01T01:00:00+00:00", "flags": []})
    assert shown["groups"][0]["procedures"][0]["notes"][0].endswith("не засчитаны: 0,5.")


def test_the_regions_own_methodology_says_why_a_full_score_is_96_of_95() -> None:
    text = (Path(__file__).parents[3] / "data" / "methodologies" / "complex-analytics-2022.yaml").read_text("utf-8")
    edition, _ = methodology_from_yaml(text)
    facts = [
        fact(key, procedure=key, values={one.key: str(one.maximum) for one in procedure.indicators})
        for key, procedure in edition.procedures.items()
    ]
    card = recount(facts, methodology_of=lambda _: edition)["m1", "2022"]
    overall = Explainer(edition, last_facts(facts), lambda *_: 1).explain(card)["overall"]
    assert (overall["points"], overall["maximum"], len(overall["notes"])) == ("96", "95", 1)
    assert "— 95, максимумы групп дают вместе 96" in overall["notes"][0]


def test_an_exemption_says_whether_a_result_or_the_edition_decided() -> None:
    third = explained()["overall"]["groups"][1]["procedures"][0]
    by_edition = explained([fact("r9", municipality="m3", values={"i1": "1"})], "m3")
    assert (third["basis"], third["act"], third["result"]["submitted_by"]) == (
        "result",
        "приказ № 2",
        {"role": "ministry", "id": None},
    )
    other = by_edition["overall"]["groups"][1]["procedures"][0]
    assert (other["basis"], other["act"], other["result"]) == ("edition", "приказ № 1", None)


def test_the_data_are_as_old_as_the_last_record_also_of_a_withdrawal() -> None:
    assert carded(FACTS).data_at == FACTS[1].recorded
    assert blank(METHODOLOGY, "m9", "2022").data_at is None, "there is nothing behind it yet"
    gone = fact("r2", 2, procedure="second", at=90)
    assert carded([*FACTS, gone]).data_at == gone.recorded


def test_a_withdrawn_result_is_named_and_not_told_as_one_that_never_came() -> None:
    gone = fact("r2", 2, procedure="second", at=90)
    told = explained([*FACTS, gone])
    second = told["overall"]["groups"][0]["procedures"][1]
    assert (second["state"], second["result"]) == ("no_data", None)
    assert (second["withdrawn"]["id"], second["withdrawn"]["revision"]) == ("r2", 2)
    said = " ".join(text_of(pdf(told)).split())
    assert "Результат r2 отозван" in said
    assert "версия 2 (исправление): баллов нет" in said
    assert "не поступал" not in said
