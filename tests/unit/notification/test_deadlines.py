"""Which deadlines are nearest for a municipality on a day, by what road maps told last."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.consumers import roadmaps
from services.notification.domain import LeftFact, PlannedFact, Plans, newest_plans, plan_document, plan_of
from services.roadmap.events import ActivityReported, ActivityWindow

MAY, NOVEMBER, DECEMBER = ("2022-05-01", "2022-05-31"), ("2022-11-01", "2022-11-30"), ("2022-12-01", "2022-12-31")
SEMINAR = PlannedFact("region:8", 1, "region", "74", None, 8, "8", "Семинар", (MAY, NOVEMBER), cancelled=False)
OWN = PlannedFact("own:1", 1, "own", "74", "74-a", 1, "1", None, (DECEMBER,), cancelled=False)
ON = date(2022, 11, 1)


def near(*facts: PlannedFact | LeftFact, whose: str = "74-a", region: str | None = "74", on: date = ON) -> list[str]:
    return [f"{one.activity} {one.due} {one.state}" for one in Plans(facts).nearest(whose, region, on)]


def test_coming_ones_stand_first_then_what_was_missed():
    assert near(SEMINAR, OWN) == [
        "region:8 2022-11-30 open",
        "own:1 2022-12-31 planned",
        "region:8 2022-05-31 overdue",
    ]


def test_of_one_day_they_stand_as_their_map_lists_them():
    many = [replace(SEMINAR, activity=f"region:{place}", place=place, windows=(NOVEMBER,)) for place in (11, 9, 10)]
    for on in (ON, date(2023, 1, 1)):
        assert [one.split()[0] for one in near(*many, on=on)] == ["region:9", "region:10", "region:11"]


def test_a_deadline_is_near_on_its_day_and_missed_after_it():
    november = replace(SEMINAR, windows=(NOVEMBER,))
    assert near(november, on=date(2022, 11, 30)) == ["region:8 2022-11-30 open"]
    assert near(november, on=date(2022, 12, 1)) == ["region:8 2022-11-30 overdue"]


def test_at_most_three_are_named_and_of_the_missed_the_latest():
    months = tuple((f"2022-0{month}-01", f"2022-0{month}-28") for month in range(1, 9))
    assert [one.split()[1] for one in near(replace(SEMINAR, windows=months))] == [
        "2022-08-28",
        "2022-07-28",
        "2022-06-28",
    ]


def test_what_a_municipality_did_is_left_to_the_others_only():
    did = LeftFact("region:8", 2, "74-a", (NOVEMBER,))
    assert near(SEMINAR, did) == ["region:8 2022-11-30 open"]
    assert len(near(SEMINAR, did, whose="74-b")) == 2
    assert near(SEMINAR, LeftFact("region:8", 3, "74-a", ())) == []


def test_what_is_left_until_a_day_is_named_before_it_only():
    until = LeftFact("region:8", 2, "74-a", (NOVEMBER,), declined_on="2022-11-15")
    assert near(SEMINAR, until, on=date(2022, 11, 14)) == ["region:8 2022-11-30 open"]
    assert near(SEMINAR, until, on=date(2022, 11, 15)) == []


def test_only_what_concerns_the_municipality_is_named():
    assert near(OWN, whose="74-b") == []
    assert near(SEMINAR, region="24") == []
    assert near(replace(SEMINAR, cancelled=True)) == []
    assert len(near(SEMINAR, region=None)) == 2, "its region was never told"


@given(st.permutations([1, 2, 3]))
def test_facts_in_any_order_end_at_the_newest(order: list[int]):
    planned = [replace(SEMINAR, revision=number, windows=(NOVEMBER,) * (number == 3)) for number in order]
    left = [LeftFact("region:8", 10 + number, "74-b", (MAY,) * number) for number in order]
    assert near(*planned) == ["region:8 2022-11-30 open"]
    assert len(near(*planned, *left, whose="74-b")) == 3
    assert [one.revision for one in newest_plans([*planned, *left], {SEMINAR.id: 2})] == [3, 13]
    assert newest_plans(planned, {SEMINAR.id: 3}) == []


def test_a_fact_comes_back_from_its_document():
    left = LeftFact("region:8", 2, "74-a", (NOVEMBER,))
    for fact in (SEMINAR, OWN, left, replace(left, declined_on="2022-11-15")):
        stored = {**plan_document(fact), "windows": [list(one) for one in fact.windows], "_id": fact.id, "by": "x"}
        assert plan_of(stored) == fact


def test_the_day_of_an_answer_comes_from_road_maps():
    named = {"execution": "region:8|74-a", "activity": "region:8", "municipality": "74-a", "revision": 2}
    november = ActivityWindow(start=date(2022, 11, 1), end=date(2022, 11, 30))
    told = ActivityReported(**named, left=(november,), declined_on=date(2022, 11, 15))
    assert roadmaps.plan_of(told) == LeftFact("region:8", 2, "74-a", (NOVEMBER,), "2022-11-15")
    assert roadmaps.plan_of(ActivityReported(**named, left=())) == LeftFact("region:8", 2, "74-a", ())


def test_what_was_kept_before_the_day_of_an_answer_was_told_has_none():
    fact = LeftFact("region:8", 2, "74-a", (NOVEMBER,))
    stored = plan_document(fact)
    del stored["declined_on"]
    assert plan_of(stored) == fact


def test_an_activity_that_went_to_another_side_is_no_deadline_of_the_first():
    given_away = replace(OWN, revision=2, municipality="74-b")
    assert near(OWN, given_away) == []
    assert near(OWN, given_away, whose="74-b") == ["own:1 2022-12-31 planned"]
    assert near(given_away, OWN, whose="74-b") == ["own:1 2022-12-31 planned"]


def test_what_concerns_others_is_not_looked_at(monkeypatch: pytest.MonkeyPatch):
    looked: list[str] = []
    concerns = PlannedFact.concerns

    def counted(fact: PlannedFact, municipality: str, region: str | None) -> bool:
        looked.append(fact.activity)
        return concerns(fact, municipality, region)

    monkeypatch.setattr(PlannedFact, "concerns", counted)
    others = [replace(OWN, activity=f"other:{number}", municipality=f"74-x{number}") for number in range(50)]
    assert near(SEMINAR, OWN, *others) == near(SEMINAR, OWN)
    assert looked == ["region:8", "own:1"] * 2
