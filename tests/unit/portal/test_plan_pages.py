"""Comparison and next level as pages: the biggest terms first, words, a form filled with the cheapest steps."""

import json
from typing import Any

import httpx
import pytest

from services.portal.show.comparison import share_points, sides
from services.portal.show.plan import headline, of_points, points
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import AT, OTHER, OWN, PERIODS, PROCEDURES, SCORED, answers, from_table, place

COMPARE, PLAN, WHAT_IF = (f"/v1/scores/{OWN}/{door}" for door in ("compare", "next-level", "what-if"))
UNSCORED = {"state": "no_data"}
HEAD = {"period": "2022", "methodology": "e", "edition": {"id": "e", "title": "Методика"}, "as_of": AT, "data_at": AT}


def term(key: str, title: str, difference: str, **more: Any) -> dict[str, Any]:
    side = {"state": "scored", "points": "3", "maximum": "4"}
    return {
        "part": "procedure", "key": key, "title": title, "a": side, "b": {**side, "points": "2.5"},
        "difference": difference, "of_points": difference, "of_maximum": "0", **more,
    }  # fmt: skip


def comparison(*, detailed: bool = True, difference: str | None = "4/95") -> dict[str, Any]:
    procedures = [term("vpr", "ВПР", "-1/95"), term("olympiads", "Олимпиады", "5/95")]
    groups = term("results", "Результаты", "4/95", **({"terms": procedures} if detailed else {}))
    table = {"a": SCORED, "b": SCORED | {"rank": 3}, "difference": difference, "terms": [groups] if difference else []}
    return {
        "a": HEAD | {"municipality": place(OWN, "Златоустовский ГО")},
        "b": HEAD | {"municipality": place(OTHER, "Троицкий МР")},
        "same_edition": True,
        "detailed": detailed,
        "overall": table,
        "groups": [table | {"group": "results", "title": "Результаты", "terms": procedures if detailed else []}],
    }


def planned(**more: Any) -> dict[str, Any]:
    step = {
        "procedure": "vpr", "title": "ВПР", "indicator": "i1", "from": None, "to": "1.5",
        "points": {"before": "0", "after": "1.5"}, "maximum": "2",
    }  # fmt: skip
    return {
        "municipality": place(OWN, "Златоустовский ГО"), "period": "2022", "methodology": "e", "as_of": AT,
        "group": "overall", "target": "level", "from": SCORED, "reachable": True, "reason": None, "proven": True,
        "goal": {"level": "high", "percent": 90, "points": "85.025", "share": "0.895"}, "steps": [step],
        "total": {"indicators": 1, "points": "1.5"}, "after": SCORED | {"percent": 90, "level": "high"},
        "left_out": [], **more,
    }  # fmt: skip


async def test_a_side_that_has_hardly_begun_says_so_beside_its_score(stage: Stage):
    told = comparison()
    for table in (told["overall"], *told["groups"]):
        table["coverage"] = {"a": {"procedures": 1, "of": 18}, "b": {"procedures": 18, "of": 18}}
    page = await opened(stage, f"/municipalities/{OWN}/compare?period=2022&with={OTHER}", **{COMPARE: told})
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert text.count("<small>данные по 1 из 18 процедур</small>") == 2
    assert "не по всем процедурам: Златоустовский ГО — данные по 1 из 18 процедур. Процедура без данных" in text
    assert "данные по 18" not in text


async def opened(stage: Stage, path: str, who: str = f"municipality:{OWN}", **told: Any) -> httpx.Response:
    doors = {"/v1/periods": PERIODS, "/v1/procedures": PROCEDURES} | told
    stage.answers = from_table(doors)
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        return await browser.get(path)


async def test_the_biggest_term_stands_first_and_is_named_in_the_sentence(stage: Stage) -> None:
    page = await opened(stage, f"/municipalities/{OWN}/compare?period=2022&with={OTHER}", **{COMPARE: comparison()})
    assert page.status_code == 200
    assert stage.asked[-1].url.params["with"] == OTHER
    assert "«Златоустовский ГО» выше на ≈4,21 п. п. (точная разница долей — 4/95)" in page.text
    assert "Больше всего дали: Олимпиады (≈+5,26), ВПР (≈−1,05)." in page.text
    table = page.text[page.text.index("Слагаемые разницы: Результаты") :]
    assert table.index("Олимпиады") < table.index("ВПР")


async def test_without_details_groups_are_shown_and_said_to_be_all(stage: Stage) -> None:
    told = {COMPARE: comparison(detailed=False)}
    page = await opened(stage, f"/municipalities/{OWN}/compare?period=2022&with={OTHER}", **told)
    assert "Процедуры видны тому, кому открыты обе стороны." in page.text
    assert "ВПР" not in page.text


