"""The acceptance rules of one submission."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain import read_revision, read_submission, read_value
from services.monitoring.domain.checking import check, check_values, result_id
from services.monitoring.domain.period import days_of, is_known
from services.monitoring.events import Indicator, Reported
from shared.kernel import FieldError, Refused
from tests.unit.monitoring.made import NOW, TROITSK, ZLATOUST, body, candidate, directory, procedure, source


def refused_by(deed: Callable[[], object]) -> Refused | None:
    try:
        deed()
    except Refused as refused:
        return refused
    return None


def errors_of(raw: Any, *, source: str | None = None, key: str | None = None) -> list[tuple[str, str]]:
    refused = refused_by(lambda: check(read_submission(raw, source=source), directory(), now=NOW, key=key))
    if refused is None:
        return []
    assert refused.code == "invalid-result"
    assert all(error.message for error in refused.errors)
    return [(error.pointer, error.code) for error in refused.errors]


@pytest.mark.parametrize(
    ("limits", "subject", "taken"),
    [
        ({"municipalities": (ZLATOUST.id,)}, {"municipality": ZLATOUST.id}, True),
        ({"municipalities": (ZLATOUST.id,)}, {"municipality": "75712000"}, True),
        ({"municipalities": (ZLATOUST.id,)}, {"municipality": TROITSK.id}, False),
        ({"municipalities": (ZLATOUST.id,)}, {"organization": "school-1"}, True),
        ({"municipalities": (TROITSK.id,)}, {"organization": "school-1"}, False),
        ({"municipalities": (ZLATOUST.id,)}, {"organization": "school-of-ministry"}, False),
        ({"subject": "municipality"}, {"organization": "school-1"}, False),
        ({"subject": "organization"}, {"organization": "school-of-ministry"}, True),
        ({"subject": "organization"}, {"municipality": ZLATOUST.id}, False),
    ],
)
def test_a_source_may_be_limited_to_subjects(limits: dict[str, Any], subject: dict[str, str], *, taken: bool):
    known = directory()
    known.learn(sources=[source(revision=2, **limits)])
    refused = refused_by(lambda: check(read_submission(body(subject=subject)), known, now=NOW))
    errors = [(error.pointer, error.code) for error in refused.errors] if refused else []
    assert errors == ([] if taken else [("/subject", "subject-not-allowed")])


def test_a_revision_without_content_is_told_that_it_may_withdraw():
    for raw in ({"reason": "x"}, {"reason": "x", "withdrawn": False}):
        [wrong] = read_revision(raw).wrong
        assert "withdrawn" in wrong.message
    [first] = read_submission(body(values=...)).wrong
    assert "withdrawn" not in first.message


def test_a_whole_submission_becomes_a_candidate_with_normal_values():
    found = candidate(values={"i1": Decimal("2.0"), "i2": "1.50"})
    assert found.values == {"i1": "2", "i2": "1.5"}
    assert found.municipality == ZLATOUST.id
    assert found.result == result_id("vpr", municipality=ZLATOUST.id, organization=None, period="2022")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"procedure": "nope"}, ("/procedure", "unknown-procedure")),
        ({"procedure": ...}, ("/procedure", "required")),
        ({"procedure": 5}, ("/procedure", "not-a-string")),
        ({"procedure": " "}, ("/procedure", "too-short")),
        ({"procedure": "x" * 101}, ("/procedure", "too-long")),
        ({"source": "nobody"}, ("/source", "unknown-source")),
        ({"source": "narrow"}, ("/procedure", "procedure-not-allowed")),
        ({"subject": ...}, ("/subject", "required")),
        ({"subject": "x"}, ("/subject", "not-an-object")),
        ({"subject": {}}, ("/subject", "wrong-subject")),
        ({"subject": {"municipality": ZLATOUST.id, "organization": "school-1"}}, ("/subject", "wrong-subject")),
        ({"subject": {"municipality": "nowhere"}}, ("/subject/municipality", "unknown-municipality")),
        ({"subject": {"organization": "nowhere"}}, ("/subject/organization", "unknown-organization")),
        ({"subject": {"municipality": ZLATOUST.id, "pupil": "x"}}, ("/subject/pupil", "unknown-field")),
        ({"period": "2022-2024"}, ("/period", "unknown-period")),
        ({"period": "1999"}, ("/period", "unknown-period")),
        ({"period": "2024"}, ("/period", "unknown-period")),
        ({"values": {"i1": 1, "i2": 1, "i/3": 1}}, ("/values/i~13", "unknown-indicator")),
        ({"values": {"i1": 1, "i2": "2.0001"}}, ("/values/i2", "out-of-range")),
        ({"values": {"i1": 1, "i2": -1}}, ("/values/i2", "out-of-range")),
        ({"values": {"i1": 1, "i2": True}}, ("/values/i2", "not-a-number")),
        ({"values": {"i1": 1, "i2": "NaN"}}, ("/values/i2", "not-a-number")),
        ({"values": {"i1": 1, "i2": "1,5"}}, ("/values/i2", "not-a-number")),
        ({"values": {"i1": 1, "i2": Decimal("NaN")}}, ("/values/i2", "not-a-number")),
        ({"values": {"i1": 1, "i2": 10**40}}, ("/values/i2", "not-a-number")),
        ({"values": {"i1": 1, "i2": "0.00001"}}, ("/values/i2", "too-many-decimals")),
        ({"values": {"i1": 1, "i2": Decimal("1.3333333333333333")}}, ("/values/i2", "too-many-decimals")),
        ({"values": {"i1": 1, "i2": Decimal("5.5E-17")}}, ("/values/i2", "too-many-decimals")),
        ({"values": {"i1": 1, "i2": f"1.{'0' * 30}1"}}, ("/values/i2", "too-many-decimals")),
        ({"values": {"i1": 1, "i2": f"1.{'0' * 41}"}}, ("/values/i2", "not-a-number")),
        ({"values": [1]}, ("/values", "not-an-object")),
        ({"values": {f"i{n}": 1 for n in range(201)}}, ("/values", "too-many-items")),
        ({"values": ...}, ("/values", "values-or-not-applicable")),
        ({"not_applicable": {"reason": "не участвовал", "act": "приказ"}}, ("/values", "values-or-not-applicable")),
        ({"values": ..., "not_applicable": {"reason": "", "act": "x"}}, ("/not_applicable/reason", "too-short")),
        ({"values": ..., "not_applicable": {"reason": "x"}}, ("/not_applicable/act", "required")),
        ({"occurred_at": "2022-11-02T17:10:01+05:00"}, ("/occurred_at", "occurred-in-future")),
        ({"occurred_at": "1999-12-31T23:59:59+05:00"}, ("/occurred_at", "occurred-too-early")),
        ({"occurred_at": "2022-11-01T09:00:00"}, ("/occurred_at", "no-time-zone")),
        ({"occurred_at": "2022-13-01T09:00:00Z"}, ("/occurred_at", "not-a-time")),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, ("/occurred_at", "not-a-time")),
        ({"occurred_at": 5}, ("/occurred_at", "not-a-time")),
        ({"comment": "x" * 2001}, ("/comment", "too-long")),
        ({"comment": "a\0"}, ("/comment", "unreadable-text")),
        ({"comment": "\u200b"}, ("/comment", "too-short")),
        ({"procedure": "vpr\ufffe"}, ("/procedure", "unreadable-text")),
        (
            {"values": ..., "not_applicable": {"reason": "\1", "act": "x"}},
            ("/not_applicable/reason", "unreadable-text"),
        ),
        ({"notify": "no"}, ("/notify", "not-a-boolean")),
        ({"pupil": "Иванов"}, ("/pupil", "unknown-field")),
    ],
)
def test_each_wrong_place_is_named(more: dict[str, Any], expected: tuple[str, str]):
    assert errors_of(body(**more)) == [expected]


def test_every_error_is_told_at_once():
    raw = body(procedure="nope", source="nobody", period="1999", occurred_at="2023-01-01T00:00:00Z")
    found = {code for _, code in errors_of(raw)}
    assert found == {"unknown-procedure", "unknown-source", "unknown-period", "occurred-in-future"}


@pytest.mark.parametrize("raw", [None, 5, "x", [], [1]])
def test_what_is_no_object_is_refused(raw: Any):
    assert errors_of(raw) == [("", "not-an-object")]


@pytest.mark.parametrize("spelt", ["2022-11-01t04:00:00z", "2022-11-01 04:00:00Z", "2022-11-01T09:00:00.000+05:00"])
def test_a_moment_is_read_as_rfc_3339_spells_it(spelt: str):
    assert read_submission(body(occurred_at=spelt)).occurred_at == read_submission(body()).occurred_at


def test_a_revision_names_its_unreadable_reason_with_the_sign_and_its_place():
    [wrong] = read_revision({"withdrawn": True, "reason": "по приказу\x0bминистерства"}).wrong
    assert (wrong.pointer, wrong.remedy) == ("/reason", "Уберите знак U+000B: он стоит после «по приказу».")


def test_ten_minutes_ahead_are_taken():
    assert errors_of(body(occurred_at=(NOW + timedelta(minutes=10)).isoformat())) == []


def test_a_procedure_about_municipalities_takes_no_school():
    assert errors_of(body(procedure="niko", subject={"organization": "school-1"})) == [("/subject", "wrong-subject")]


def test_a_result_about_a_school_carries_its_municipality():
    found = candidate(subject={"organization": "school-1"})
    assert (found.municipality, found.organization) == (ZLATOUST.id, "school-1")
    assert candidate(subject={"organization": "school-of-ministry"}).municipality is None


def test_an_event_names_its_source_once():
    assert errors_of(body(), source="gis-education") == []
    assert errors_of(body(source="narrow"), source="gis-education") == [("/source", "source-mismatch")]


def test_an_event_says_when_it_occurred():
    assert errors_of(body(source=..., occurred_at=...), source="gis-education") == [("/occurred_at", "required")]
    assert errors_of(body(occurred_at=...)) == []


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.integers())
def test_a_value_is_kept_exactly_or_refused(number: Decimal | int):
    found = read_value(number, "/x")
    if isinstance(found, FieldError):
        assert found.code in {"not-a-number", "too-many-decimals"}
    else:
        assert found is not None
        assert Fraction(found) == Fraction(number)
        assert (Fraction(found) * 10**4).denominator == 1


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str):
    found = read_value(text, "/x")
    assert isinstance(found, FieldError) or Fraction(str(found)) == Fraction(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=6,
)
NAMES = ("procedure", "subject", "period", "values", "not_applicable", "source", "occurred_at", "comment", "notify")


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), JSON))
def test_any_json_is_accepted_or_refused_in_words(raw: dict[str, Any]):
    for told in (None, "gis-education"):
        errors_of({**body(), **raw}, source=told)
        errors_of(raw, source=told)
    refused = refused_by(lambda: read_revision(raw))
    assert refused is None or refused.errors


@pytest.mark.parametrize("period", ["2000", "2023", "2022-2023"])
def test_periods_are_years_and_school_years_from_2000_on(period: str):
    assert is_known(period, today=NOW.date())


@pytest.mark.parametrize(
    "period",
    ["1999-2000", "2023-2024", "2022-2022", "2022-2021", "22", "２０２２", "2022 ", "0000", ""],
)
def test_other_periods_are_unknown(period: str):
    assert not is_known(period, today=NOW.date())


def test_a_school_year_lasts_from_september_to_august():
    first, last = days_of("2021-2022")
    assert (first.isoformat(), last.isoformat()) == ("2021-09-01", "2022-08-31")
    with pytest.raises(ValueError, match="x"):
        days_of("x")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"values": {"i1": 1}}, ("/reason", "required")),
        ({"withdrawn": True, "values": {}, "reason": "x"}, ("/values", "withdrawn-with-values")),
        ({"withdrawn": False, "reason": "x"}, ("/values", "values-or-not-applicable")),
        ({"reason": "x"}, ("/values", "values-or-not-applicable")),
        ({"withdrawn": True, "reason": "  "}, ("/reason", "too-short")),
        ({"withdrawn": True, "reason": "x", "source": "y"}, ("/source", "unknown-field")),
    ],
)
def test_each_wrong_place_of_a_revision_is_named(raw: Any, expected: tuple[str, str]):
    assert [(error.pointer, error.code) for error in read_revision(raw).wrong] == [expected]


def test_a_revision_that_is_no_object_is_refused():
    with pytest.raises(Refused) as refused:
        read_revision([])
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("", "not-an-object")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"share": "87.5", "m5": 12}, []),
        ({"share": 100, "m5": 0}, []),
        ({"share": "100.5", "m5": 12}, [("/values/share", "out-of-range")]),
        ({"share": 1, "m5": "1.5"}, [("/values/m5", "not-whole")]),
        ({"share": 1, "m5": 1001}, [("/values/m5", "out-of-range")]),
    ],
)
def test_what_is_reported_is_bounded_by_its_own_maximum(values: dict[str, Any], expected: list[tuple[str, str]]):
    reported = (
        Indicator(key="share", name="Доля", maximum="1", values=Reported(unit="percent", maximum="100")),
        Indicator(key="m5", name="Пятёрок", maximum="0", values=Reported(unit="count", maximum="1000")),
    )
    given = read_submission(body(values=values)).values
    found = check_values(given, procedure(maximum="1", indicators=reported))
    assert [(error.pointer, error.code) for error in found] == expected
