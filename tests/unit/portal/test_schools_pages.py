"""Pages of schools: lists with reasons in words, signs with how to read them, a profile; nothing for strangers."""

from fractions import Fraction
from typing import Any

import httpx
import pytest

from services.portal.show.schools import reason
from services.portal.show.spread import Named, Spread, results_of, spread_of
from shared.kernel import number_text
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, RESULT, Services, listed, refused

NAMED = {"id": "74-school-1", "municipality": {"id": OWN, "name": "Златоустовский ГО", "oktmo": "75712000"}}
REASON = {
    "procedure": "oge", "title": "ОГЭ: русский язык", "period": "2022", "state": "low", "measure": "low_share",
    "comparison": "at_least", "threshold": "0.3", "value": "19/53", "percent": "35.8", "participants": 53,
    "result": "r1", "revision": 2,
}  # fmt: skip
VERDICT = {"span": "year", "criterion": "russian", "title": "Русский язык", "state": "low", "reasons": [REASON]}
YEAR = {"period": "2022", "thresholds": "small", "participants": 53, "levels": ["basic"], "criteria": [VERDICT]}
SIGN = {
    "school": NAMED, "period": "2022", "procedure": "oge", "title": "ОГЭ: русский язык", "kind": "boundary_spike",
    "kind_title": "Всплеск на границе отметки", "statistic": "5.1000", "p": "0.0000100000",
    "adjusted_p": "0.0000123000", "effect": "0.4100", "observed": "36.0000", "expected": "15.2000",
    "n": 41, "minimum_n": 12,
    "threshold": {"adjusted_p": "0.05", "effect": "0.15"}, "result": "r1", "revision": 1,
    "words": "Из 41 работы у границ отметок ровно на границе 36. Это повод посмотреть, а не вывод.",
}  # fmt: skip
PROFILE = {
    "school": NAMED, "period": "2022", "signs": [SIGN],
    "factors": [{"factor": "low_results", "period": "2022", "thresholds": "small", **VERDICT}],
    "years": [YEAR, {**YEAR, "period": "2021", "criteria": [{**VERDICT, "state": "not_comparable", "reasons": []}]}],
}  # fmt: skip
STRONG = {**YEAR, "school": NAMED, "pairs": [{"school": {**NAMED, "id": "74-school-2"}, "near": True}], "elsewhere": 1}


def answers(**more: Any) -> Services:
    signs = {"items": [SIGN], "next": None, "pending": True, "looked_at": None, "tests": [], "thresholds": None}
    replies: dict[str, Any] = {
        "GET scoring /v1/periods": listed({"period": "2022"}),
        "GET scoring /v1/schools/low-results": listed({**YEAR, "school": NAMED}),
        "GET scoring /v1/schools/strong": listed(STRONG),
        "GET scoring /v1/schools/bias-signs": httpx.Response(200, json=signs),
        "GET scoring /v1/schools/74-school-1/risk-profile": httpx.Response(200, json=PROFILE),
        "GET registry /v1/organizations/74-school-1": httpx.Response(200, json={"name": "Школа № 1 <b>"}),
    }
    return Services(replies | more)


async def seen(stage: Stage, path: str, who: str = f"municipality:{OWN}") -> httpx.Response:
    headers = {"Authorization": stage.token(who)} if who else {}
    async with stage.browser(headers=headers) as browser:
        return await browser.get(path)


@pytest.fixture(autouse=True)
def services(stage: Stage) -> None:
    stage.answers = answers()


async def test_a_list_says_why_each_school_is_on_it(stage: Stage):
    answer = await seen(stage, "/schools")
    assert answer.status_code == 200
    assert "Школа № 1 &lt;b&gt;" in answer.text
    assert (
        "доля низких результатов 35,8\N{NO-BREAK SPACE}% (порог: не меньше 30\N{NO-BREAK SPACE}%), участников 53"
        in answer.text
    )
    asked = next(one for one in stage.asked if one.url.path.endswith("low-results"))
    assert dict(asked.url.params) == {"period": "2022", "limit": "20"}
    assert ">Школы</a>" in answer.text
    assert "Найдено: 1\N{NO-BREAK SPACE}школа." in answer.text