async def test_a_day_becomes_an_instant_and_nothing_asked_asks_nothing(stage: Stage) -> None:
    await opened(stage, f"/municipalities/{OWN}/compare?period=2022&on=2022-12-31", **{COMPARE: comparison()})
    assert stage.asked[-1].url.params["as_of"] == "2022-12-31T00:00:00+05:00"
    stage.asked.clear()
    page = await opened(stage, f"/municipalities/{OWN}/compare?period=2022&with=")
    assert page.status_code == 200
    assert [one.url.path for one in stage.asked] == ["/v1/periods"]


async def test_a_refused_comparison_leads_to_its_field(stage: Stage) -> None:
    wrong = {
        "pointer": "/with",
        "code": "same",
        "message": "Это сравнение с самим собой.",
        "remedy": "Назовите другое.",
    }
    problem = {"title": "Так сравнить нельзя", "detail": "…", "code": "invalid-comparison", "errors": [wrong]}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422, json=problem) if request.url.path == COMPARE else httpx.Response(200, json=PERIODS)

    stage.answers = answer
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        page = await browser.get(f"/municipalities/{OWN}/compare?period=2022&with={OWN}")
    assert page.status_code == 422
    assert '<a href="#with">Это сравнение с самим собой.</a>' in page.text


async def test_a_plan_is_a_sentence_steps_and_a_filled_form(stage: Stage) -> None:
    page = await opened(stage, f"/municipalities/{OWN}/next-level?period=2022", **{PLAN: planned()})
    assert "До уровня «высокий» (от 90\N{NO-BREAK SPACE}%): поднять 1\N{NO-BREAK SPACE}показатель" in page.text
    assert 'name="value-vpr.i1" type="text" value="1,5"' in page.text
    assert "ВПР: Доля работ" in page.text
    assert [one.url.path for one in stage.asked if one.method == "POST"] == []


@pytest.mark.parametrize(("after", "needed"), [(SCORED, "85,025 из 95"), (UNSCORED, "85,025")])
async def test_a_plan_of_who_has_no_score_yet_is_a_page(stage: Stage, after: dict[str, Any], needed: str) -> None:
    """Scoring tells no more than the state of what is not scored."""
    plan = planned(**{"from": UNSCORED, "reachable": False, "reason": "not-enough", "after": after})
    page = await opened(stage, f"/municipalities/{OWN}/next-level?period=2022", **{PLAN: plan})
    assert page.status_code == 200
    assert "<dt>Сейчас</dt><dd>нет данных</dd>" in page.text
    assert f"<dt>Нужно</dt><dd>{needed}</dd>" in page.text
    stage.answers = answers(**{PLAN.replace("/", "__"): plan})
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as browser:
        shown = await browser.get(f"/municipalities/{OWN}?period=2022")
    assert shown.status_code == 200
    assert ("Самое большее" in shown.text) == (after is SCORED)


async def test_tried_values_go_to_what_if_by_procedure(stage: Stage) -> None:
    score = {"overall": SCORED, "groups": {"results": SCORED}, "procedures": {}}
    told = {PLAN: planned(), WHAT_IF: {"before": score, "after": score}}
    page = await opened(stage, f"/municipalities/{OWN}/next-level?period=2022&value-vpr.i1=0,5", **told)
    [sent] = [one for one in stage.asked if one.method == "POST"]
    assert json.loads(sent.content) == {"period": "2022", "values": {"vpr": {"i1": "0.5"}}}
    assert "Что получится с вашими значениями" in page.text


async def test_the_municipalitys_page_says_what_the_next_level_takes(stage: Stage) -> None:
    stage.answers = answers(**{PLAN.replace("/", "__"): planned()})
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as browser:
        page = await browser.get(f"/municipalities/{OWN}?period=2022")
    assert "Что нужно до следующего уровня" in page.text
    assert "ВПР, Доля работ: сейчас нет данных, нужно 1,5" in page.text


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (planned(goal=None, reachable=False, reason="highest-level", steps=[]), "Уровень уже высший."),
        (planned(goal=None, reachable=False, reason="first", steps=[]), "Место уже первое."),
        (planned(goal={"rank": 2, "points": "70", "share": "70/95"}), "До 2-го места: поднять"),
        (planned(reachable=False, reason="not-enough"), "столько не набрать"),
    ],
)
def test_a_plan_says_what_stands_in_the_way(plan: dict[str, Any], says: str) -> None:
    assert says in headline(plan)


def left(*codes: str) -> list[dict[str, Any]]:
    return [{"procedure": "vpr", "indicator": f"i{n}", "code": one, "reason": "…"} for n, one in enumerate(codes, 2)]


