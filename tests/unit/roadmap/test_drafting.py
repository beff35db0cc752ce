"""A recommendation is drafted once per cause when a level falls, and marked when the level rises back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roadmap.domain import Recovered, Rule, ScoreTold, drafts, line, moved, news, recover, with_deadlines
from services.roadmap.domain.execution import Execution
from services.roadmap.domain.words import LEVELS
from tests.unit.roadmap.making import AT, TODAY, activity, day, told, window

FELL = ("overall", "above_average", "medium")
ROSE = ("overall", "medium", "above_average")


def ids(*heard: ScoreTold) -> list[str]:
    return [one.recommendation.id for one in drafts(heard, AT)]


def test_each_group_whose_level_fell_gets_one_named_by_its_cause():
    heard = told(5, FELL, ("results", "medium", "low"), ("processes", "medium", "high"), ("conditions", "low", "low"))
    assert ids(heard) == ["74-a:2022:overall:5", "74-a:2022:results:5"]


def test_history_loaded_quietly_drafts_nothing():
    assert ids(told(5, FELL, quiet=True)) == []


def test_the_text_says_what_fell_and_names_the_way_back():
    (draft,) = drafts([told(5, ("results", "medium", "low"), period="2021-2022")], AT)
    text = draft.recommendation.text
    assert text.startswith(
        "За 2021/2022 учебный год уровень по группе «Учебные и воспитательные результаты» снизился: "
        "был «средний» (50 %), стал «низкий» (20 %); изменение оценки № 5."
    )
    assert "региональному оператору" in text
    assert draft.recommendation.text_key == "level-fell-group-low"
    (overall,) = drafts([told(6, FELL)], AT)
    assert overall.recommendation.text_key == "level-fell-overall"
    assert "региональному оператору" not in overall.recommendation.text


STRICTER = Rule("Комплексный анализ, 2024 год")
EDITION = "применена редакция методики «Комплексный анализ, 2024 год»"
ACT = Rule("Приказ № 5 от 01.02.2022", act=True, withdrawn=True)


@pytest.mark.parametrize(
    ("rules", "results", "said"),
    [
        (
            (STRICTER,),
            False,
            f"Новых результатов в этом изменении нет, изменились правила: {EDITION}.",
        ),
        (
            (STRICTER, ACT),
            True,
            f"Изменились и правила: {EDITION}; отозван акт о том, что процедура не применяется ({ACT.title}).",
        ),
    ],
    ids=["rules alone", "results too"],
)
def test_the_text_names_the_rules_that_lowered_a_level(rules: tuple[Rule, ...], *, results: bool, said: str):
    """Nobody lost points by their work where an edition alone is stricter: the text must not say so."""
    (draft,) = drafts([replace(told(5, FELL), rules=rules, results=results)], AT)
    lines = draft.recommendation.text.splitlines()
    assert lines[1] == said
    assert ("потерявшие баллы" in lines[3]) is results


def test_at_most_three_nearest_deadlines_come_with_it():
    known = [activity(window("2022-10-01", f"2022-11-{10 + number}"), number=str(number)) for number in range(5)]
    standing = [line(one, Execution(one.id, "74-a"), TODAY) for one in known]
    (draft,) = drafts([told(5, FELL)], AT)
    found = with_deadlines(draft, standing, TODAY).recommendation.deadlines
    assert [(one.task_number, one.due.isoformat(), one.state) for one in found] == [
        ("0", "2022-11-10", "open"),
        ("1", "2022-11-11", "open"),
        ("2", "2022-11-12", "open"),
    ]


def test_a_draft_names_the_window_that_is_open_before_the_one_that_was_missed():
    both = activity(window("2022-02-01", "2022-02-28"), window("2022-05-01", "2022-05-31"))
    on = day("2022-05-10")
    (draft,) = drafts([told(5, FELL)], AT)
    found = with_deadlines(draft, [line(both, Execution(both.id, "74-a"), on)], on).recommendation.deadlines
    assert [(one.due.isoformat(), one.state) for one in found] == [("2022-05-31", "open"), ("2022-02-28", "overdue")]


def test_a_draft_is_marked_when_the_level_is_back_and_stays_a_draft():
    (draft,) = drafts([told(5, FELL)], AT)
    (marked,) = recover([draft.recommendation], moved([told(6, ROSE)]))
    assert marked.recovered
    assert (marked.state, marked.recovered.score_revision, marked.revision) == ("drafted", 6, 2)
    assert recover([marked], moved([told(7, ROSE)])) == []


@pytest.mark.parametrize("batches", [[[6, 7]], [[6], [7]]], ids=["in one batch", "in two"])
def test_the_mark_goes_when_the_level_falls_again(batches: list[list[int]]):
    """Else the first draft says that the level is back while a second one says that it fell."""
    moves = {6: ROSE, 7: ("overall", "above_average", "low")}
    (draft,) = drafts([told(5, FELL)], AT)
    one = draft.recommendation
    for batch in batches:
        found = recover([one], moved([told(number, moves[number]) for number in batch]))
        one = found[0] if found else one
    assert one.recovered is None
    (again,) = recover([one], moved([told(8, ("overall", "low", "high"))]))
    assert again.recovered == Recovered(8, "high")


def test_the_mark_names_the_level_that_holds_now():
    (draft,) = drafts([told(5, FELL)], AT)
    (marked,) = recover([draft.recommendation], moved([told(6, ("overall", "medium", "high"))]))
    (lower,) = recover([marked], moved([told(7, ("overall", "high", "above_average"))]))
    assert (marked.recovered, lower.recovered) == (Recovered(6, "high"), Recovered(7, "above_average"))


def test_an_issued_one_is_marked_no_more():
    (draft,) = drafts([told(5, FELL)], AT)
    assert recover([replace(draft.recommendation, state="issued")], moved([told(6, ROSE)])) == []


def test_a_rise_that_is_earlier_or_of_another_or_too_small_marks_nothing():
    (draft,) = drafts([told(5, ("overall", "high", "low"))], AT)
    for risen in (told(4, ROSE), told(6, ("results", "low", "high")), told(6, ("overall", "low", "above_average"))):
        assert recover([draft.recommendation], moved([risen])) == []
    assert recover([draft.recommendation], moved([told(6, ROSE, municipality="74-b")])) == []


LEVEL = st.sampled_from(LEVELS)
TOLD = st.lists(st.tuples(st.integers(1, 8), LEVEL, LEVEL), max_size=12).map(
    lambda found: [told(revision, ("overall", before, after)) for revision, before, after in found]
)


def falls(heard: list[ScoreTold]) -> list[str]:
    """The ids of the drafts of these, by a plain look at each."""
    return [
        f"74-a:2022:overall:{one.revision}"
        for one in heard
        for move in one.moves
        if _height(move.after.level) < _height(move.before.level)
    ]


@given(TOLD, st.integers(0, 12))
def test_however_a_batch_is_cut_and_repeated_each_cause_drafts_once(heard: list[ScoreTold], cut: int):
    ordered = sorted({one.revision: one for one in heard}.values(), key=lambda one: one.revision)
    first = news({}, ordered[:cut])
    stored = {one.score.id: one.score for one in first}
    again = news(stored, [*ordered, *ordered])
    assert ids(*first) + ids(*again) == falls(ordered)


@given(TOLD)
def test_only_falls_draft_and_none_of_them_is_forgotten(heard: list[ScoreTold]):
    """What is as new as any before it is heard; a revision that comes late or again is not."""
    reached = [max((one.revision for one in heard[:at]), default=0) for at in range(len(heard))]
    new = [one for one, before in zip(heard, reached, strict=True) if one.revision > before]
    assert ids(*news({}, heard)) == falls(new)


def _height(level: str | None) -> int:
    return LEVELS.index(level or "low")
