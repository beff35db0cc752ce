"""A school's profile by years: a way to each of them, and nothing said of a year of which nothing is known."""

from typing import Any

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.test_schools_pages import PROFILE, VERDICT, YEAR, answers, seen

SILENT = {**VERDICT, "state": "no_data", "reasons": []}
EMPTY = {**YEAR, "period": "2023", "participants": None, "levels": [], "criteria": [SILENT]}
FINE = {**YEAR, "criteria": [{**VERDICT, "state": "neither"}]}


async def profile(stage: Stage, address: str = "/schools/74-school-1", **more: Any) -> str:
    told = httpx.Response(200, json={**PROFILE, "signs": [], "factors": [], **more})
    stage.answers = answers(**{"GET scoring /v1/schools/74-school-1/risk-profile": told})
    return " ".join((await seen(stage, address, "ministry")).text.split())


async def test_a_profile_leads_to_the_other_years_and_keeps_the_list_one_came_from(stage: Stage):
    text = await profile(stage, "/schools/74-school-1?period=2022&shown=strong", periods=["2023", "2022", "2021"])
    assert 'href="/schools/74-school-1?period=2023&amp;shown=strong">2023 год</a>' in text
    assert 'href="/schools/74-school-1?period=2022&amp;shown=strong" aria-current="true">2022 год</a>' in text


async def test_a_year_without_data_is_said_to_have_none_and_what_is_not_found_names_its_years(stage: Stage):
    text = await profile(stage, period="2023", years=[EMPTY, FINE])
    assert "За 2023 год данных от школы нет: ниже то, что известно из двух лет до него (2022 год)." in text
    assert "Ни по одному критерию (2022 год)." in text
    assert "Не найдены (2022 год)." in text


@pytest.mark.parametrize("years", [[EMPTY], [EMPTY, {**EMPTY, "period": "2022"}]])
async def test_where_nothing_is_known_nothing_is_said_to_be_absent(stage: Stage, years: list[Any]):
    text = await profile(stage, period="2023", years=years)
    assert "За 2023 год данных от школы нет." in text
    assert "Судить не по чему: данных для критериев нет." in text
    assert "Искать не в чем: данных нет." in text
    assert "Ни по одному критерию" not in text


async def test_a_year_with_data_needs_no_such_words_and_one_year_no_choice(stage: Stage):
    text = await profile(stage, years=[FINE], periods=["2022"])
    assert "данных от школы нет" not in text
    assert 'aria-label="Годы"' not in text
