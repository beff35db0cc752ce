"""Trends: as was, as is, through reforms and editions; four kinds of value that are never one another."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.api.trend_lines import COLUMNS, trend_csv
from services.scoring.domain import Score, blank, rate, recount, unborn
from services.scoring.domain.card import DID_NOT_EXIST, NO_DATA, NOT_APPLICABLE, RESULT_SAYS
from services.scoring.domain.names import Link, Municipality, Named, Names
from services.scoring.domain.tables import rating_csv
from services.scoring.domain.territory import Change, Territory
from services.scoring.domain.trends import (
    Line,
    Standing,
    as_is,
    as_was,
    breaks_of,
    published_standings,
    standing_of,
    window,
)
from services.scoring.domain.trends.breaks import Break
from services.scoring.domain.trends.views import break_view, line_view
from shared.kernel import Refused
from tests.unit.scoring.made import METHODOLOGY, fact, of_period
from tests.unit.scoring.reforms import REFORMED
from tests.unit.scoring.trending import SCORES, YEARS, of, reader, scored, told


def test_the_past_of_a_union_is_its_predecessors_together():
    first, second, third = of("74-soyuz")
    assert told([first, second, third]) == [
        ("combined", "scored", 39), ("own", "scored", 60), ("own", "scored", 90),
    ]  # fmt: skip
    assert (first.standing.score.points, first.standing.score.maximum) == (7, 18)
    assert first.standing.rank is None, "a union that took no part has no rank"
    assert [part.municipality for part in first.parts] == ["74-alfa", "74-beta"]


def test_as_it_was_the_union_did_not_exist_and_its_predecessors_did():
    assert told(of("74-soyuz", way="as_was"))[0] == ("own", "did_not_exist", None)
    assert told(of("74-alfa", way="as_was")) == [
        ("own", "scored", 30), ("own", "did_not_exist", None), ("own", "did_not_exist", None),
    ]  # fmt: skip


def test_where_a_predecessor_has_no_data_there_is_no_sum():
    some = {key: one for key, one in SCORES.items() if key != ("74-beta", "2020")}
    first = of("74-soyuz", scores=some)[0]
    assert told([first]) == [("not_comparable", "no_data", None)]
    assert "Бета МР" in str(first.standing.reason)
    assert [part.standing.score.percent for part in first.parts] == [30, None]


def test_where_no_predecessor_has_data_there_is_nothing_to_compare():
    none = {key: one for key, one in SCORES.items() if key[1] != "2020"}
    first = of("74-soyuz", scores=none)[0]
    assert told([first]) == [("combined", "no_data", None)]
    assert first.standing.reason == "нет данных ни об одном из предшественников"


def test_a_predecessor_to_whom_it_did_not_apply_leaves_both_sums():
    first = of("74-soyuz", scores={**SCORES, ("74-beta", "2020"): NOT_APPLICABLE})[0]
    assert (first.basis, first.standing.score.points, first.standing.score.maximum) == ("combined", 3, 10)
    nobody = {**SCORES, ("74-alfa", "2020"): NOT_APPLICABLE, ("74-beta", "2020"): NOT_APPLICABLE}
    assert told(of("74-soyuz", scores=nobody))[0] == ("combined", "not_applicable", None)


def test_the_past_of_a_part_is_the_row_of_the_whole_and_marked_so():
    lines = of("74-gamma-north")
    assert told(lines) == [("predecessor", "scored", 50), ("predecessor", "scored", 0), ("own", "scored", 70)]
    assert lines[0].parts[0].municipality == "74-gamma"
    assert lines[0].standing.rank == 1
    assert told(of("74-gamma-south"))[2] == ("own", "no_data", None)


def test_parts_of_several_cannot_be_compared():
    links = tuple(Link("split", one, "predecessor", "2022-01-01") for one in ("74-gamma", "74-delta"))
    new = Municipality("74-new", 1, "74", (Named("Новый МО", "75900009", "2022-01-01"),), links)
    line = as_is(reader(SCORES, (*REFORMED, new)), "74-new", "2020")
    assert told([line]) == [("not_comparable", "no_data", None)]
    assert "Гамма МР, Дельта МР" in str(line.standing.reason)


def test_in_the_year_of_a_reform_the_results_of_the_predecessors_count_where_there_are_no_others():
    half = Municipality("74-half", 1, "74", (Named("Половина МО", "75900010", "2021-07-01"),),
                        (Link("join", "74-one", "predecessor", "2021-07-01"),
                         Link("join", "74-two", "predecessor", "2021-07-01")))  # fmt: skip
    old = [Municipality(f"74-{one}", 1, "74", (Named(one, "75900011", "2000-01-01", "2021-07-01"),))
           for one in ("one", "two")]  # fmt: skip
    assert as_is(reader({}, (half, *old)), "74-half", "2021").basis == "own", "nothing is known of anybody"
    scores: dict[tuple[str, str], Score] = {("74-one", "2021"): scored(2), ("74-two", "2021"): scored(4)}
    line = as_is(reader(scores, (half, *old)), "74-half", "2021")
    assert (line.basis, line.standing.score.percent) == ("combined", 30)
    nobody: dict[tuple[str, str], Score] = dict.fromkeys(scores, NOT_APPLICABLE)
    assert told([as_is(reader(nobody, (half, *old)), "74-half", "2021")]) == [("combined", "not_applicable", None)]
    for known, percent in ((scored(0), 0), (NOT_APPLICABLE, None)):
        own = as_is(reader({**scores, ("74-half", "2021"): known}, (half, *old)), "74-half", "2021")
        assert (own.basis, own.standing.score.state, own.standing.score.percent) == ("own", known.state, percent)


def test_a_new_edition_and_reforms_stand_between_the_years():
    names = Names()
    for one in REFORMED:
        names.put(one)
    lines, territory = of("74-soyuz"), Territory(REFORMED)
    found = [
        break_view(one, names) for one in breaks_of(lines, territory, lambda day: territory.origins("74-soyuz", day))
    ]
    assert [(one["after"], one["before"], one["kind"], one["words"]) for one in found] == [
        ("2020", "2021", "territory", "01.01.2021 объединение: Альфа ГО, Бета МР → Союз МО"),
        ("2021", "2022", "methodology", "другая редакция методики: «Малая методика» → «Новая методика»"),
    ]
    renamed = breaks_of(of("74-delta"), territory, lambda _: {"74-delta"})[0]
    words = "01.06.2021 изменение вида: Дельта МР (75900007) → Новая Дельта МО (75900008)"
    assert break_view(renamed, names)["words"] == words
    assert [one["oktmo"] for one in break_view(renamed, names)["from"]] == ["75900007"]


@pytest.mark.parametrize(
    ("kind", "after", "words"),
    [
        ("rename", Named("А", "2", "2021-01-01"), "01.01.2021 новый код: А (1) → А (2)"),
        ("rename", Named("Б", "1", "2021-01-01"), "01.01.2021 переименование: А (1) → Б (1)"),
        ("rename", Named("Б", "2", "2021-01-01"), "01.01.2021 переименование: А (1) → Б (2)"),
        ("change_of_kind", Named("А", "2", "2021-01-01"), "01.01.2021 изменение вида: А (1) → А (2)"),
    ],
)
def test_another_code_of_the_same_name_is_called_so_and_no_new_name(kind: Any, after: Named, words: str):
    names = Names()
    names.put(Municipality("a", 1, "74", (Named("А", "1", "2000-01-01", "2021-01-01"), after)))
    reform = Break("2020", "2021", reform=Change("2021-01-01", kind, ("a",), ("a",)))
    assert break_view(reform, names)["words"] == words


def test_years_without_an_edition_do_not_hide_that_it_changed():
    other = replace(METHODOLOGY, id="other")
    lines = [
        Line(year, "m", "own", edition, Standing(NO_DATA))
        for year, edition in zip(YEARS, (METHODOLOGY, None, other), strict=True)
    ]
    (found,) = breaks_of(lines, Territory(), lambda _: {"m"})
    assert (found.after, found.before) == ("2021", "2022")
    words = "другая редакция методики: «small» → «other»"
    assert break_view(found, Names())["words"] == words, "of one title: told apart by their ids"


def test_what_the_whole_did_after_a_part_left_is_no_break_of_the_part():
    whole = Municipality("whole", 1, "74", (Named("Целый", "1", "2000-01-01"),),
                         (Link("join", "other", "predecessor", "2022-03-01"),))  # fmt: skip
    part = Municipality("part", 1, "74", (Named("Часть", "2", "2021-01-01"),),
                        (Link("split", "whole", "predecessor", "2021-01-01"),))  # fmt: skip
    territory = Territory([whole, part])
    lines = [as_is(reader({}, (whole, part)), "part", year) for year in YEARS]
    found = breaks_of(lines, territory, lambda day: territory.origins("part", day))
    assert [one.reform.kind for one in found if one.reform] == ["split"]


@given(
    st.lists(st.sampled_from(["2019-03-01", "2020-01-01", "2020-05-01", "2021-09-01", "2022-12-31"]), unique=True),
    st.dictionaries(st.sampled_from(YEARS), st.integers(0, 10)),
    st.booleans(),
)
def test_renames_change_nothing_of_the_same_municipality(days: list[str], points: dict[str, int], told_of: bool):  # noqa: FBT001 - drawn
    days = sorted(days)
    spells = tuple(
        Named(f"имя {number}", f"7590{number:04}", start, end)
        for number, (start, end) in enumerate(zip(["2000-01-01", *days], [*days, None], strict=True))
    )
    links = tuple(Link("rename", "m", "predecessor", day) for day in days) if told_of else ()
    read = reader(
        {("m", year): scored(one) for year, one in points.items()}, (Municipality("m", 1, "74", spells, links),)
    )
    for year in YEARS:
        assert as_is(read, "m", year) == as_was(read, "m", year)


@given(st.lists(st.integers(0, 10), min_size=4, max_size=4), st.sampled_from(["keeps", "new"]))
def test_a_municipality_that_got_another_id_keeps_its_years(points: list[int], last: str):
    chain = ["a", "b", "c"]
    days = ["2021-01-01", "2022-01-01"]
    municipalities = tuple(
        Municipality(
            one, 1, "74", (Named(one, "75900001", start, end),),
            (Link("rename", before, "predecessor", start),) if before else (),
        )
        for one, before, start, end in zip(chain, ["", *chain], ["2000-01-01", *days], [*days, None], strict=False)
    )  # fmt: skip
    scores = {(one, year): scored(points[at]) for at, (one, year) in enumerate(zip(chain, YEARS, strict=True))}
    read = reader(scores, municipalities)
    for one, year in zip(chain, YEARS, strict=True):
        assert as_is(read, "c", year) == as_was(read, one, year)


@given(st.dictionaries(st.sampled_from(["74-alfa", "74-beta", "74-gamma", "74-delta"]), st.integers(0, 10), min_size=4))
def test_unions_keep_the_totals_and_parts_show_the_whole_once(points: dict[str, int]):
    read = reader({(one, "2020"): scored(number) for one, number in points.items()})
    today = [one.id for one in REFORMED if one.history[-1].valid_to is None]
    lines = [as_is(read, one, "2020") for one in today]
    sources = {part.municipality: part.standing.score for line in lines for part in line.parts}
    sources |= {line.municipality: line.standing.score for line in lines if not line.parts}
    assert sum((one.points or Fraction(0) for one in sources.values()), Fraction(0)) == sum(points.values())
    union = next(line for line in lines if line.municipality == "74-soyuz").standing.score
    assert (union.points, union.maximum) == (points["74-alfa"] + points["74-beta"], 20)


def test_a_window_is_of_years_or_of_school_years():
    assert window("2022", 3).periods == YEARS
    assert window("2021-2022", 2).periods == ("2020-2021", "2021-2022")
    assert window("1001", 5).periods == ("1001",)


@pytest.mark.parametrize(("until", "years", "code"), [
    ("скоро", 3, "unknown-period"), ("2022", 1, "years-out-of-bounds"), ("2022", 11, "years-out-of-bounds"),
])  # fmt: skip
def test_a_wrong_window_is_refused(until: str, years: int, code: str):
    with pytest.raises(Refused) as refused:
        window(until, years)
    assert refused.value.code == code


def test_what_an_edition_does_not_score_does_not_apply():
    card = blank(METHODOLOGY, "m1", "2022")
    assert standing_of(card, "first", METHODOLOGY).score == NO_DATA
    found = standing_of(card, "robotics", METHODOLOGY)
    assert (found.score, found.reason) == (NOT_APPLICABLE, "не оценивается редакцией методики «Малая методика»")


def test_what_did_not_apply_says_why():
    card = recount([fact(exempt=True)], methodology_of=of_period)["m1", "2022"]
    assert standing_of(card, "first", METHODOLOGY).reason == RESULT_SAYS, "what was typed is for readers of the result"


def test_a_card_of_one_who_did_not_exist_says_so_everywhere():
    card = unborn(blank(METHODOLOGY, "m1", "2022"))
    assert set(card.scores.values()) == {DID_NOT_EXIST}
    assert {one.state for one in card.procedures.values()} == {"did_not_exist"}
    assert standing_of(card, "first", METHODOLOGY).score == DID_NOT_EXIST


def test_a_rating_lists_one_who_did_not_exist_apart_from_one_without_data():
    names = {"m1": "а", "m2": "б"}
    found = rate([], group="overall", names=names, methodology=METHODOLOGY, unborn={"m2": "образован 01.01.2023"})
    assert [(one.municipality, one.state, one.reason) for one in found.no_data] == [
        ("m1", "no_data", "нет действующих результатов"),
        ("m2", "did_not_exist", "образован 01.01.2023"),
    ]
    told = [
        {"municipality": {"id": one.municipality}, "state": one.state, "reason": one.reason} for one in found.no_data
    ]
    lines = rating_csv({"rows": [], "no_data": told, "flags": []}).decode().splitlines()
    assert [line.split(",")[-4] for line in lines[1:]] == ["no_data", "did_not_exist"]


def test_zero_and_the_three_kinds_of_nothing_are_four_lines_of_a_table():
    names = Names()
    line = {"municipality": "m", "basis": "own", "methodology": METHODOLOGY}
    standings = [Standing(one, reason="причина") for one in (scored(0), NO_DATA, NOT_APPLICABLE, DID_NOT_EXIST)]
    lines = [line_view(Line(period="2022", standing=one, **line), names) for one in standings]
    rows = (
        trend_csv({"series": [{"group": "overall", "title": "=1", "lines": lines, "breaks": []}], "flags": []})
        .decode()
        .splitlines()
    )
    at = COLUMNS.index("state")
    assert [row.split(",")[at] for row in rows[1:]] == ["scored", "no_data", "not_applicable", "did_not_exist"]
    points = [row.split(",")[COLUMNS.index("points")] for row in rows[1:]]
    assert points == ["0", "", "", ""]
    assert "'=1" in rows[1], "a title is no formula"


def test_who_did_not_exist_says_since_or_until_when():
    names = Names()
    for one in REFORMED:
        names.put(one)
    assert names.lived("74-soyuz", "2020") == "образован 01.01.2021"
    assert names.lived("74-alfa", "2022") == "упразднён 01.01.2021"


def test_a_published_table_is_read_as_it_was_published():
    scored_row = {
        "rank": 2, "municipality": {"id": "m1"}, "points": "7.5", "maximum": "10", "share": "0.75", "percent": 75,
        "level": "above_average", "level_conflict": True,
    }  # fmt: skip
    absent = {"municipality": {"id": "m2"}, "state": "not_applicable", "reason": "не участвовал"}
    found = published_standings({"rows": [scored_row], "no_data": [absent]})
    assert (found["m1"].rank, found["m1"].score.points, found["m1"].score.share) == (2, Fraction(15, 2), Fraction(3, 4))
    assert found["m2"] == Standing(NOT_APPLICABLE, None, "не участвовал")
