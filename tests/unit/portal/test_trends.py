"""The pages of trends: what they ask for, what is told apart, what stands there when something is missing."""

import re
from typing import Any

import httpx
import pytest

from services.portal.show.pictures import group_bars, level_stacks, year_slope
from services.portal.show.trend import glossed, read_asked, trend_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import EVERYTHING, EXPLAIN, FLAG, LONG, OWN, PERIODS, from_table, place
from tests.unit.portal.trends import METHODOLOGY_BREAK, PLAIN, REFORM, line, series, trend

OWN_TREND = f"/municipalities/{OWN}/trend"


async def shown(stage: Stage, path: str, told: object, *, who: str = "ministry", **other: object) -> httpx.Response:
    stage.answers = from_table({**EVERYTHING, "/v1/trends": told, **other})
    headers = {"Authorization": stage.token(who)} if who else {}
    async with stage.browser(headers=headers) as browser:
        return await browser.get(path)


def asked(stage: Stage) -> dict[str, str]:
    return dict(next(one for one in stage.asked if one.url.path == "/v1/trends").url.params)


async def test_the_address_says_what_is_asked_of_scoring(stage: Stage):
    answer = await shown(stage, f"{OWN_TREND}?until=2022&years=5&territory=as_is&by=procedure", trend(PLAIN))
    assert answer.status_code == 200
    assert asked(stage) == {
        "until": "2022", "years": "5", "territory": "as_is", "municipality": OWN, "by": "procedure",
    }  # fmt: skip
    assert f"/municipalities/{OWN}/trend.csv?until=2022&amp;years=5&amp;territory=as_is&amp;by=procedure" in answer.text


async def test_what_nobody_offers_counts_as_not_given(stage: Stage):
    await shown(stage, f"{OWN_TREND}?years=99&territory=mars&by=magic", trend(PLAIN))
    assert asked(stage) == {
        "until": "2022", "years": "3", "territory": "as_was", "municipality": OWN, "by": "group",
    }  # fmt: skip
    assert read_asked(years="²").years == 3


async def test_a_region_is_asked_for_a_group_and_never_for_more_years_than_fit(stage: Stage):
    answer = await shown(stage, "/trend?until=2022&years=10&group=results", trend(PLAIN))
    assert asked(stage) == {"until": "2022", "years": "5", "territory": "as_was", "group": "results"}
    assert 'aria-current="true">Учебные и воспитательные результаты' in answer.text


async def test_a_picture_a_table_and_the_breaks_say_the_same(stage: Stage):
    text = (await shown(stage, f"{OWN_TREND}?until=2022", trend(PLAIN))).text
    assert LONG in text
    assert text.count("другая редакция методики: «a» → «b»") == 2, "once for all, once in the picture's description"
    assert "2020 — нет данных; 2021 — 0\N{NO-BREAK SPACE}%, низкий" in text.replace(
        " (нет действующих результатов)", ""
    )
    assert re.search(r'data-name="2021"><span>0\N{NO-BREAK SPACE}%', text)
    assert '<span class="level no_data">нет данных</span>' in text


async def test_a_break_that_only_some_have_stands_in_their_lines(stage: Stage):
    other = series(
        line("2020", 1), line("2021", 2), line("2022", 3), municipality=place("74-b", "Бэ"), breaks=(METHODOLOGY_BREAK,)
    )
    text = (await shown(stage, "/trend?until=2022", trend(PLAIN, other))).text
    assert text.count(REFORM["words"]) == 1
    assert f"Т: {REFORM['words']}" in text
    assert "между 2020 и 2021" in text


async def test_many_years_are_rows(stage: Stage):
    years = [line(str(year), 10) for year in range(2013, 2023)]
    text = (await shown(stage, f"{OWN_TREND}?until=2022&years=10", trend(series(*years)))).text
    assert '<th scope="rowgroup" rowspan="10">' in text


async def test_years_that_are_not_open_are_named(stage: Stage):
    told = trend(series(line("2022", 55)), withheld=("2020", "2021"))
    text = (await shown(stage, OWN_TREND, told, who="")).text
    assert "Годы 2020, 2021 вам не открыты" in text
    told = trend(series(line("2021", 4), line("2022", 55)), withheld=("2020",))
    assert "Год 2020 вам не открыт:" in (await shown(stage, OWN_TREND, told, who="")).text