async def test_the_way_back_from_a_school_is_to_the_list_one_came_from(stage: Stage):
    chosen = f"shown=strong&amp;period=2022&amp;municipality={OWN}"
    listed_there = await seen(stage, f"/schools?{chosen.replace('&amp;', '&')}", "ministry")
    for school in ("74-school-1", "74-school-2"):
        address = f"/schools/{school}?period=2022&amp;shown=strong&amp;municipality={OWN}"
        assert f'href="{address}"' in listed_there.text
    there = await seen(stage, f"/schools/74-school-1?period=2022&shown=strong&municipality={OWN}", "ministry")
    assert f'<a href="/schools?{chosen}">Школы</a>' in there.text
    assert 'href="/schools/74-school-1?period=2022"' in (await seen(stage, "/schools?period=2022")).text
    straight = await seen(stage, "/schools/74-school-1?shown=nonsense")
    assert '<a href="/schools?period=2022">Школы</a>' in straight.text


async def test_the_page_begins_with_the_latest_year_that_schools_have_results_of(stage: Stage):
    def low(request: httpx.Request) -> httpx.Response:
        items = [{**YEAR, "school": NAMED}] if request.url.params["period"] == "2021" else []
        return listed(*items, years=["2021", "2020"])

    stage.answers = answers(**{"GET scoring /v1/schools/low-results": low})
    answer = await seen(stage, "/schools")
    assert 'value="2021"' in answer.text
    assert "Школа № 1" in answer.text
    named = (await seen(stage, "/schools?period=2022")).text
    assert "Результатов школ за 2022 год нет; они есть за" in named
    assert 'href="/schools?shown=low_results&amp;period=2021">2021 год</a>' in named
    assert "списке школ нет" not in named
    stage.answers = answers(**{"GET scoring /v1/schools/low-results": listed(years=[])})
    assert "Результатов школ пока нет." in (await seen(stage, "/schools")).text
    stage.answers = answers(**{"GET scoring /v1/schools/low-results": listed(years=["2022"])})
    assert "За 2022 год в этом списке школ нет." in (await seen(stage, "/schools")).text


async def test_a_list_says_that_newer_results_wait(stage: Stage):
    for pending in (True, False):
        stage.answers = answers(**{"GET scoring /v1/schools/low-results": listed(years=["2022"], pending=pending)})
        assert ("список по ним обновится" in (await seen(stage, "/schools")).text) == pending


async def test_a_school_is_a_line_and_its_reasons_are_opened(stage: Stage):
    whole = {**VERDICT, "criterion": "set", "title": "Совокупность критериев"}
    year = {**YEAR, "criteria": [VERDICT, {**VERDICT, "span": "three_years"}, whole]}
    named = {**NAMED, "id": "74-school-2"}
    both = listed({**year, "school": NAMED}, {**year, "school": named}, years=["2022"])
    factors = [{"factor": "low_results", "period": "2022", "thresholds": "small", **one} for one in year["criteria"]]
    stage.answers = answers(**{
        "GET scoring /v1/schools/low-results": both,
        "GET scoring /v1/schools/74-school-1/risk-profile": httpx.Response(200, json={**PROFILE, "factors": factors}),
        "GET registry /v1/organizations/74-school-2": httpx.Response(200, json={"name": "Школа (Златоустовский ГО)"}),
    })  # fmt: skip
    text = (await seen(stage, "/schools?period=2022", "ministry")).text
    line = "Низкие результаты: русский язык (за год, за три года), совокупность критериев (за год)."
    assert (text.count(line), text.count("Почему")) == (2, 2)
    assert text.count("доля низких результатов") == 4, "those of the whole set stand above it"
    assert "(Златоустовский ГО)</a>\n" in text.replace("</h2>", "\n"), "the municipality is not said twice"
    profile = (await seen(stage, "/schools/74-school-1?period=2022", "ministry")).text
    assert (profile.count("<h3>2022 год</h3>"), profile.count(line)) == (1, 1)


async def test_a_school_is_led_to_its_own_profile(stage: Stage):
    text = (await seen(stage, "/schools?period=2022", "organization:74-school-1")).text
    assert '<a href="/schools/74-school-1">Моя школа</a>' in text
    assert "Моя школа" not in (await seen(stage, "/schools?period=2022", "ministry")).text


