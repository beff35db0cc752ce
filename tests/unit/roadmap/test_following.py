"""What road maps remember of what others tell: the newest revision, whatever comes again or late."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roadmap.domain import (
    DatedName,
    Municipality,
    Score,
    bearer,
    newest,
    news,
)
from tests.unit.roadmap.making import told

DISTRICT = DatedName("Агаповский МР", "75603000", date(2006, 1, 1))
OKRUG = DatedName("Агаповский МО", "75503000", date(2025, 1, 1))


def unit(revision: int, name: str = "Округ") -> Municipality:
    return Municipality("74-a", revision, "74", (DatedName(name, "75000001", date(2006, 1, 1)),))


@pytest.mark.parametrize(
    ("day", "name"),
    [("1990-01-01", DISTRICT), ("2024-12-31", DISTRICT), ("2025-01-01", OKRUG), ("2030-01-01", OKRUG)],
)
def test_a_municipality_is_called_as_on_the_day(day: str, name: DatedName):
    assert Municipality("74-a", 1, "74", (DISTRICT, OKRUG)).on(date.fromisoformat(day)) == name


@pytest.mark.parametrize(
    ("day", "whose"), [("1990-01-01", "a"), ("2024-12-31", "a"), ("2025-01-01", "b"), ("2030-01-01", "b")]
)
def test_a_code_that_passed_on_means_its_last_bearer_up_to_the_day(day: str, whose: str):
    before = Municipality("a", 1, "74", (DISTRICT, OKRUG))
    after = Municipality("b", 1, "74", (DatedName("Новый МО", DISTRICT.oktmo, date(2025, 1, 1)),))
    for known in ([before, after], [after, before]):
        found = bearer(known, DISTRICT.oktmo, date.fromisoformat(day))
        assert found
        assert found.id == whose
        assert bearer(known, "b", date.fromisoformat(day)) == after
        assert bearer(known, "75000000", date.fromisoformat(day)) is None


def score(revision: int) -> Score:
    return Score("74-a", "2022", revision)


def test_the_newest_of_a_batch_stays():
    assert newest({}, [unit(1), unit(3, "Новый"), unit(2)]) == {"74-a": unit(3, "Новый")}


def test_what_is_not_newer_than_stored_changes_nothing():
    assert newest({"74-a": unit(2)}, [unit(1), unit(2)]) == {}
    assert newest({"74-a|2022": score(2)}, [score(2), score(1)]) == {}


def test_what_was_not_asked_for_before_comes_with_the_same_revision_read_again():
    until = replace(DISTRICT, until=date(2025, 1, 1))
    before, again = (Municipality("74-a", 2, "74", (one, OKRUG)) for one in (DISTRICT, until))
    assert newest({"74-a": before}, [unit(1), again, again]) == {"74-a": again}


@pytest.mark.parametrize(
    ("day", "there"),
    [("2005-12-31", False), ("2006-01-01", True), ("2024-12-31", True), ("2025-01-01", False), ("2026-05-05", True)],
)
def test_a_municipality_was_there_while_a_name_of_it_held(day: str, *, there: bool):
    later = DatedName("Агаповский МО", "75503000", date(2026, 1, 1))
    unit = Municipality("74-a", 1, "74", (replace(DISTRICT, until=date(2025, 1, 1)), later))
    assert unit.existed(date.fromisoformat(day)) is there


def test_what_is_newer_than_all_known_before_it_is_news_and_a_repeat_is_none():
    first, second, other = told(1), told(2), told(1, municipality="74-b")
    assert news({}, [first, second, first, other]) == [first, second, other]
    assert news({}, [second, first]) == [second]
    assert news({"74-a|2022": score(1)}, [first, second]) == [second]


@given(st.lists(st.integers(1, 6), max_size=12), st.integers(1, 6))
def test_repeats_and_late_comers_end_at_the_newest(revisions: list[int], cut: int):
    heard = [score(revision) for revision in revisions]
    first = newest({}, heard[:cut])
    after = {**first, **newest(first, heard[cut:])}
    assert {one.revision for one in after.values()} == ({max(revisions)} if revisions else set())
    assert newest(after, heard) == {}
