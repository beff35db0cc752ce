"""Regions side by side in the portal: offered where there are several, kept in addresses, none similar to another."""

from typing import Any

import httpx
import pytest

from services.portal.show.region import Region, Unit, region_of
from services.portal.show.situation import read_asked, regions_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import EVERYTHING, OTHER, OWN, SCORE, from_table, place, rating, row
from tests.unit.portal.municipalities import REGION
from tests.unit.portal.trends import PLAIN, trend

BESIDE = Region(
    {
        **REGION.units,
        "66-a": Unit("66-a", "65771000", "Алапаевский МО", "municipal_district", "2014-01-01", population=1),
        "66-b": Unit("66-b", "65772000", "Артинский МО", "municipal_district", "2014-01-01", population=2),
    },
    today=REGION.today,
)


def test_a_region_beside_is_offered_without_the_period_and_the_neighbours_of_this_one():
    asked = read_asked(period="2022", near=OWN, group="results")
    assert regions_of(asked, BESIDE, "74") == [
        ("/?region=66&group=results", "66", False),
        ("/?region=74&group=results", "74", True),
    ]
    assert regions_of(asked, REGION, "74") == []


def test_the_region_stays_in_every_address_of_its_view():
    asked = read_asked(period="2022", region=" 66 ")
    assert asked.address(level="low") == "/?region=66&period=2022&level=low"
    assert asked.of_region == {"region": "66"}
    assert read_asked().of_region == {}


def test_nobody_of_another_region_is_similar():
    assert BESIDE.similar("66-a", 3) == ("66-b",)
    assert not {"66-a", "66-b"} & set(BESIDE.similar(OTHER, len(BESIDE.units)))
    assert region_of("66-a") == {"region": "66"}
    assert region_of("nobody") == {}


ABSENT = {"rows": [], "no_data": [], "region": "74"}
THERE = {"rows": [row("66-a", "Алапаевский МО"), row("66-b", "Артинский МО", rank=2)], "no_data": [], "region": "66"}


@pytest.fixture
def beside(stage: Stage) -> Stage:
    """A portal of two regions, of which 74 is the home one."""

    def rated(request: httpx.Request) -> dict[str, Any]:
        return rating() | (THERE if request.url.params.get("region") == "66" else ABSENT)

    told: dict[str, Any] = {"/v1/ratings/2022": rated, "/v1/trends": trend(PLAIN)}
    told["/v1/scores/66-a"] = SCORE | {"municipality": place("66-a", "Алапаевский МО")}
    stage.app.state.uses.directory.region = BESIDE
    stage.answers = from_table({**EVERYTHING, **told})
    return stage


async def seen(stage: Stage, address: str, who: str = "ministry") -> str:
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_a_page_of_a_municipality_leads_to_the_rating_of_its_own_region(beside: Stage):
    text = await seen(beside, "/municipalities/66-a?period=2022")
    for address in ("/?region=66&amp;period=2022", "/rating.csv?region=66&amp;period=2022"):
        assert f'<a href="{address}"' in text
    assert '<a href="/?region=66&amp;period=2022&amp;near=66-a">' in text


async def test_where_the_region_is_meant_anyway_addresses_stay_short(beside: Stage):
    for told, who in ((OWN, "ministry"), ("66-a", "municipality:66-a")):
        text = await seen(beside, f"/municipalities/{told}?period=2022", who)
        assert '<a href="/?period=2022">' in text
        assert '<a href="/rating.csv?period=2022"' in text
        assert "region=" not in text
    text = await seen(beside, f"/municipalities/{OWN}?period=2022", "municipality:66-a")
    assert '<a href="/?region=74&amp;period=2022">' in text, "of another region than the reader's own"


async def test_who_is_compared_with_similar_ones_is_looked_for_in_its_own_region(beside: Stage):
    text = await seen(beside, "/?period=2022&near=66-a")
    assert "Алапаевский МО и похожие муниципалитеты: 2." in text
    assert 'name="region" value="66"' in text
    text = await seen(beside, "/?period=2022&near=66-a&region=74")
    assert "Алапаевский МО и похожие муниципалитеты: 0." in text, "a name also where it has no row"


async def test_a_trend_of_a_region_keeps_it_in_its_form_and_on_the_way_back(beside: Stage):
    text = await seen(beside, "/trend?until=2022&group=results&region=66")
    assert '<input type="hidden" name="region" value="66">' in text
    assert '<a href="/?region=66&amp;period=2022&amp;group=results">' in text
    text = await seen(beside, "/trend?until=2022")
    assert "region=" not in text
    assert 'name="region"' not in text


@pytest.mark.parametrize("query", ["", "?until=2022", "?until=2022&region=74"])
async def test_the_periods_of_a_trend_are_those_of_its_municipality(beside: Stage, query: str):
    await seen(beside, f"/municipalities/66-a/trend{query}")
    asked = next(one for one in beside.asked if one.url.path == "/v1/periods")
    assert dict(asked.url.params) == {"region": "66"}