async def test_strong_schools_name_whom_they_could_help_and_count_the_others(stage: Stage):
    answer = await seen(stage, "/schools?shown=strong&period=2022")
    assert "74-school-2</a>" in answer.text, "a school whose name is not known is called by its id"
    assert "(соседний муниципалитет)" in answer.text
    assert "Ещё пар вне вашего муниципалитета: 1." in answer.text


async def test_a_test_that_could_not_be_made_is_told_with_its_reason(stage: Stage):
    test = {"procedure": "oge", "title": "ОГЭ <b>", "kind": "boundary_spike", "kind_title": "Всплеск",
            "tested": 0, "too_few": 0, "signs": 0}  # fmt: skip
    signs = {"items": [], "next": None, "pending": False, "looked_at": "2022-11-01T09:00:00Z", "thresholds": None,
             "tests": [{**test, "skipped": "Нет p0."}, {**test, "kind_title": "Скачок", "skipped": None}]}  # fmt: skip
    stage.answers = answers(**{"GET scoring /v1/schools/bias-signs": httpx.Response(200, json=signs)})
    text = (await seen(stage, "/schools?shown=signs&period=2022")).text
    assert "ОГЭ &lt;b&gt;: признак «Всплеск» не искали. Нет p0." in text
    assert "Скачок" not in text


async def test_a_sign_comes_with_how_to_read_it(stage: Stage):
    answer = await seen(stage, "/schools?shown=signs&period=2022")
    assert "Признак — повод посмотреть, а не вывод." in answer.text
    assert "Найдено: 1\N{NO-BREAK SPACE}признак." in answer.text
    assert "Из 41 работы у границ отметок ровно на границе 36." in answer.text
    assert "случаев 41 (нужно не меньше 12)" in answer.text
    assert "ожидаемая доля ложных среди признаков не слабее этого: меньше 0,0001 (порог 0,05)" in answer.text
    assert "ложными окажутся в среднем не больше пяти из ста" in answer.text
    assert "случайного совпадения" not in answer.text
    assert "Есть новые результаты" in answer.text


async def test_a_profile_names_factors_signs_and_years(stage: Stage):
    answer = await seen(stage, "/schools/74-school-1?period=2022", "ministry")
    assert answer.status_code == 200
    assert "сравнить не с чем" in answer.text
    assert "Всплеск на границе отметки" in answer.text
    assert '<a href="/results/r1">' in answer.text


async def test_a_wrong_year_is_told_at_its_field_and_a_foreign_school_is_not_found(stage: Stage):
    stage.answers = answers(**{"GET scoring /v1/schools/low-results": refused(422, "unknown-period")})
    wrong = await seen(stage, "/schools?period=soon")
    assert (wrong.status_code, "Введите год, например 2022" in wrong.text) == (422, True)
    stage.answers = answers(**{"GET scoring /v1/schools/74-school-1/risk-profile": refused(404, "school-not-found")})
    assert (await seen(stage, "/schools/74-school-1")).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("expert:e1", 403), ("", 303)])
async def test_strangers_see_no_page_of_schools_and_no_way_to_it(stage: Stage, who: str, status: int):
    answer = await seen(stage, "/schools", who)
    assert answer.status_code == status
    assert not [one for one in stage.asked if "/schools" in one.url.path]
    home = await seen(stage, "/", who)
    assert 'href="/schools"' not in home.text


async def test_a_silent_service_is_said(stage: Stage):
    stage.answers = Services({})
    assert (await seen(stage, "/schools?period=2022")).status_code == 503


MARKS = {"m2": "19", "m3": "20", "m4": "10", "m5": "4"}
SCORES = {f"p{score}": str(score) for score in range(5)}
THRESHOLDS = {"signs": {"spike": {"boundaries": {"oge": [1, 2, 4]}}}}
GIVEN = {**RESULT, "procedure": "oge", "values": {"participants": "53", **MARKS, **SCORES}}


def spread(**values: str | None) -> Spread | None:
    return spread_of({**GIVEN, "values": {**GIVEN["values"], **values}}, Named("oge", "ОГЭ", spiked=True), THRESHOLDS)


