"""Which recommendations an item names, whatever came first, and how the next steps are worded."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain import (
    NOTHING,
    AdviceFact,
    Advised,
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
    return [one.id for one in following(item(revision), known).recommendations]


def test_what_follows_from_the_change_is_named_first_in_whatever_state():
    known = (advice(3), advice(5, state="accepted"), advice(5, group="conditions"))
    assert named(5, *known) == ["a:2022:conditions:5", "a:2022:overall:5", "a:2022:overall:3"]


def test_of_all_others_the_newest_that_are_open_are_named():
    closed = [advice(4, state="accepted"), advice(3, state="declined")]
    still_open = [advice(number, group=group) for number in (1, 2) for group in ("overall", "results")]
    assert named(5, *closed, *still_open) == ["a:2022:results:2", "a:2022:overall:2", "a:2022:results:1"]
    assert following(item(5, "b"), [advice(5), advice(4)]).recommendations == ()


def test_an_item_that_was_told_long_ago_names_what_is_open_when_it_is_read():
    later, year_before = advice(7), replace(advice(2), id="a:2021:overall:2", period="2021")
    assert named(1, year_before, later, advice(6, state="accepted")) == ["a:2022:overall:7", "a:2021:overall:2"]
    assert next_steps(following(item(1), [year_before]), "2022") == [
        "Что дальше: рекомендация (общая оценка за 2021 год, изменение оценки № 2) — проект, ещё не направлена."
    ]


def test_a_discarded_draft_is_named_no_more():
    gone, before = advice(5, state="discarded"), advice(3, state="discarded")
    assert following(item(5), [gone, before]) == NOTHING
    assert next_steps(following(item(5), [gone]), "2022") == []


def test_next_steps_are_said_in_words():
    lines = next_steps(following(item(5), [advice(5)], (NEAR, MISSED)), "2022")
    assert lines == [
        "Что дальше: рекомендация (общая оценка, изменение оценки № 5) — проект, ещё не направлена.",
        "Ближайшие сроки: до 30.11.2022 — № 8 «Семинар».",
        "Просрочено без подтверждения: до 31.10.2022 — № 12 (название утрачено).",
    ]
    assert next_steps(following(item(5), [], (NEAR,)), "2022") == ["Ближайшие сроки: до 30.11.2022 — № 8 «Семинар»."]
    assert next_steps(following(item(5), []), "2022") == []


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


def test_what_is_held_in_memory_is_the_newest_told_and_never_grows_without_end():
    held = Advised()
    held.hear([advice(5, step=2, state="issued"), advice(5), advice(4)])
    assert sorted((one.id, one.state) for one in held.of("a")) == [
        ("a:2022:overall:4", "drafted"),
        ("a:2022:overall:5", "issued"),
    ]
    held.hear([advice(3, state="accepted"), *(advice(number) for number in range(10, 80))])
    assert len(held.of("a")) == 50
    assert following(item(90), held.of("a")).recommendations[0].score_revision == 79
    assert held.of("b") == []