MEASURED, UNREPORTED = left("relative", "relative"), left("unreported")
# The scoring of 0.2.0 has no codes: it left out these only.
OLDER = [{name: one[name] for name in ("procedure", "indicator", "reason")} for one in MEASURED]


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ([], "даже подняв все показатели до предела."),
        (UNREPORTED, "даже подняв все показатели до предела."),
        (MEASURED, "даже подняв до предела все показатели, кроме зависящих от других муниципалитетов."),
    ],
)
def test_out_of_reach_is_what_was_looked_at(left_out: list[dict[str, Any]], says: str) -> None:
    assert headline(planned(reachable=False, reason="not-enough", left_out=left_out)).endswith(says)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "Меньше показателей не хватит, а из наборов"),
        ({}, "Дробные баллы не перебирались: с ними может хватить и меньшего."),
        ({"proven": False}, "Меньше показателей не хватит; что баллов"),
        ({"left_out": UNREPORTED}, "Меньше показателей не хватит, а из"),
        ({"left_out": UNREPORTED}, "Не учтены показатели, которых нет в каталоге процедур (передать их нельзя): 1."),
        ({"left_out": MEASURED}, "Из учтённых показателей меньшим числом не обойтись, а из наборов"),
        ({"left_out": OLDER}, "баллы которых зависят от других муниципалитетов: 2."),
        ({"left_out": MEASURED, "proven": False}, "Из учтённых показателей меньшим числом не обойтись; что баллов"),
        ({"left_out": MEASURED + UNREPORTED}, "баллы которых зависят от других муниципалитетов: 2."),
    ],
)
async def test_what_is_proven_is_said_of_what_was_looked_at(stage: Stage, more: dict[str, Any], says: str) -> None:
    page = await opened(stage, f"/municipalities/{OWN}/next-level?period=2022", **{PLAN: planned(**more)})
    assert says in page.text
    assert ("не хватит" in page.text) == (more.get("left_out", []) in ([], UNREPORTED))
    assert "Дешевле нельзя" not in page.text


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("4/95", "≈+4,21"),
        ("1/32", "≈+3,13"),
        ("-1/32", "≈−3,13"),
        ("-1/100", "−1"),
        ("0", "0"),
        ("1/1000000", "+меньше\N{NO-BREAK SPACE}0,01"),
        ("0.005", "+0,5"),
    ],
)
def test_a_difference_of_shares_is_shown_in_points_of_percent(told: str, shown: str) -> None:
    assert share_points(told) == shown


def test_points_have_their_noun() -> None:
    assert [points(one) for one in ("1", "2", "5", "1.5")] == [
        f"{one}\N{NO-BREAK SPACE}{noun}"
        for one, noun in (("1", "балл"), ("2", "балла"), ("5", "баллов"), ("1,5", "балла"))
    ]


def test_sides_are_called_by_what_differs() -> None:
    told = comparison()
    assert sides(told) == ("Златоустовский ГО", "Троицкий МР")
    same = {**told, "b": told["b"] | {"municipality": told["a"]["municipality"], "period": "2021"}}
    assert sides(same) == ("2022 год", "2021 год")
    assert sides({**same, "b": same["b"] | {"period": "2022"}}) == ("на 30.12.2022 12:00",) * 2


def test_points_after_a_number_stand_in_the_case_that_the_sentence_wants():
    assert [of_points(one) for one in ("1", "11", "21", "91", "92", "100", "1.5")] == [
        f"{one.replace('.', ',')}\N{NO-BREAK SPACE}{noun}"
        for one, noun in (
            ("1", "балла"), ("11", "баллов"), ("21", "балла"), ("91", "балла"), ("92", "баллов"), ("100", "баллов"),
            ("1.5", "балла"),
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "words"), [("81", "нужен 81"), ("11", "нужно 11"), ("82", "нужно 82"), ("81.5", "нужно 81,5")]
)
def test_what_is_out_of_reach_is_needed_in_the_right_number(told: str, words: str):
    plan = planned(reachable=False, goal={"rank": 1, "points": told})
    assert f"{words}\N{NO-BREAK SPACE}балл" in headline(plan)


async def test_a_tiny_difference_reads_as_a_sentence(stage: Stage):
    for told, ahead in (("1/1000000", "выше"), ("-1/1000000", "ниже")):
        stage.answers = from_table({"/v1/periods": PERIODS, COMPARE: comparison(difference=told)})
        async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
            text = (await browser.get(f"/municipalities/{OWN}/compare?period=2022&with={OTHER}")).text
        assert f"«Златоустовский ГО» {ahead} менее чем на 0,01 п. п." in text
