"""Comparing: the terms sum exactly to the difference, whatever differs: points, maxima, editions, missing parts."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain import Explainer, blank, last_facts, read_methodology, recount
from services.scoring.domain.compare import compare
from services.scoring.domain.methodology import Methodology
from tests.unit.scoring.made import DOCUMENT, METHODOLOGY, document, fact

AT = "2023-01-01T00:00:00.000000+00:00"
VALUES = st.none() | st.sampled_from(["0", "0.3333", "1", "1.5", "2", "5", "7.5", "20", "33.3", "1000"])
# The same names with other maxima, no declared overall one, a procedure whose indicators exceed its maximum, one gone.
OTHER = document(
    id="other",
    overall=None,
    groups=[
        DOCUMENT["groups"][0] | {"procedures": [DOCUMENT["groups"][0]["procedures"][0] | {"maximum": 3}]},
        DOCUMENT["groups"][1],
        {
            "key": "gamma",
            "title": "Гамма",
            "procedures": [
                {
                    "key": "fourth",
                    "code": 4,
                    "title": "Четвёртая",
                    "maximum": 7,
                    "indicators": [
                        {"key": "i1", "maximum": 7, "rule": {"kind": "linear", "from": 0, "to": "33.3"}},
                    ],
                }
            ],
        },
    ],
)
EDITIONS = (METHODOLOGY, read_methodology(OTHER))


def explained(edition: Methodology, told: Mapping[str, Any], municipality: str = "m1") -> dict[str, Any]:
    facts = [
        fact(f"r-{key}", procedure=key, municipality=municipality, **one)
        for key, one in told.items()
        if key in edition.procedures
    ]
    cards = recount(facts, methodology_of=lambda _: edition)
    card = cards.get((municipality, "2022"), blank(edition, municipality, "2022"))
    found = Explainer(edition, last_facts(facts), lambda *_: None).explain(card)
    named = {"id": municipality, "name": municipality, "oktmo": None}
    return found | {"municipality": named, "flags": [], "as_of": AT}


@st.composite
def sides(draw: st.DrawFn) -> dict[str, Any]:
    """An explanation of any results: values, exemptions, nothing at all; of either edition."""
    told: dict[str, Any] = {}
    for key, names in (("first", "i1 i2"), ("second", "i1"), ("third", "i1 i2"), ("fourth", "i1")):
        kind = draw(st.sampled_from(["values", "values", "exempt", "nothing"]))
        if kind == "values":
            told[key] = {"values": {name: draw(VALUES) for name in names.split()}}
        elif kind == "exempt":
            told[key] = {"exempt": True}
    return explained(draw(st.sampled_from(EDITIONS)), told)


def check(terms: list[dict[str, Any]], difference: Fraction) -> None:
    """At every floor the terms sum to the difference, and each term to its two parts and to the terms below."""
    assert sum((Fraction(one["difference"]) for one in terms), Fraction(0)) == difference
    for one in terms:
        whole = Fraction(one["difference"])
        assert Fraction(one["of_points"]) + Fraction(one["of_maximum"]) == whole
        if "terms" in one:
            check(one["terms"], whole)


@settings(max_examples=150, deadline=None)
@given(sides(), sides())
def test_terms_sum_to_the_difference_at_every_floor(a: dict[str, Any], b: dict[str, Any]) -> None:
    found = compare(a, b, detailed=True)
    for one in (found["overall"], *found["groups"]):
        if one["difference"] is None:
            assert one["terms"] == []
            assert (one["a"]["state"], one["b"]["state"]) != ("scored", "scored")
            continue
        exact = Fraction(one["a"]["points"]) / Fraction(one["a"]["maximum"]) - Fraction(one["b"]["points"]) / Fraction(
            one["b"]["maximum"]
        )
        assert Fraction(one["difference"]) == exact
        check(one["terms"], exact)


def test_each_side_says_of_how_many_procedures_it_has_data() -> None:
    values = {"first": {"values": {"i1": "1", "i2": "40"}}, "second": {"exempt": True}}
    found = compare(explained(METHODOLOGY, values), explained(METHODOLOGY, {}), detailed=False)
    assert found["overall"]["coverage"] == {"a": {"procedures": 1, "of": 2}, "b": {"procedures": 0, "of": 3}}
    assert [one["coverage"]["a"] for one in found["groups"]] == [{"procedures": 1, "of": 1}, {"procedures": 0, "of": 1}]


@settings(max_examples=50, deadline=None)
@given(sides(), sides())
def test_exchanging_the_sides_turns_every_sign(a: dict[str, Any], b: dict[str, Any]) -> None:
    def turned(terms: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            one["part"] + one["key"]: (
                -Fraction(one["of_points"]),
                -Fraction(one["of_maximum"]),
                turned(one.get("terms", [])),
            )
            for one in terms
        }

    def plain(terms: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            one["part"] + one["key"]: (
                Fraction(one["of_points"]),
                Fraction(one["of_maximum"]),
                plain(one.get("terms", [])),
            )
            for one in terms
        }

    there, back = compare(a, b, detailed=True), compare(b, a, detailed=True)
    assert plain(there["overall"]["terms"]) == turned(back["overall"]["terms"])


def test_equal_maxima_leave_points_alone() -> None:
    a = explained(METHODOLOGY, {"first": {"values": {"i1": "2", "i2": "40"}}})
    b = explained(METHODOLOGY, {"first": {"values": {"i1": "1", "i2": "40"}}})
    [first, *_] = compare(a, b, detailed=True)["overall"]["terms"][0]["terms"]
    assert (first["key"], first["difference"], first["of_maximum"]) == ("first", "1/9", "0")
    assert [(one["key"], one["difference"]) for one in first["terms"]] == [("i1", "1/9"), ("i2", "0")]


def test_equal_points_of_unequal_maxima_differ_by_the_maximum_alone() -> None:
    told = {"first": {"values": {"i1": "2", "i2": "40"}}}
    a = explained(METHODOLOGY, told | {"third": {"exempt": True}})
    b = explained(METHODOLOGY, told)
    overall = compare(a, b, detailed=True)["overall"]
    assert (overall["a"]["maximum"], overall["b"]["maximum"], overall["difference"]) == ("5", "9", "16/45")
    assert [(one["key"], one["of_points"], one["of_maximum"]) for one in overall["terms"]] == [
        ("alpha", "0", "16/45"),
        ("beta", "0", "0"),
    ]
    [third] = overall["terms"][1]["terms"]
    assert (third["a"]["state"], {one["a"]["state"] for one in third["terms"]}) == (
        "not_applicable",
        {"not_applicable"},
    )


def test_what_a_procedures_maximum_takes_off_is_a_term_of_its_own() -> None:
    told = {"first": {"values": {"i1": "2", "i2": "40"}}}
    a, b = explained(EDITIONS[1], told), explained(METHODOLOGY, told)
    found = compare(a, b, detailed=True)
    [first, second] = found["groups"][0]["terms"]
    over = first["terms"][-1]
    assert (over["part"], over["a"]["points"], over["b"]["points"]) == ("over_maximum", "-1", "0")
    assert (second["key"], second["a"]["state"]) == ("second", "did_not_exist")
    assert not found["same_edition"]


def test_without_details_nothing_below_the_groups_is_told() -> None:
    told = {"first": {"values": {"i1": "2", "i2": "40"}}}
    found = compare(explained(METHODOLOGY, told), explained(METHODOLOGY, told, "m2"), detailed=False)
    assert [one["key"] for one in found["overall"]["terms"]] == ["alpha", "beta"]
    assert all("terms" not in one for one in (*found["groups"], *found["overall"]["terms"]))
    text = str(found)
    assert not any(name in text for name in ("first", "second", "third", "i1", "i2"))