def test_a_spread_counts_every_mark_and_score_with_the_borders_between():
    found = spread()
    assert found is not None
    assert (found.marks, found.pupils) == ({2: 19, 3: 20, 4: 10, 5: 4}, 53)
    assert found.scores == {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}
    assert (found.borders, found.marked) == ({1: "«3»", 2: "«4»", 4: "«5»"}, (1, 2, 4))


def test_a_missing_count_draws_no_picture_as_if_it_were_nobody():
    without = spread(m5=None)
    assert without is not None
    assert (without.marks, len(without.scores)) == ({}, 5)
    assert spread(m2=None, p3=None) is None
    nobody = dict.fromkeys((*MARKS, *SCORES), "0")
    assert spread(**nobody) is None
    assert spread_of({**GIVEN, "status": "withdrawn"}, Named("oge", "ОГЭ"), THRESHOLDS) is None


def test_a_profile_speaks_of_the_results_of_its_year_each_once():
    assert results_of(PROFILE) == {"r1": Named("oge", "ОГЭ: русский язык", spiked=True)}
    older = {**PROFILE, "period": "2023", "years": [{**YEAR, "criteria": []}]}
    assert results_of(older) == {}


async def test_the_distribution_of_marks_stands_on_the_profile_with_its_table(stage: Stage):
    stage.answers = answers(**{
        "GET monitoring /v1/results/r1": httpx.Response(200, json=GIVEN),
        "GET scoring /v1/school-thresholds/small": httpx.Response(200, json=THRESHOLDS),
    })  # fmt: skip
    text = (await seen(stage, "/schools/74-school-1?period=2022", "ministry")).text
    assert "отметка «2» — 19\N{NO-BREAK SPACE}учащихся" in text
    assert "звёздочкой отмечены баллы" in text
    assert '<td class="number" data-name="«5»">4</td><td class="number" data-name="Всего">53</td>' in text


@pytest.mark.parametrize("path", ["/schools?period=2022", "/schools/74-school-1?period=2022"])
async def test_a_set_of_thresholds_is_called_by_its_title_where_scoring_tells_it(stage: Stage, path: str):
    assert "Набор порогов: «small»" in (await seen(stage, path)).text
    sets = listed({"id": "small", "title": "Пороги малых школ", "assumed": True})
    stage.answers = answers(**{"GET scoring /v1/school-thresholds": sets})
    assert "Набор порогов: «Пороги малых школ»" in (await seen(stage, path)).text


async def test_a_profile_stands_where_its_results_do_not_answer(stage: Stage):
    answer = await seen(stage, "/schools/74-school-1?period=2022", "ministry")
    assert answer.status_code == 200
    assert 'id="marks"' not in answer.text


@pytest.mark.parametrize(
    ("threshold", "shown"),
    [("1/3", "≈33,3333"), ("2/3", "≈66,6667"), ("0.3", "30"), ("0.125", "12,5"), ("0.005", "0,5"), ("1", "100")],
)
async def test_a_threshold_that_is_no_decimal_number_is_shown_too(stage: Stage, threshold: str, shown: str):
    told = {**VERDICT, "reasons": [{**REASON, "threshold": threshold}]}
    year = {**YEAR, "criteria": [told]}
    profile = {**PROFILE, "years": [year], "factors": [{**PROFILE["factors"][0], **told}]}
    stage.answers = answers(**{
        "GET scoring /v1/schools/low-results": listed({**year, "school": NAMED}),
        "GET scoring /v1/schools/74-school-1/risk-profile": httpx.Response(200, json=profile),
    })  # fmt: skip
    for path in ("/schools", "/schools/74-school-1"):
        answer = await seen(stage, path)
        assert (answer.status_code, f"(порог: не меньше {shown}\N{NO-BREAK SPACE}%)" in answer.text) == (200, True), (
            path
        )


@pytest.mark.parametrize(("percent", "threshold"), [("29.96", "0.3"), ("29.999996", "0.3"), ("30", "0.30000004")])
def test_neither_a_share_nor_its_threshold_is_rounded_across_the_other(percent: str, threshold: str):
    shares = (percent, number_text(Fraction(threshold) * 100))
    shown, bound = (one.replace(".", ",") for one in shares)
    words = reason({**REASON, "state": "neither", "percent": percent, "threshold": threshold})
    assert f"{shown}\N{NO-BREAK SPACE}% (порог: не меньше {bound}\N{NO-BREAK SPACE}%)" in words
