"""What an official reads: forms, figures, directions, causes."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain import (
    MUNICIPALITY,
    PROCEDURE,
    DatedName,
    GroupChange,
    NameFact,
    Names,
    ResultCause,
    ScoreFact,
    Standing,
    body,
    title,
)
from services.notification.domain.text import headline, whole
from services.notification.domain.words import POINTS, amount, figure, group_words, level_words, period_words
from shared.kernel import plural

NAMES = Names(
    [
        NameFact(
            MUNICIPALITY,
            "74-zlatoustovsky-go",
            1,
            (DatedName("Златоустовский ГО", "75712000", "2010-01-01", None),),
        ),
        NameFact(PROCEDURE, "vpr", 1, (DatedName("Всероссийские проверочные работы", None, ""),)),
    ]
)


def scored(points: str, percent: int, level: str, rank: int | None, *, maximum: str = "95") -> Standing:
    share = str(Fraction(points) / Fraction(maximum))
    return Standing("scored", points, maximum, share, percent, level, rank)


UP = GroupChange("overall", scored("72", 76, "above_average", 3), scored("74", 78, "above_average", 1))


def fact(*changes: GroupChange, causes: int = 1, revision: int = 2, period: str = "2022") -> ScoreFact:
    named = tuple(ResultCause(f"r{number}", revision, "vpr") for number in range(min(causes, 100)))
    return ScoreFact(
        municipality="74-zlatoustovsky-go",
        period=period,
        revision=7,
        methodology="complex-analytics-2022",
        changes=changes or (UP,),
        causes=named,
        causes_count=causes,
        data_at=datetime(2022, 11, 1, 20, 30, tzinfo=UTC),
    )


def test_the_title_says_whose_score_of_what_period_and_the_most_telling_change() -> None:
    assert title(fact(), NAMES) == "Златоустовский ГО: общая оценка за 2022 год — 78 % (было 76 %), место 1 (было 3)"


def test_the_title_speaks_of_the_overall_score_where_that_changed_and_else_of_ones_own_change() -> None:
    results = replace(UP, group="results")
    moved = GroupChange("conditions", scored("20", 71, "above_average", 2), scored("20", 71, "above_average", 3))
    assert headline((results, UP)) is UP
    assert headline((moved, results)) is results
    assert headline((moved,)) is moved


@pytest.mark.parametrize(
    ("before", "after", "own"),
    [
        (Standing("no_data"), Standing("not_applicable"), True),
        (Standing("no_data"), Standing("no_data"), False),
        (scored("72", 76, "above_average", 3), scored("72", 76, "above_average", 1), False),
        (scored("72", 76, "above_average", 3), scored("72", 76, "high", 3), True),
    ],
)
def test_all_but_the_rank_is_ones_own(before: Standing, after: Standing, own: bool) -> None:  # noqa: FBT001 - a case
    assert GroupChange("overall", before, after).own is own


def test_where_there_is_no_rank_nothing_is_said_of_it() -> None:
    unranked = GroupChange("overall", scored("72", 76, "above_average", None), scored("74", 78, "above_average", None))
    assert (
        whole(unranked)
        == "74 балла из 95 (было 72, на 2 балла больше); 78 % (было 76 %); уровень «выше среднего» (без изменений)"
    )


def test_a_place_that_stayed_is_told_as_unchanged() -> None:
    same = GroupChange("overall", scored("72", 76, "above_average", 3), scored("72", 76, "above_average", 3))
    assert whole(same).startswith("72 балла из 95 (без изменений); 76 % (без изменений); ")
    assert whole(same).endswith("; место 3 (без изменений)")


def test_the_body_says_what_why_and_when() -> None:
    assert body(fact(), NAMES).split("\n") == [
        (
            "Общая оценка: 74 балла из 95 (было 72, на 2 балла больше); 78 % (было 76 %); "
            "уровень «выше среднего» (без изменений); место 1 (было 3, выше на 2 места)."
        ),
        "Причина: изменён результат процедуры «Всероссийские проверочные работы» (версия 2).",
        (
            "Сведения на 02.11.2022 01:30 по времени Екатеринбурга; методика «complex-analytics-2022», "
            "изменение оценки № 7."
        ),
    ]


def test_a_fall_is_told_as_a_fall() -> None:
    down = GroupChange(
        "results", scored("15", 36, "medium", 4, maximum="42"), scored("12.5", 30, "low", 5, maximum="42")
    )
    text = body(fact(down), NAMES)
    assert "12,5 балла из 42 (было 15, на 2,5 балла меньше)" in text
    assert "уровень «низкий» (был «средний»)" in text
    assert "место 5 (было 4, ниже на 1 место)" in text
    assert "учебные и воспитательные результаты за 2022 год — 30 % (было 36 %), уровень «низкий»" in title(
        fact(down), NAMES
    )


def test_a_first_score_is_told_as_having_appeared() -> None:
    first = GroupChange("overall", Standing("no_data"), scored("11", 12, "low", 43))
    assert title(fact(first, revision=1), NAMES).endswith("— появилась оценка: 12 %, место 43")
    text = body(fact(first, revision=1), NAMES)
    assert "11 баллов из 95, 12 %, уровень «низкий», место 43; раньше оценки не было (нет данных)." in text
    assert "Причина: новый результат процедуры" in text


def test_a_lost_score_is_told_with_what_it_was() -> None:
    lost = GroupChange("overall", scored("74", 78, "above_average", 1), Standing("no_data"))
    assert title(fact(lost), NAMES).endswith("— оценки больше нет (нет данных)")
    assert "Общая оценка: нет данных, было 74 балла из 95, 78 %, уровень «выше среднего», место 1." in body(
        fact(lost), NAMES
    )


def test_four_kinds_of_nothing_have_four_words() -> None:
    other = GroupChange("results", Standing("no_data"), Standing("not_applicable"))
    assert body(fact(other), NAMES).startswith(
        "Учебные и воспитательные результаты: процедуры не применялись, было: нет данных."
    )
    assert title(fact(other), NAMES).endswith("— процедуры не применялись")


def test_a_change_too_small_for_the_percent_is_told_in_points() -> None:
    small = GroupChange("overall", scored("74", 78, "above_average", 2), scored("74.25", 78, "above_average", 2))
    assert title(fact(small), NAMES).endswith("— 74,25 балла (было 74)")
    assert "74,25 балла из 95 (было 74, на 0,25 балла больше); 78 % (без изменений)" in body(fact(small), NAMES)


def test_a_moved_maximum_is_told() -> None:
    moved = GroupChange(
        "results",
        scored("30", 71, "above_average", 2, maximum="42"),
        scored("30", 79, "above_average", 2, maximum="38"),
    )
    assert "30 баллов из 38 (столько же было из 42)" in body(fact(moved), NAMES)


def test_many_causes_are_counted_not_listed() -> None:
    text = body(fact(causes=121), NAMES)
    assert "Причины: " in text
    assert text.count("изменён результат") == 5
    assert "и ещё 116 результатов." in text
    assert body(fact(causes=6), NAMES).count("изменён результат") == 5
    assert "и ещё 1 результат." in body(fact(causes=6), NAMES)
    assert "и ещё" not in body(fact(causes=5), NAMES)


def test_what_is_not_known_yet_is_shown_by_its_id() -> None:
    nameless = Names()
    assert title(fact(), nameless).startswith("74-zlatoustovsky-go: ")
    assert "«vpr»" in body(fact(), nameless)


@pytest.mark.parametrize(
    ("period", "words"),
    [("2022", "за 2022 год"), ("2021-2022", "за 2021/2022 учебный год"), ("x", "за период «x»")],
)
def test_periods_have_words(period: str, words: str) -> None:
    assert period_words(period) == words
    assert words in title(fact(period=period), NAMES)


def test_unknown_words_are_shown_as_they_are() -> None:
    assert group_words("talents") == "Группа «talents»"
    assert level_words("extreme") == "extreme"
    assert level_words(None) == "не определён"


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, "баллов"), (1, "балл"), (2, "балла"), (4, "балла"), (5, "баллов"), (11, "баллов"), (12, "баллов"),
     (14, "баллов"), (21, "балл"), (22, "балла"), (100, "баллов"), (101, "балл"), (111, "баллов"), (1012, "баллов")],
)  # fmt: skip
def test_a_number_takes_its_form(number: int, form: str) -> None:
    assert plural(number, POINTS) == form


@pytest.mark.parametrize(
    ("number", "words"),
    [(Fraction(1), "1 балл"), (Fraction(3, 2), "1,5 балла"), (Fraction(1, 3), "1/3 балла"), (Fraction(5), "5 баллов")],
)
def test_points_are_exact_in_words(number: Fraction, words: str) -> None:
    assert amount(number) == words


@given(st.fractions(min_value=0, max_value=1000, max_denominator=10_000))
def test_a_figure_loses_nothing(number: Fraction) -> None:
    assert Fraction(figure(number).replace(",", ".")) == number


levels = st.sampled_from(["low", "medium", "above_average", "high"])
standings = st.one_of(
    st.builds(
        scored,
        st.integers(0, 95).map(str),
        st.integers(0, 100),
        levels,
        st.one_of(st.none(), st.integers(1, 43)),
    ),
    st.sampled_from([Standing("no_data"), Standing("not_applicable"), Standing("did_not_exist")]),
)


@given(st.lists(st.builds(GroupChange, st.sampled_from(["overall", "results", "x"]), standings, standings), min_size=1))
def test_every_change_can_be_told(changes: list[GroupChange]) -> None:
    told = fact(*changes)
    text = f"{title(told, NAMES)}\n{body(told, NAMES)}"
    assert "None" not in text
    assert "  " not in text
    assert title(told, NAMES).count("—") == 1
    assert not title(told, NAMES).endswith("— ")
    assert len(body(told, NAMES).split("\n")) == len(changes) + 2
