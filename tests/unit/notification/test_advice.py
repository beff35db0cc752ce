"""Which recommendations an item names, whatever came first, and how the next steps are worded."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain import (
    AdviceFact,
    Following,
    GroupChange,
    NearDeadline,
    ScoreFact,
    Standing,
    following,
    newest_advice,
    news,
    next_steps,
)

AT = datetime(2022, 11, 1, tzinfo=UTC)
TODAY = date(2022, 11, 1)
NEAR = NearDeadline("region-2022:8", "region-2022", "8", "Семинар", "2022-11-30", "open")
MISSED = NearDeadline("region-2022:12", "region-2022", "12", None, "2022-10-31", "overdue")


def item(revision: int, municipality: str = "a") -> ScoreFact:
    one = Standing("scored", "10", "95", "2/19", 11, "low", 40)
    changes = (GroupChange("overall", one, replace(one, points="9")),)
    return ScoreFact(municipality, "2022", revision, "m", changes, (), 0, AT)


def advice(revision: int, *, state: str = "drafted", group: str = "overall", step: int = 1) -> AdviceFact:
    name = f"a:2022:{group}:{revision}"
    return AdviceFact(name, "a", "2022", group, revision, state, step, "medium", "low", (NEAR, MISSED))


def named(revision: int, *known: AdviceFact) -> list[str]:
    return [one.id for one in following(item(revision), known, on=TODAY).recommendations]


def test_what_follows_from_the_change_is_named_first_in_whatever_state():
    known = (advice(3), advice(5, state="accepted"), advice(5, group="conditions"))
    assert named(5, *known) == ["a:2022:conditions:5", "a:2022:overall:5", "a:2022:overall:3"]


def test_of_earlier_ones_only_the_newest_that_are_open_are_named():
    closed = [advice(4, state="accepted"), advice(3, state="declined")]
    still_open = [advice(number, group=group) for number in (1, 2) for group in ("overall", "results")]
    assert named(5, *closed, *still_open) == ["a:2022:results:2", "a:2022:overall:2", "a:2022:results:1"]
    assert named(1, advice(2)) == []
    assert following(item(5, "b"), [advice(5), advice(4)], on=TODAY).recommendations == ()


def test_a_discarded_draft_is_named_no_more():
    gone, before = advice(5, state="discarded"), advice(3, state="discarded")
    assert following(item(5), [gone, before], on=TODAY) == Following(on=TODAY)
    assert next_steps(following(item(5), [gone], on=TODAY)) == []


def test_next_steps_are_said_in_words():
    lines = next_steps(following(item(5), [advice(5)], on=TODAY))
    assert lines == [
        "Что дальше: рекомендация (Общая оценка, изменение оценки № 5) — проект, ещё не направлена.",
        "Ближайшие сроки: до 30.11.2022 — № 8 «Семинар».",
        "Сроки, которые уже прошли (исполнение — в дорожной карте): до 31.10.2022 — № 12 «название утрачено».",
    ]
    assert next_steps(following(item(5), [], on=TODAY)) == []


def test_a_deadline_is_near_until_its_day_and_over_after_it():
    def lines(on: str) -> list[str]:
        found = following(item(5), [replace(advice(5), deadlines=(NEAR,))], on=date.fromisoformat(on))
        return next_steps(found)[1:]

    assert lines("2022-11-30") == ["Ближайшие сроки: до 30.11.2022 — № 8 «Семинар»."]
    for later in ("2022-12-01", "2023-06-01"):
        assert lines(later) == [
            "Сроки, которые уже прошли (исполнение — в дорожной карте): до 30.11.2022 — № 8 «Семинар»."
        ]


def test_a_drafted_one_is_news_once():
    assert news([advice(5), advice(5)]) == [advice(5)]
    assert news([advice(5)], {"a:2022:overall:5"}) == []


@given(st.lists(st.integers(1, 5), max_size=10), st.integers(0, 10))
def test_steps_in_any_order_and_again_end_at_the_newest(steps: list[int], cut: int):
    heard = [advice(5, step=step) for step in steps]
    first = newest_advice(heard[:cut], {})
    held = {one.id: one.revision for one in first}
    last = newest_advice(heard[cut:], held) or first
    assert [one.revision for one in last] == ([max(steps)] if steps else [])


def test_a_step_that_is_known_changes_nothing():
    assert newest_advice([advice(5, step=2)], {"a:2022:overall:5": 2}) == []


def test_a_fact_comes_back_from_its_document():
    assert AdviceFact.of({**advice(5).document(), "_id": "x", "item": "y"}) == advice(5)


def test_the_deadlines_are_those_of_the_recommendation_that_is_named_first():
    older = replace(advice(3), deadlines=(replace(NEAR, activity="region-2022:9"),))
    found = following(item(5), [older, advice(5)], on=TODAY)
    assert len(found.recommendations) == 2
    assert found.deadlines == (NEAR, MISSED)


def test_two_windows_of_one_activity_are_two_deadlines():
    may, february = replace(NEAR, due="2022-05-31"), replace(NEAR, due="2022-02-28", state="overdue")
    found = following(item(5), [replace(advice(5), deadlines=(may, february))], on=TODAY)
    assert found.deadlines == (may, february)
