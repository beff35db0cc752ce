"""The canonical document: the order of what came in does not matter, one value more does, and every place is named."""

import json
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain import Fact, read_methodology, recount
from services.scoring.domain.card import RESULT_SAYS
from services.scoring.domain.publication import (
    Inputs,
    Packed,
    Scored,
    canonical,
    make_content,
    otherwise,
    places,
    read_content,
    table_in,
)
from services.scoring.domain.publication.sheets import PRINTED_ROWS, printed, sheets
from services.scoring.domain.rating import ALL_EXEMPT, NO_RESULTS
from tests.unit.scoring.made import METHODOLOGY, document, fact
from tests.unit.scoring.publication.made import HEAD, NAMES, content

VALUES = st.fixed_dictionaries({"i1": st.sampled_from(["0", "1", "2"]), "i2": st.sampled_from(["10", "25", "40"])})


def facts_of(values: list[dict[str, str]]) -> list[Fact]:
    return [fact(f"r{n}", municipality=f"m{n}", values=one) for n, one in enumerate(values)]


@given(st.lists(VALUES, min_size=1, max_size=4), st.randoms())
def test_the_same_facts_in_any_order_are_the_same_bytes(values: list[dict[str, str]], random: Random):
    facts = facts_of(values)
    shuffled = facts[:]
    random.shuffle(shuffled)
    assert content(facts) == content(shuffled)


@given(st.lists(VALUES, min_size=2, max_size=4))
def test_ranks_are_those_of_a_plain_count(values: list[dict[str, str]]):
    document = json.loads(content(facts_of(values)))
    for table in document["ratings"]:
        shares = sorted({Fraction(row["share"]) for row in table["rows"]}, reverse=True)
        assert [row["rank"] for row in table["rows"]] == [
            shares.index(Fraction(row["share"])) + 1 for row in table["rows"]
        ]
        names = [(row["rank"], row["municipality"]["name"].lower().replace("ё", "е")) for row in table["rows"]]
        assert names == sorted(names)
        assert len(table["rows"]) + len(table["no_data"]) == len(NAMES)


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_a_document_written_table_by_table_is_the_canonical_one(values: list[dict[str, str]]):
    written = content(facts_of(values))
    assert written == canonical(json.loads(written))


