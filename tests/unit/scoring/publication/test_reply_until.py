"""The last day of reply: not before the day of the draft, and no more than a year after it."""

from datetime import date

import pytest

from services.scoring.domain.publication import Course, Edition, Plan, draft
from shared.kernel import Refused
from tests.unit.scoring.publication.made import BY, made


def until(day: date) -> Edition:
    """A draft of 1 February 2023 with this last day of reply."""
    return draft(Course("2022"), Plan("2022", None, day), made(), by=BY).state


@pytest.mark.parametrize("day", [date(2023, 2, 1), date(2024, 2, 2)])
def test_the_day_of_the_draft_and_the_one_366_days_later_are_taken(day: date):
    assert until(day).reply_until == day


@pytest.mark.parametrize(("day", "code"), [(date(2023, 1, 31), "in-the-past"), (date(2024, 2, 3), "too-far")])
def test_a_day_that_has_passed_or_is_too_far_leaves_no_right_of_reply_and_is_refused(day: date, code: str):
    with pytest.raises(Refused) as refused:
        until(day)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/reply_until", code)]
