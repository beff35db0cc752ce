"""The figures of a document: effect and distribution against plain references, nothing that is no zero as zero."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.api.papers.analytics import _data as analytics_data
from services.scoring.domain import read_methodology
from services.scoring.domain.analytics import Measured, Round, data_of, frozen_text, inherited, once, reformed
from services.scoring.domain.analytics.effect import changes, middle
from services.scoring.domain.analytics.figures import distribution, periods, rating
from services.scoring.domain.facts import instant_text
from services.scoring.domain.names import Link, Municipality, Named, Names
from services.scoring.domain.territory import Territory
from shared.kernel import exact
from shared.papers import Heading, Paragraph
from tests.unit.scoring.analytics.made import drafted, scored, sources
from tests.unit.scoring.made import METHODOLOGY, START, document
from tests.unit.scoring.reforms import REFORMED

SHARES = st.integers(0, 12).map(lambda one: Fraction(one, 12))
GOLDEN = Path(__file__).parent / "golden.json"
Shares = Mapping[str, Fraction]


def measured(period: str, shares: Shares, methodology: str | None = "small") -> Measured:
    return Measured(period, methodology, {key: scored(share) for key, share in shares.items()})


def plain_median(numbers: list[Fraction]) -> Fraction | None:
    ordered = sorted(numbers)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefgh"), SHARES), st.dictionaries(st.sampled_from("abcdefgh"), SHARES))
def test_a_change_stands_beside_the_median_of_the_others(before: Shares, after: Shares):
    rows = changes(measured("2021", before), measured("2022", after))
    both = before.keys() & after.keys()
    assert {row.municipality for row in rows} == before.keys() | after.keys()
    for row in rows:
        one = row.municipality
        if one not in both:
            assert (row.state, row.change, row.others) == ("no_data", None, None)
            continue
        assert row.change == after[one] - before[one]
        assert row.others == plain_median([after[each] - before[each] for each in both if each != one])
    assert middle(rows) == plain_median([after[one] - before[one] for one in both])


@pytest.mark.parametrize("methodology", ["other", None])
def test_by_another_edition_nothing_is_compared_and_nothing_is_zero(methodology: str | None):
    shares = {"a": Fraction(1, 2), "b": Fraction(1, 4)}
    rows = changes(measured("2021", shares, methodology), measured("2022", shares))
    assert {(row.state, row.change, row.others) for row in rows} == {("not_comparable", None, None)}
    assert [row.before for row in rows] == [Fraction(1, 2), Fraction(1, 4)]


def test_another_edition_makes_no_other_nothing_incomparable():
    shares = {"a": scored(Fraction(1)), "b": scored(Fraction(1)), "c": scored(None, "no_data")}
    before = Measured("2021", "other", shares | {"d": scored(Fraction(1))}, gone=["e"])
    after = Measured(
        "2022",
        "small",
        shares | {"b": scored(None, "not_applicable"), "d": scored(Fraction(0)), "e": scored(Fraction(1))},
    )
    assert [(row.municipality, row.state) for row in changes(before, after)] == [
        ("a", "not_comparable"), ("b", "not_applicable"), ("c", "no_data"), ("d", "not_comparable"),
        ("e", "did_not_exist"),
    ]  # fmt: skip


def test_where_it_did_not_apply_is_neither_a_change_nor_missing():
    after = Measured("2022", "small", {"a": scored(None, "not_applicable"), "b": scored(Fraction(1))})
    rows = changes(measured("2021", {"a": Fraction(1), "b": Fraction(1)}), after)
    assert [(row.state, row.change) for row in rows] == [("not_applicable", None), ("compared", Fraction(0))]


def test_who_was_not_there_in_one_of_the_periods_is_not_without_data():
    before = Measured("2021", "small", {"a": scored(Fraction(1)), "c": scored(Fraction(1))}, gone=["b"])
    after = Measured(
        "2022", "small", {"a": scored(Fraction(1)), "b": scored(Fraction(1)), "d": scored(None, "no_data")}
    )
    assert [(row.municipality, row.state) for row in changes(before, after)] == [
        ("a", "compared"), ("b", "did_not_exist"), ("c", "no_data"), ("d", "no_data"),
    ]  # fmt: skip


def test_who_another_joined_or_left_between_the_periods_is_not_comparable_and_no_measure_of_others():
    shares = {"a": Fraction(1, 2), "b": Fraction(1, 4), "c": Fraction(0)}
    later = {"a": Fraction(1), "b": Fraction(1, 2), "c": Fraction(1, 8)}
    rows = changes(measured("2021", shares), measured("2022", later), {"a": "вошёл сосед", "d": "нет его здесь"})
    assert [(row.state, row.change, row.others, row.reason) for row in rows] == [
        ("not_comparable", None, None, "вошёл сосед"),
        ("compared", Fraction(1, 4), Fraction(1, 8), None),
        ("compared", Fraction(1, 8), Fraction(1, 4), None),
    ]
    assert (rows[0].before, rows[0].after, middle(rows)) == (Fraction(1, 2), Fraction(1), Fraction(3, 16))
    absent = changes(measured("2021", {}), measured("2022", later), {"a": "вошёл сосед"})
    assert {(row.state, row.reason) for row in absent} == {("no_data", None)}, "there is nothing to compare anyway"


def test_joins_and_splits_between_the_ends_of_the_periods_hinder_and_new_names_do_not():
    names = Names()
    for one in REFORMED:
        names.put(one)
    joined = "01.01.2021 объединение: Альфа ГО, Бета МР → Союз МО"
    parted = "01.01.2022 разделение: Гамма МР → Северная Гамма МО, Южная Гамма МО"
    territory, whose = Territory(REFORMED), [one.id for one in REFORMED]
    assert reformed(territory, whose, ("2020", "2021"), names) == dict.fromkeys(
        ("74-alfa", "74-beta", "74-soyuz"), joined
    )
    assert set(reformed(territory, whose, ("2020", "2022"), names).values()) == {joined, parted}
    assert reformed(territory, whose, ("2022", "2023"), names) == {}
    assert "74-delta" not in reformed(territory, whose, ("2020", "2022"), names)


def test_who_joined_under_an_earlier_id_hinders_too():
    names = Named("А", "1", "2000-01-01", "2021-09-01"), Named("А МО", "2", "2021-09-01")
    links = Link("join", "x", "predecessor", "2021-03-01"), Link("rename", "new", "successor", "2021-09-01")
    old = Municipality("old", 1, "74", names[:1], links)
    territory, called = Territory([old, Municipality("new", 1, "74", names[1:])]), Names()
    assert list(reformed(territory, ["new"], ("2020", "2021"), called)) == ["new"]
    before = {"old": scored(Fraction(1)), "x": scored(Fraction(0)), "new": scored(None, "no_data")}
    share, blank = scored(Fraction(1)), scored(None, "no_data")
    moved, exempt = {"new": before["old"], "x": before["x"]}, scored(None, "not_applicable")
    for now in ({"new": share}, {"new": share, "old": blank}, {"new": share, "old": exempt}):
        assert inherited(before, now, territory, "2021-12-31") == moved
    assert inherited(before, {"new": blank, "old": blank}, territory, "2021-08-31") == before, "it is not renamed yet"
    kept = {"old": scored(Fraction(1)), "new": scored(Fraction(0))}
    assert inherited(kept, {"new": share}, territory, "2021-12-31") == kept, "its own score counts"
    assert inherited(before, {"new": share, "old": share}, territory, "2021-12-31") == before, "both are there"
    assert once({"old": blank, "new": blank, "x": blank}, territory, "2021-12-31") == {"new": blank, "x": blank}
    for held in ({"old": share, "new": blank}, {"old": exempt, "new": blank}, {"old": blank, "x": blank}):
        assert once(held, territory, "2021-12-31") == held, "nothing that was said is lost"


@settings(deadline=None)
@given(st.lists(st.fractions(0, 50, max_denominator=8), max_size=60))
def test_a_distribution_counts_every_value_once(values: list[Fraction]):
    steps = distribution(values)
    assert sum(step["count"] for step in steps) == len(values)
    assert len(steps) <= 12
    for number, step in enumerate(steps):
        first, last = exact(step["from"]), exact(step["to"])
        closed = number == len(steps) - 1 or first == last
        assert step["count"] == sum(first <= one < last or (closed and one == last) for one in values)


def test_the_golden_document_is_the_same_text_down_to_its_bytes():
    document = drafted()
    text = frozen_text(document, data_of(document, sources()))
    assert json.loads(text) == json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert text == frozen_text(document, data_of(document, sources()))


def gapped(only: str | None = None) -> Round:
    """The figures by bands without 40 to 55 %, which one or two of the municipalities have."""
    levels = {"low": [0, 39], "medium": [56, 60], "above_average": [61, 89], "high": [90, 100]}
    methodology, one = read_methodology(document(levels=levels)), sources().round
    scores = {key: score for key, score in one.scores.items() if only in {None, key}}
    return Round(methodology, methodology.procedures["first"], "2022", scores, one.facts, one.name_of)


def test_who_is_between_the_bands_stands_in_the_rating_without_a_level():
    told = rating(gapped())
    assert told is not None
    assert [(one["level"], [row["municipality"]["id"] for row in one["rows"]]) for one in told["levels"]] == [
        ("high", ["m1"]), ("above_average", []), ("medium", []), ("low", ["m3"]), (None, ["m2"]),
    ]  # fmt: skip
    assert "уровень не определён — 1, нет данных — 1" in told["picture_words"]
    alone = rating(gapped("m2"))
    assert alone is not None
    assert [one["level"] for one in alone["levels"] if one["rows"]] == [None]
    part = {"key": "rating", "number": 8, "title": "Рейтинг", "data": alone, "text": []}
    assert Heading("Уровень: не определён", 2) in analytics_data(part)


def test_section_8_says_that_the_procedure_may_not_be_used():
    flag = {"procedure": "first", "code": "use-not-permitted", "act": None, "title": "Первая"}
    data = data_of(drafted(), replace(sources(), flags=[flag]))["rating"]
    [words, *_] = analytics_data({"key": "rating", "data": data})
    assert words == Paragraph("Учтены процедуры, которым оценка муниципалитетов не разрешена: Первая.")


def test_no_result_leaves_sections_empty_instead_of_full_of_zeros():
    told = sources()
    nobody = type(told.round)(
        told.round.methodology, told.round.procedure, "2022", {"m1": scored(None, "no_data")}, (), told.round.name_of
    )
    data = data_of(drafted(), type(told)(nobody, told.before, told.motivation, {}, told.as_of))
    assert {key for key, one in data.items() if one is None} == {
        "motivation", "mechanism", "methods", "periods", "sample", "indicators", "rating", "conclusions", "effect",
    }  # fmt: skip


def test_results_are_dated_from_the_first_to_the_last():
    one = sources().round
    days = [replace(each, occurred_at=START + timedelta(days=2 - day)) for day, each in enumerate(one.facts)]
    found = periods(replace(one, facts=days), before="2021", as_of="")
    assert found is not None
    first, last = (instant_text(START + timedelta(days=day)) for day in (0, 2))
    assert (found["first_result"], found["last_result"]) == (first, last)


def test_who_changed_by_nothing_neither_rose_nor_fell():
    told = sources()
    found = data_of(drafted(), replace(told, before=replace(told.before, scores=told.round.scores)))["effect"]
    assert found is not None
    assert (found["compared"], found["rose"], found["fell"], found["same"]) == (3, 0, 0, 3)


@pytest.mark.parametrize(("procedure", "group"), [("first", "alpha"), ("third", "beta")])
def test_a_document_names_the_group_of_its_own_procedure(procedure: str, group: str):
    told = sources()
    one = replace(told.round, procedure=METHODOLOGY.procedures[procedure])
    name = data_of(drafted(procedure=procedure), replace(told, round=one))["name"]
    assert name is not None
    assert (name["group"]["key"], name["procedure"]["key"]) == (group, procedure)


def test_a_dozen_of_values_are_counted_one_by_one_and_more_of_them_in_intervals():
    assert [len(distribution([Fraction(one) for one in range(most)])) for most in (12, 13)] == [12, 10]


def test_the_effect_lists_municipalities_in_the_order_of_the_rating_and_those_without_a_place_last():
    told = sources()
    turned = dict(reversed(told.round.scores.items()))
    gone = {"m9": scored(Fraction(1)), **told.before.scores}
    one = replace(told, round=replace(told.round, scores=turned), before=replace(told.before, scores=gone))
    found = data_of(drafted(), one)["effect"]
    assert found is not None
    assert [row["municipality"]["id"] for row in found["rows"]] == ["m5", "m4", "m3", "m2", "m1", "m9"]