@given(st.lists(st.integers(0, 2 * PRINTED_ROWS), min_size=1, max_size=6))
def test_a_paper_has_the_first_tables_as_long_as_it_stays_readable_and_always_one(lengths: list[int]):
    tables = [{"rows": [None] * (one // 2), "no_data": [None] * (one - one // 2)} for one in lengths]
    taken = len(printed(tables))
    assert printed(tables) == tables[:taken]
    assert taken == 1 or sum(lengths[:taken]) <= PRINTED_ROWS
    assert taken == len(tables) or sum(lengths[: taken + 1]) > PRINTED_ROWS


def test_the_paper_of_a_region_has_all_tables():
    region = [{"rows": [None] * 43, "no_data": []}] * 22
    assert printed(region) == region


def test_a_document_is_written_in_one_way():
    assert canonical({"б": [1, None, True], "a": "Ё\n"}) == '{"a":"Ё\\n","б":[1,null,true]}'.encode()


def test_every_place_that_differs_is_named():
    left = {"rows": [{"a": 1}, {"a": 2}], "same": 1}
    right = {"rows": [{"a": 1}, {"a": 3}, {"a": 4}], "same": 1, "more": None}
    assert [(one.where, one.published, one.reproduced) for one in otherwise(left, right)] == [
        ("/rows/1/a", 2, 3),
        ("/rows/2", None, {"a": 4}),
    ]


def test_a_key_that_only_one_side_has_is_named():
    assert [(one.where, one.published, one.reproduced) for one in otherwise({"a": 1}, {"b": 2})] == [
        ("/a", 1, None),
        ("/b", None, 2),
    ]


@pytest.mark.parametrize(
    ("declared", "form", "state", "reason"),
    [
        (20, 2, "no_data", NO_RESULTS),
        (20, 3, "not_applicable", ALL_EXEMPT),
        (10, 2, "not_applicable", ALL_EXEMPT),
        (None, 2, "not_applicable", ALL_EXEMPT),
    ],
    ids=["above the sum then", "above the sum since", "the sum", "none"],
)
def test_to_whom_nothing_applied_is_said_what_the_format_said_where_the_declared_maximum_is_above_the_sum(
    declared: int | None, form: int, state: str, reason: str
):
    methodology = read_methodology(document(overall=None if declared is None else {"maximum": declared}))
    exempt = [fact(f"r-{key}", procedure=key, exempt=True) for key in methodology.procedures]
    cards = list(recount(exempt, methodology_of=lambda _: methodology).values())
    scored = Scored(cards, methodology, Inputs((), {"m1": NAMES["m1"]}), {"m1": exempt[0].recorded})
    tables = {one["group"]: one for one in json.loads(make_content(replace(HEAD, format=form), scored))["ratings"]}
    said = {group: [(one["state"], one["reason"]) for one in table["no_data"]] for group, table in tables.items()}
    assert said["overall"] == [(state, reason)]
    assert said["alpha"] == said["beta"] == [("not_applicable", ALL_EXEMPT)], "of groups it was said before"


@pytest.mark.parametrize(("form", "said"), [(4, "нет таких школ"), (5, RESULT_SAYS)])
def test_what_was_typed_with_a_result_is_said_by_formats_before_the_fifth_only(form: int, said: str):
    facts = [fact(f"r{n}", municipality=f"m{n}", procedure="first", exempt=True) for n in (0, 1)]
    cards = list(recount(facts, methodology_of=lambda _: METHODOLOGY).values())
    unborn = {"m1": "образован 01.01.2024"}
    scored = Scored(cards, METHODOLOGY, Inputs((), NAMES, unborn), {})
    tables = {one["group"]: one for one in json.loads(make_content(replace(HEAD, format=form), scored))["ratings"]}
    reasons = {one["municipality"]["id"]: one["reason"] for one in tables["first"]["no_data"]}
    assert (reasons["m0"], reasons["m1"]) == (said, unborn["m1"])


def test_a_content_is_as_old_as_its_latest_score():
    facts = [
        fact("r0", municipality="m0", values={"i1": "2"}),
        fact("r1", municipality="m1", values={"i1": "2"}, at=90),
    ]
    assert json.loads(content(facts))["data_at"] == facts[1].recorded


def test_places_are_read_back_by_table_and_municipality():
    _, tables = read_content(Packed.of(content(facts_of([{"i1": "2", "i2": "40"}, {"i1": "1", "i2": "10"}]))))
    assert places(tables["first"]) == {"m0": (1, 100), "m1": (2, 25)}
    assert places(tables["third"]) == {}


# Whatever stands in a text: what begins a table, ends one, names one.
WORDS = st.text(alphabet='{}[]",:\\flagsЁ\n', max_size=12) | st.sampled_from(
    ['{"flags":', '"group":"x","kind":"y"', "]}"]
)
TABLES = st.lists(
    st.builds(
        lambda group, kind, rows, words: {
            "flags": [{"act": word, "code": "not-permitted", "procedure": word} for word in words],
            "group": group,
            "kind": kind,
            "no_data": [{"reason": word} for word in words],
            "rows": [{"rank": 1, "municipality": {"id": word}} for word in rows],
            "title": "".join(words),
        },
        WORDS,
        st.sampled_from(["overall", "group", "procedure"]),
        st.lists(WORDS, max_size=4),
        st.lists(WORDS, max_size=4),
    ),
    max_size=5,
    unique_by=lambda one: one["group"],
)


@given(TABLES, st.integers(1, 64))
def test_tables_read_one_by_one_are_those_of_the_document_read_whole(tables: list[dict[str, Any]], chunk: int):
    document = {"as_of": "2023", "edition": '{"flags":', "ratings": tables}
    body = Packed.of(canonical(document))
    head, found = read_content(body, chunk=chunk)
    assert [table_in(body, one["group"]) for one in tables] == tables
    assert head == document | {"ratings": []}
    assert [(one.group, one.kind) for one in found.texts] == [(one["group"], one["kind"]) for one in tables]
    assert (list(found), list(found.values())) == ([one["group"] for one in tables], tables)
    assert ("nothing" in found, found.get("nothing")) == (False, None)


@given(st.binary(max_size=2_000), st.integers(1, 64))
def test_packed_bytes_are_the_same_in_one_and_in_pieces(whole: bytes, chunk: int):
    packed = Packed.of(whole)
    assert b"".join(packed.pieces(chunk)) == packed.whole() == whole
    assert (packed.size, packed.sha256) == (len(whole), sha256(whole).hexdigest())


def test_sheets_have_names_that_spreadsheets_take():
    title = "Очень длинное название процедуры: [проверка] и ещё"
    table = {"group": "g", "title": title, "rows": [], "no_data": [], "flags": []}
    names = [name for name, _, _ in sheets({"ratings": [table, table, table]}, ())]
    assert len({name.casefold() for name in names}) == 4
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
