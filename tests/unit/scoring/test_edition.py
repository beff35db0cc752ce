"""The methodology's format: what is accepted, and every refusal with its pointer, line and code."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain import methodology_from_yaml, read_methodology, recount, stored_methodology
from services.scoring.domain.period import period_year
from services.scoring.domain.rulebook import Loaded, Rulebook, in_force
from shared.kernel import FieldError, Refused
from tests.unit.scoring.made import DOCUMENT, METHODOLOGY, START, document, fact

YAML = """\
id: tiny
title: Крошечная
in_force: {from: 2020}
levels: {low: [0, 29], medium: [30, 59], above_average: [60, 89], high: [90, 100]}
groups:
  - key: alpha
    title: Альфа
    procedures:
      - key: first
        code: 1
        title: Первая
        maximum: 1.5
        indicators:
          - {key: i1, maximum: 1.5, rule: {kind: direct}}
"""


def errors_of(read: Callable[[], object]) -> list[FieldError]:
    with pytest.raises(Refused) as refused:
        read()
    assert refused.value.code == "invalid-methodology"
    for error in refused.value.errors:
        assert error.message
        assert error.remedy
    return list(refused.value.errors)


def changed(path: str, value: Any) -> dict[str, Any]:
    """The small document with one place replaced; `None` takes the field out."""
    made = document()
    place: Any = made
    *steps, last = path.strip("/").split("/")
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value
    return made


def test_a_yaml_text_becomes_exact_objects_and_a_storable_document() -> None:
    methodology, stored = methodology_from_yaml(YAML)
    assert methodology.procedures["first"].maximum == Fraction(3, 2)
    assert stored["groups"][0]["procedures"][0]["maximum"] == "1.5"
    assert read_methodology(stored) == methodology
    assert methodology.declared is None
    assert methodology.covers("2999")


I1 = "/groups/0/procedures/0/indicators/0"
WRONG: list[tuple[str, Any, str, str]] = [
    ("/id", "Большая", "/id", "not-a-key"),
    ("/title", " ", "/title", "not-a-text"),
    ("/in_force", None, "/in_force", "not-a-mapping"),
    ("/in_force/from", "2020", "/in_force/from", "not-an-integer"),
    ("/in_force/to", 2019, "/in_force/to", "empty-range"),
    ("/levels", None, "/levels", "not-a-mapping"),
    ("/levels/low", [0], "/levels/low", "not-a-band"),
    ("/levels/medium", [29, 59], "/levels/medium", "overlap"),
    ("/levels/high", [90, 101], "/levels/high/1", "not-an-integer"),
    ("/overall/maximum", 0, "/overall/maximum", "not-positive"),
    ("/overall/maximum", 100_001, "/overall/maximum", "too-large"),
    ("/groups/0/maximum", 10**17, "/groups/0/maximum", "too-large"),
    ("/groups/0/procedures/0/maximum", Decimal("100000.5"), "/groups/0/procedures/0/maximum", "too-large"),
    (f"{I1}/maximum", 100_001, f"{I1}/maximum", "too-large"),
    ("/overall/points_levels/low", [2, 0], "/overall/points_levels/low", "not-a-band"),
    ("/overall", [], "/overall", "not-a-mapping"),
    ("/groups", [], "/groups", "not-a-list"),
    ("/groups/0", "alpha", "/groups/0", "not-a-mapping"),
    ("/groups/0/key", "overall", "/groups/0/key", "duplicate-key"),
    ("/groups/0/key", "passport", "/groups/0/key", "reserved-key"),
    ("/groups/1/procedures/0/key", "passport", "/groups/1/procedures/0/key", "reserved-key"),
    ("/groups/1/key", "first", "/groups/1/key", "duplicate-key"),
    ("/groups/1/procedures/0/key", "first", "/groups/1/procedures/0/key", "duplicate-key"),
    ("/groups/0/procedures/0", 1, "/groups/0/procedures/0", "not-a-mapping"),
    ("/groups/0/procedures/0/maximum", 0, "/groups/0/procedures/0/maximum", "not-positive"),
    ("/groups/0/procedures/0/maximum", Decimal("NaN"), "/groups/0/procedures/0/maximum", "not-a-number"),
    ("/groups/0/procedures/0/code", True, "/groups/0/procedures/0/code", "not-an-integer"),
    ("/groups/0/procedures/1/assumed", "да", "/groups/0/procedures/1/assumed", "not-a-flag"),
    (I1, None, I1, "not-a-mapping"),
    (f"{I1}/key", "i2", "/groups/0/procedures/0/indicators/1/key", "duplicate-key"),
    (f"{I1}/maximum", "много", f"{I1}/maximum", "not-a-number"),
    (f"{I1}/rule", None, f"{I1}/rule", "rule-missing"),
    (f"{I1}/rule", "direct", f"{I1}/rule", "not-a-mapping"),
    (f"{I1}/rule", {"kind": "magic"}, f"{I1}/rule/kind", "unknown-rule"),
    (f"{I1}/rule", {"kind": ["direct"]}, f"{I1}/rule/kind", "unknown-rule"),
    (f"{I1}/rule", {"kind": "relative", "better": "faster"}, f"{I1}/rule/better", "unknown-direction"),
    (f"{I1}/rule", {"kind": "relative", "better": ["lower"]}, f"{I1}/rule/better", "unknown-direction"),
    (f"{I1}/rule", {"kind": "relative", "from": 1}, f"{I1}/rule/from", "unknown-field"),
    ("/id", "schema.json", "/id", "duplicate-key"),
    ("/in_force/act", 5, "/in_force/act", "not-a-text"),
    (f"{I1}/rule", {"kind": "direct", "from": 1}, f"{I1}/rule/from", "unknown-field"),
    (f"{I1}/rule", {"kind": "linear", "from": 1}, f"{I1}/rule/to", "not-a-number"),
    (f"{I1}/rule", {"kind": "linear", "from": 1, "to": "1.0"}, f"{I1}/rule/to", "empty-range"),
    (f"{I1}/rule", {"kind": "linear", "from": 1, "to": 2, "below": 0}, f"{I1}/rule/below", "unknown-field"),
    (f"{I1}/rule", {"kind": "steps", "steps": [[1, 1]], "from": 2}, f"{I1}/rule/from", "unknown-field"),
    (f"{I1}/rule", {"kind": "steps"}, f"{I1}/rule/steps", "not-a-list"),
    (f"{I1}/rule", {"kind": "steps", "below": 3, "steps": [[1, 1]]}, f"{I1}/rule/below", "out-of-range"),
    (f"{I1}/rule", {"kind": "steps", "steps": [[1]]}, f"{I1}/rule/steps/0", "not-a-step"),
    (f"{I1}/rule", {"kind": "steps", "steps": [[1, 1], [1, 2]]}, f"{I1}/rule/steps/1/0", "overlap"),
    (f"{I1}/rule", {"kind": "steps", "steps": [[1, 3]]}, f"{I1}/rule/steps/0/1", "out-of-range"),
    (f"{I1}/rule", {"kind": "steps", "steps": [["x", 1]]}, f"{I1}/rule/steps/0/0", "not-a-number"),
    (f"{I1}/rule", {"kind": "steps", "steps": [[n, 1] for n in range(1001)]}, f"{I1}/rule/steps", "too-many-items"),
    ("/applicability/0", 1, "/applicability/0", "not-a-mapping"),
    ("/applicability/0/procedure", "none", "/applicability/0/procedure", "unknown-procedure"),
    ("/applicability/0/period", "2021-2023", "/applicability/0/period", "unknown-period"),
    ("/applicability/0/municipalities", [], "/applicability/0/municipalities", "not-a-list"),
    ("/applicability/0/act", None, "/applicability/0/act", "not-a-text"),
    ("/extra", 1, "/extra", "unknown-field"),
]


@pytest.mark.parametrize(("path", "value", "pointer", "code"), WRONG)
def test_what_is_wrong_is_named_at_its_place(path: str, value: Any, pointer: str, code: str) -> None:
    found = errors_of(lambda: read_methodology(changed(path, value)))
    assert (pointer, code) in {(error.pointer, error.code) for error in found}


def test_a_maximum_beyond_the_bound_is_refused_with_its_line_but_read_where_it_was_stored_once() -> None:
    [error] = errors_of(lambda: methodology_from_yaml(YAML.replace("maximum: 1.5\n", "maximum: 100001\n")))
    assert error.message == "строка 12: 100001 больше 100000"
    text = changed(f"{I1}/maximum", "200002/2")
    assert [one.code for one in errors_of(lambda: read_methodology(text))] == ["too-large"]
    assert stored_methodology(text).procedures["first"].indicators[0].maximum == 100_001
    assert read_methodology(changed(f"{I1}/maximum", "200000/2")).procedures["first"].indicators[0].maximum == 100_000
    with pytest.raises(Refused):
        stored_methodology(changed(f"{I1}/maximum", 0))


def test_a_table_called_as_the_passport_is_refused_but_read_where_it_was_stored_once() -> None:
    text = changed("/groups/0/key", "passport")
    assert [one.code for one in errors_of(lambda: read_methodology(text))] == ["reserved-key"]
    assert stored_methodology(text).groups[0].key == "passport"


def test_all_errors_are_named_at_once() -> None:
    made = changed("/id", "!") | {"title": ""}
    assert {error.pointer for error in errors_of(lambda: read_methodology(made))} == {"/id", "/title"}


@pytest.mark.parametrize("odd", [None, [], "text", 5])
def test_a_document_that_is_no_mapping_is_refused(odd: Any) -> None:
    assert errors_of(lambda: read_methodology(odd))[0].code == "not-a-mapping"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", ""),
        ("id: [", "broken-yaml", "строка 1"),
        ("id: x\nid: y\n", "duplicate-key", "строка 2"),
        ("a: &x 1\nb: *x\n", "anchor", "строка 1"),
        ("a: " + "[" * 40 + "]" * 40, "too-large", "строка 1"),
        ("x" * 262_145, "too-large", ""),
        (YAML.replace("maximum: 1.5\n", "maximum: 0\n"), "not-positive", "строка 12"),
        (YAML.replace("maximum: 1.5\n", "maximum: 1:30\n"), "not-a-number", "строка 12"),
        (YAML.replace("maximum: 1.5\n", "maximum: .inf\n"), "not-a-number", "строка 12"),
        (YAML.replace("maximum: 1.5\n", "maximum: 0x10\n"), "not-a-number", "строка 12"),
        (YAML.replace("maximum: 1.5\n", "maximum: yes\n"), "not-a-number", "строка 12"),
        (YAML + "!!python/object:os.system x", "broken-yaml", "строка 15"),
        ("a: \x00", "broken-yaml", ""),
        ("a: \ud800", "broken-yaml", "знак 4"),
    ],
)
def test_a_wrong_text_is_refused_with_its_line(text: str, code: str, line: str) -> None:
    found = errors_of(lambda: methodology_from_yaml(text))
    assert code in {error.code for error in found}
    assert any(error.message.startswith(line) for error in found)


def test_fifty_thousand_marks_are_too_many() -> None:
    text = "a: [" + "1," * 50_001 + "]"
    assert errors_of(lambda: methodology_from_yaml(text))[0].code == "too-large"


json_like = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 105) | st.text(max_size=5) | st.decimals(),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(max_size=5), deeper, max_size=3),
    max_leaves=8,
)
PATHS = sorted({path for path, *_ in WRONG} - {"/extra"})


def assert_named(refused: Refused) -> None:
    assert refused.code == "invalid-methodology"
    assert refused.errors


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PATHS), json_like)
def test_any_value_at_any_place_is_taken_or_refused(path: str, value: Any) -> None:
    try:
        assert read_methodology(changed(path, value)).groups
    except Refused as refused:
        assert_named(refused)


@given(st.text(max_size=60))
def test_any_text_is_taken_or_refused(text: str) -> None:
    with pytest.raises(Refused):
        methodology_from_yaml(text)


def test_applicability_and_overall_may_be_absent() -> None:
    read = read_methodology(changed("/overall/maximum", None) | {"applicability": []})
    assert (read.declared, read.exemptions) == (None, ())
    read = read_methodology(document(overall=None, applicability=None))
    assert read.overall_maximum(Fraction(0)) == read.summed == 10


def test_a_declared_maximum_never_shrinks_to_nothing() -> None:
    assert METHODOLOGY.overall_maximum(Fraction(4)) == 5
    assert METHODOLOGY.overall_maximum(Fraction(9)) == 1


def test_where_nothing_applies_nothing_is_left_of_a_declared_maximum_above_the_sum() -> None:
    vast = read_methodology(document(overall={"maximum": 20}))
    assert (vast.overall_maximum(Fraction(4)), vast.overall_maximum(Fraction(10))) == (16, 0)
    exempt = [fact(f"r-{key}", procedure=key, exempt=True) for key in ("first", "second", "third")]
    [card] = recount(exempt, methodology_of=lambda _: vast).values()
    assert {score.state for score in card.scores.values()} == {"not_applicable"}


def test_the_edition_in_force_is_the_last_that_came_into_force() -> None:
    later = read_methodology(document(id="later", in_force={"from": 2022}))
    small, newer = Loaded(METHODOLOGY, START + timedelta(1)), Loaded(later, START)
    assert in_force([small, newer], "2021") is METHODOLOGY
    assert in_force([newer, small], "2021-2022") is later
    assert in_force([small], "2024") is None
    assert in_force([], "2022") is None


def test_of_editions_in_force_from_the_same_year_the_one_loaded_last_counts() -> None:
    corrected = read_methodology(document(id="a-correction"))
    loaded = [Loaded(corrected, START + timedelta(1)), Loaded(METHODOLOGY, START)]
    assert in_force(loaded, "2022") is in_force(loaded[::-1], "2022") is corrected
    assert Rulebook(loaded).as_of(START).methodology_of("2022") is METHODOLOGY


def test_numbers_are_kept_in_one_way_however_they_were_written() -> None:
    text = json.dumps(document(), ensure_ascii=False).replace('"maximum": 2,', '"maximum": 2.50,', 1)
    _, kept = methodology_from_yaml(text)
    maxima = [one["maximum"] for one in kept["groups"][0]["procedures"][0]["indicators"]]
    assert "2.5" in maxima
    assert "2.50" not in str(kept)
    tiny = read_methodology(changed("/groups/0/procedures/0/indicators/0/maximum", Decimal("0.0000005")))
    assert tiny.groups[0].procedures[0].indicators[0].maximum == Fraction(1, 2_000_000)


@pytest.mark.parametrize(("period", "year"), [("2022", 2022), ("2021-2022", 2022)])
def test_a_school_year_counts_by_the_year_it_ends_in(period: str, year: int) -> None:
    assert period_year(period) == year


@pytest.mark.parametrize("period", ["", "22", "2021-2023", "2022-2021", "2022 ", "٢٠٢٢", "2022-2023-2024"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    with pytest.raises(Refused) as refused:
        period_year(period)
    assert refused.value.code == "unknown-period"


def test_the_small_document_is_not_changed_by_reading() -> None:
    assert document() == DOCUMENT