@pytest.mark.parametrize("path", [OWN_TREND, "/trend", f"/municipalities/{OWN}?period=2022"])
async def test_the_years_of_an_edition_are_told_apart_from_live_ones(stage: Stage, path: str):
    """At one address staff read 75 % and everybody 77 %, after a late correction."""
    text = (await shown(stage, path, trend(PLAIN, editions={"2021": "rating-2021-74-2"}))).text
    assert '2021 — редакция <a href="/editions/rating-2021-74-2">' in text
    assert "Текущие данные: 2020, 2022." in text
    assert "Текущие данные: опубликованные" in (await shown(stage, path, trend(PLAIN))).text
    older = {name: one for name, one in trend(PLAIN).items() if name != "editions"}
    text = (await shown(stage, path, older)).text
    assert "Текущие данные: опубликованные" not in text, "a scoring that does not tell it yet"


BEGUN = {"coverage": {"procedures": 1, "of": 18}}
FULL = {"coverage": {"procedures": 18, "of": 18}}
BEGUN_WORDS = "данные по 1 из 18 процедур"


@pytest.mark.parametrize("path", [OWN_TREND, f"/municipalities/{OWN}?period=2022"])
async def test_a_year_that_has_hardly_begun_is_no_collapse(stage: Stage, path: str):
    years = series(line("2021", 76, **FULL), line("2022", 2, **BEGUN))
    text = (await shown(stage, path, trend(years))).text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"Данные есть не по всем процедурам: 2022 — {BEGUN_WORDS}." in text
    assert f'<small class="gloss">{BEGUN_WORDS}</small>' in text
    whole = series(line("2021", 76, **FULL), line("2022", 75, **FULL))
    text = (await shown(stage, path, trend(whole))).text
    assert ("не по всем процедурам" in text, "данные по" in text) == (False, False)


async def test_of_a_region_a_year_is_partial_where_most_are_without_a_score_or_a_procedure(stage: Stage):
    def region(*lines: dict[str, Any]) -> dict[str, Any]:
        some = [
            series(line("2021", 50, **FULL), one, municipality=place(f"74-{n}", f"М{n}")) for n, one in enumerate(lines)
        ]
        return trend(*some)

    none, begun, full = line("2022", state="no_data"), line("2022", 2, **BEGUN), line("2022", 50, **FULL)
    text = (await shown(stage, "/trend?until=2022", region(none, none, begun))).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "2022 — оценка есть у 1 из 3 муниципалитетов, не по всем процедурам — у 1." in text
    assert text.count(BEGUN_WORDS) == 1
    assert [one for one, _ in trend_of(region(full, full, begun)).partial] == []
    assert [one for one, _ in trend_of(region(none, full, full)).partial] == []
    assert [one for one, _ in trend_of(region(begun, begun, begun)).partial] == ["2022"]


async def test_procedures_that_count_without_permission_are_named_by_year(stage: Stage):
    some = [
        FLAG | {"period": period, "group": group}
        for period in ("2020", "2021", "2022")
        for group in ("overall", "results")
    ]
    for path in (f"{OWN_TREND}?until=2022", "/trend?until=2022"):
        text = (await shown(stage, path, trend(PLAIN) | {"flags": some})).text
        assert "не разрешена: 2021, 2022 — ВПР (письмо № 9)." in text, "once; nothing counts in 2020, without data"


@pytest.mark.parametrize(("told", "status", "says"), [(404, 404, "Отказано: 404"), (None, 503, "нет ответа")])
async def test_a_refusal_of_scoring_is_a_page(stage: Stage, told: Any, *, status: int, says: str):
    for path in (f"{OWN_TREND}?until=2022", "/trend?until=2022", f"{OWN_TREND}.csv", "/trend.csv"):
        answer = await shown(stage, path, told)
        assert (answer.status_code, says in answer.text) == (status, True), path


