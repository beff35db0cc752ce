"""Permitted uses: every change kept with its instant, and what was known at any instant."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain import instant_text
from services.scoring.domain.permission import Permitted, flags, permitted_from, remembering

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ANALYSIS, BOTH = ["analysis"], ["analysis", "municipality_scoring"]


def described(revision: int, uses: list[str], *, act: str = "", hours: int | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"_id": "p", "revision": revision, "name": "П", "act": act or f"письмо № {revision}"}
    at = {} if hours is None else {"described_at": instant_text(NOON + timedelta(hours=hours))}
    return row | {"permitted_uses": uses} | at


def acts(row: Any, hours: float | None = None) -> list[str]:
    """The acts of the flags that a stored procedure raises at an instant."""
    at = None if hours is None else NOON + timedelta(hours=hours)
    return [one["act"] for one in flags(["p"], {"p": permitted_from(row)}, at)]


def test_a_flag_is_raised_only_while_the_use_was_known_not_to_be_permitted() -> None:
    row = remembering(described(1, BOTH, hours=0), None)
    row = remembering(described(2, ANALYSIS, hours=10), row)
    row = remembering(described(3, BOTH, hours=20), row)
    assert [acts(row, at) for at in (-1, 0, 9.999, 10, 19, 20)] == [[], [], [], ["письмо № 2"], ["письмо № 2"], []]
    assert acts(row) == []


def test_what_was_stored_before_times_were_kept_was_so_always() -> None:
    old = described(1, ANALYSIS)
    assert acts(old, -1_000) == ["письмо № 1"]
    row = remembering(described(2, BOTH, hours=10), old)
    assert (acts(row, -1_000), acts(row, 9), acts(row, 10)) == (["письмо № 1"], ["письмо № 1"], [])


def test_a_procedure_known_by_name_alone_is_completed_by_hearing_the_same_revision_again() -> None:
    name_alone = {"_id": "p", "revision": 3, "name": "П"}
    assert acts(name_alone) == []
    row = remembering(described(3, ANALYSIS, hours=-5), name_alone)
    assert (acts(row), acts(row, -5), acts(row, -6)) == (["письмо № 3"], ["письмо № 3"], [])
    assert remembering(described(3, BOTH, hours=7), row) is row
    assert remembering(described(2, BOTH, hours=7), row) is row


def test_a_description_that_changes_no_use_is_no_change_of_uses() -> None:
    row = remembering(described(1, ANALYSIS, act="письмо", hours=0), None)
    row = remembering(described(2, ANALYSIS, act="письмо", hours=9) | {"name": "Иначе"}, row)
    assert (row["name"], row["revision"], len(row["permitted"])) == ("Иначе", 2, 1)


def test_uses_are_kept_in_one_order() -> None:
    """A set has another order in every process, and the same procedure would be another document."""
    uses = [f"use-{number:02}" for number in range(50)]
    assert Permitted(frozenset(uses)).document()["uses"] == uses


@given(
    st.lists(st.sampled_from([ANALYSIS, BOTH]), min_size=1, max_size=6),
    st.lists(st.integers(0, 5), max_size=20),
    st.integers(-1, 60),
)
def test_whatever_is_heard_again_the_uses_at_an_instant_are_those_of_the_last_description_by_then(
    told: list[list[str]], again: list[int], asked: int
) -> None:
    """Descriptions ten hours apart, some heard again afterwards; against looking for the last one in the plain list."""
    descriptions = [described(number, uses, hours=10 * number) for number, uses in enumerate(told)]
    row: Any = None
    for one in [*descriptions, *(descriptions[index] for index in again if index < len(told))]:
        row = remembering(one, row)
    last = asked // 10
    expected = [] if last < 0 else told[min(last, len(told) - 1)]
    assert bool(acts(row, asked)) == (expected == ANALYSIS)
