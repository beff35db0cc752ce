"""The digest rule, repeats, names by period, read marks, and what a stream can go on from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain import (
    MUNICIPALITY,
    DatedName,
    GroupChange,
    Mark,
    NameFact,
    Names,
    Place,
    RatingFact,
    ScoreFact,
    Standing,
    Step,
    broken_off,
    concerns,
    newest,
    news,
    rating_news,
    rating_of,
    reached,
    read_at,
)

AT = datetime(2022, 11, 1, tzinfo=UTC)
LOW = Standing("scored", "10", "95", "2/19", 11, "low", 40)
MORE = Standing("scored", "20", "95", "4/19", 21, "low", 38)
FACT = ScoreFact(
    municipality="a",
    period="2022",
    revision=1,
    methodology="m",
    changes=(GroupChange("overall", LOW, MORE),),
    causes=(),
    causes_count=0,
    data_at=AT,
)
RATING = RatingFact("scoring|e1", "2022", AT, 2)


def test_a_change_of_its_own_is_told() -> None:
    assert concerns(FACT)


def test_a_rank_that_only_others_moved_alarms_nobody() -> None:
    assert not concerns(replace(FACT, changes=(GroupChange("overall", LOW, replace(LOW, rank=41)),)))


def test_history_loaded_quietly_is_not_told() -> None:
    assert not concerns(replace(FACT, quiet=True))


def test_a_change_that_changes_nothing_is_not_told() -> None:
    assert not concerns(replace(FACT, changes=()))


def test_one_own_change_among_moved_ranks_is_told() -> None:
    moved = GroupChange("results", LOW, replace(LOW, rank=41))
    assert concerns(replace(FACT, changes=(moved, *FACT.changes)))


def test_news_keep_their_order_and_come_once() -> None:
    other = replace(FACT, municipality="b")
    assert news([FACT, RATING, other, FACT, RATING]) == [FACT, RATING, other]


def test_what_is_known_is_no_news() -> None:
    later = replace(FACT, revision=2)
    assert news([FACT, RATING, later], {FACT.id, RATING.id}) == [later]


def test_a_rating_is_passed_by_later_ones_of_its_own_region_only() -> None:
    late, other = replace(RATING, sequence=7, region="74"), replace(RATING, sequence=8, region="66")
    last = {rating_of(other, "74"): (8, AT)}
    assert rating_news([late, other, replace(other, sequence=9)], last, "74") == [late, replace(other, sequence=9)]
    untold = replace(late, region=None)
    before = {rating_of(untold, "74"): (7, AT)}
    assert rating_news([late, untold, other], before, "74") == [other], "what names no region is of the home one"


def test_a_fact_survives_its_document() -> None:
    assert ScoreFact.of(FACT.document()) == FACT


def name(revision: int, *history: DatedName, key: str = "a") -> NameFact:
    return NameFact(MUNICIPALITY, key, revision, history)


DISTRICT = DatedName("Агаповский МР", "75603000", "2005-01-01", "2025-01-01")
OKRUG = DatedName("Агаповский МО", "75503000", "2025-01-01")


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ("2022", Place("a", "Агаповский МР", "75603000")),
        ("2024", Place("a", "Агаповский МР", "75603000")),
        ("2025", Place("a", "Агаповский МО", "75503000")),
        ("2023-2024", Place("a", "Агаповский МР", "75603000")),
        ("2024-2025", Place("a", "Агаповский МО", "75503000")),
        ("1990", Place("a", "Агаповский МР", "75603000")),
        ("whenever", Place("a", "Агаповский МО", "75503000")),
        ("0000", Place("a", "Агаповский МО", "75503000")),
    ],
)
def test_a_municipality_is_called_as_it_was_in_the_period(period: str, shown: Place) -> None:
    assert Names([name(1, OKRUG, DISTRICT)]).municipality("a", period) == shown


def test_an_old_code_still_means_the_municipality() -> None:
    names = Names([name(1, DISTRICT, OKRUG)])
    assert [names.id_of(code, date(2026, 1, 1)) for code in ("75603000", "75503000", "a", "b")] == ["a", "a", "a", "b"]


@pytest.mark.parametrize(
    ("day", "bearer"), [("1990-01-01", "a"), ("2024-12-31", "a"), ("2025-01-01", "b"), ("2030-01-01", "b")]
)
def test_a_code_that_passed_on_means_its_last_bearer_up_to_the_day(day: str, bearer: str) -> None:
    heir = DatedName("Новый МО", "75603000", "2025-01-01")
    for facts in ([name(1, DISTRICT, OKRUG), name(1, heir, key="b")], [name(1, heir, key="b"), name(1, DISTRICT)]):
        assert Names(facts).id_of("75603000", date.fromisoformat(day)) == bearer


def test_a_state_without_names_is_shown_by_its_id() -> None:
    assert Names([name(1)]).municipality("a", "2022") == Place("a", "a", None)


def test_only_a_newer_name_counts() -> None:
    old, new = name(1, DISTRICT), name(2, OKRUG)
    assert newest([new, old], {}) == [new]
    assert newest([old, new], {}) == [new]
    assert newest([old, new], {new.id: 2}) == []
    assert newest([name(0, DISTRICT)], {}) == [name(0, DISTRICT)]


LATER = AT + timedelta(hours=1)


def test_a_step_reads_everything_before_it_and_nothing_after() -> None:
    steps = [Step(5, AT), Step(9, LATER)]
    assert read_at(5, None, steps) == AT
    assert read_at(6, None, steps) == LATER
    assert read_at(10, None, steps) is None
    assert reached(steps) == 9
    assert reached([]) == 0


def test_a_single_mark_counts_before_any_step() -> None:
    assert read_at(5, Mark("a", None), [Step(9, AT)]) is None
    assert read_at(10, Mark("a", LATER), [Step(9, AT)]) == LATER


def test_a_stream_goes_on_where_nothing_is_missing() -> None:
    assert broken_off(5, oldest=6, end=9) is None
    assert broken_off(9, oldest=None, end=9) is None
    assert broken_off(0, oldest=None, end=0) is None


def test_a_stream_says_why_it_cannot_go_on() -> None:
    assert broken_off(4, oldest=6, end=9) == "too-old"
    assert broken_off(4, oldest=None, end=9) == "too-old"
    assert broken_off(10, oldest=6, end=9) == "unknown-id"


@given(last=st.integers(0, 50), gone=st.integers(0, 50), end=st.integers(0, 50))
def test_going_on_is_allowed_exactly_when_every_later_row_is_kept(last: int, gone: int, end: int) -> None:
    kept = range(min(gone, end) + 1, end + 1)
    later = set(range(last + 1, end + 1))
    whole = last <= end and later <= set(kept)
    assert (broken_off(last, oldest=kept.start if kept else None, end=end) is None) == whole