async def test_without_any_period_there_is_nothing_to_show(stage: Stage):
    nothing = {**PERIODS, "items": []}
    answer = await shown(stage, OWN_TREND, trend(PLAIN), **{"/v1/periods": nothing})
    assert (answer.status_code, "Показать нечего" in answer.text) == (404, True)
    answer = await shown(stage, "/trend", trend(PLAIN), **{"/v1/periods": nothing})
    assert (answer.status_code, "динамика появится с первым принятым результатом" in answer.text) == (200, True)
    answer = await shown(stage, "/trend", trend(PLAIN), who="", **{"/v1/periods": nothing})
    assert "Опубликованных рейтингов пока нет" in answer.text
    answer = await shown(stage, OWN_TREND, trend(PLAIN), **{"/v1/periods": None})
    assert answer.status_code == 503


async def test_a_trend_is_handed_on_as_a_table(stage: Stage):
    def answers(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept"] == "text/csv"
        told = {"content-type": "text/csv", "content-disposition": 'attachment; filename="t.csv"'}
        return httpx.Response(200, content=b"id\r\n", headers=told)

    stage.answers = answers
    async with stage.browser() as browser:
        answer = await browser.get("/trend.csv?until=2022&group=results")
    assert (answer.content, answer.headers["content-disposition"]) == (b"id\r\n", 'attachment; filename="t.csv"')


async def test_a_municipality_page_shows_its_years_to_everybody(stage: Stage):
    text = (await shown(stage, f"/municipalities/{OWN}?period=2022", trend(PLAIN), who="")).text
    assert asked(stage) == {"municipality": OWN, "until": "2022"}
    assert 'id="slope-1-title"' in text
    away = await shown(stage, f"/municipalities/{OWN}?period=2022", None)
    assert away.status_code == 200


def test_a_line_says_what_it_was_made_of():
    parts = [
        line("2020", 20, municipality=place("a", "Альфа")),
        line("2020", state="no_data", municipality=place("b", "Бета")),
    ]
    union = line("2020", 35, basis="combined", parts=parts[:1])
    assert glossed(union) == (
        "Вместе: сумма баллов предшественников к сумме их максимумов. Альфа — 20\N{NO-BREAK SPACE}%"
    )
    reason = "сравнить нельзя: нет данных (Бета), сумма была бы неполной"
    other = line("2020", state="no_data", basis="not_comparable", parts=parts, reason=reason)
    assert glossed(other) == (
        "Сравнить нельзя: нет данных (Бета), сумма была бы неполной. Альфа — 20\N{NO-BREAK SPACE}%; Бета — нет данных"
    )
    assert glossed(line("2020", state="no_data")) == ""
    assert glossed(line("2020", state="did_not_exist")) == "Образован 01.01.2021"
    assert glossed(line("2020", state="not_applicable")) == "Не участвовал"


def test_what_all_series_share_is_told_once():
    found = trend_of(
        trend(PLAIN, series(line("2020", 1), line("2021", 1), line("2022", 1), breaks=(METHODOLOGY_BREAK,)))
    )
    assert list(found.shared) == [METHODOLOGY_BREAK]
    assert found.own(PLAIN) == [REFORM]
    assert trend_of(trend()).shared == []


def test_the_four_kinds_of_value_are_four_pictures():
    states = [line("2022", 0), *(line("2022", state=one) for one in ("no_data", "not_applicable", "did_not_exist"))]
    drawn = [re.sub(r">[^<>]+<", "><", year_slope(series(one), "s", "т")) for one in states]
    assert len(set(drawn)) == 4
    stacked = level_stacks(["2022"], [series(one) for one in states], "т")
    for words in ("низкий — 1", "нет данных — 1", "не применялась — 1", "не существовал — 1", "высокий — 0"):
        assert words in stacked
    assert "уровень не определён" not in stacked
    between = level_stacks(["2022"], [series(one) for one in (*states, line("2022", 29) | {"level": None})], "т")
    assert "высокий — 0, уровень не определён — 1, нет данных — 1" in between
    bars = group_bars(EXPLAIN["overall"]["groups"][0])
    assert "Проект «500+» — не применялась (не участвовал)" in bars


def test_a_school_year_is_short_under_its_column():
    drawn = year_slope(series(line("2021-2022", 5)), "s", "т")
    assert ">2021/22<" in drawn


async def test_that_nothing_is_published_is_not_said_of_a_service_that_is_away(stage: Stage):
    stage.answers = lambda _: httpx.Response(503)
    async with stage.browser() as browser:
        answer = await browser.get("/trend")
    assert (answer.status_code, "Опубликованных рейтингов пока нет" in answer.text) == (503, False)
