"""Municipalities as the registry tells them: reforms, codes of every year, an absent registry, how long it is kept."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.portal.directory import KEPT, Directory
from services.portal.show.region import read_region
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import Services, listed, monitoring
from tests.unit.portal.municipalities import TODAY, named, told

UNION = "74-pridumanny-soyuz"
REFORM = [
    told(UNION, named("Союз МО", "75990003", since="2025-01-01"), population=20_000),
    told("74-alfa", named("Альфа МО", "75990001", since="2010-01-01", until="2025-01-01"), population=20_500),
    told("74-beta", named("Бета МО", "75990002", since="2010-01-01"), population=30_000),
    told("74-gamma", named("Гамма МО", "75990009", since="2027-01-01"), population=1),
    told("74-delta", named("Дельта МР", "75990004", "municipal_district", since="2010-01-01", until="2024-01-01"),
         named("Дельта МО", "75990005", since="2024-01-01")),
]  # fmt: skip


@pytest.fixture
def late(stage: Stage) -> Stage:
    """A portal that has asked nobody yet."""
    portal = stage.app.state.uses
    object.__setattr__(portal, "directory", Directory(lambda: stage.now, {"74-delta": (3, 4)}))
    return stage


def registry(*items: Any) -> dict[str, Any]:
    return {"GET registry /v1/municipalities": listed(*items)}


def asked(stage: Stage) -> int:
    return sum(one.url.path == "/v1/municipalities" for one in stage.asked)


async def choose(stage: Stage, code: str = "") -> str:
    headers = {"Authorization": stage.token("ministry")}
    async with stage.browser(headers=headers) as browser:
        return (await browser.get(f"/results/new?procedure=vpr&municipality={code}&period=2026")).text


async def test_a_municipality_of_a_reform_is_chosen_and_found_by_any_of_its_codes(late: Stage):
    late.answers = Services(monitoring() | registry(*REFORM))
    assert f'<option value="{UNION}">Союз МО</option>' in await choose(late)
    for code in ("75990004", "75990005", "74-delta"):
        assert "<dt>О ком</dt><dd>Дельта МО</dd>" in await choose(late, code)


async def test_own_people_are_called_by_the_name_of_today(late: Stage):
    late.answers = Services(monitoring() | registry(*REFORM))
    async with late.browser(headers={"Authorization": late.token("municipality:74-delta")}) as browser:
        assert "МОУО: Дельта МО" in (await browser.get("/results/new")).text


async def test_the_registry_is_asked_again_when_what_it_told_is_old(late: Stage):
    late.answers = Services(monitoring() | registry(*REFORM[1:]))
    assert UNION not in await choose(late)
    late.answers = Services(monitoring() | registry(*REFORM))
    assert UNION not in await choose(late)
    assert asked(late) == 1
    late.now += KEPT
    await choose(late)
    await late.app.state.uses.directory._reading
    assert UNION in await choose(late)
    assert asked(late) == 2


async def test_all_pages_are_read(late: Stage):
    def pages(request: httpx.Request) -> httpx.Response:
        last = request.url.params.get("cursor") == "further"
        return listed(REFORM[0]) if last else listed(*REFORM[1:], next="further")

    late.answers = Services(monitoring() | {"GET registry /v1/municipalities": pages})
    assert f'<option value="{UNION}">' in await choose(late)


async def test_an_absent_registry_takes_nothing_with_it_and_is_asked_again_soon(late: Stage):
    late.answers = Services(monitoring())
    assert "<h1>Внести результат</h1>" in await choose(late)
    late.answers = Services(monitoring() | registry(*REFORM))
    late.now += timedelta(seconds=1)
    assert UNION in await choose(late)
    late.answers = Services(monitoring())
    late.now += KEPT
    assert UNION in await choose(late)
    await late.app.state.uses.directory._reading
    assert UNION in await choose(late)


async def test_many_at_once_ask_once(late: Stage):
    late.answers = Services(monitoring() | registry(*REFORM))
    await asyncio.gather(*(choose(late) for _ in range(5)))
    assert asked(late) == 1


async def test_reading_ends_with_the_portal():
    begun = asyncio.Event()

    async def never(*_: Any, **__: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    class Silent:
        get = staticmethod(never)

    directory = Directory(lambda: datetime.now(UTC), {})
    waiting = asyncio.create_task(directory.fresh(Silent()))
    await begun.wait()
    await directory.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_a_code_is_of_whoever_holds_it_then_of_the_last_then_of_the_next():
    first = told("a", named("А", "75000001", since="2010-01-01", until="2015-01-01"))
    second = told("b", named("Б", "75000001", since="2016-01-01", until="2020-01-01"))
    third = told("c", named("В", "75000001", since="2027-01-01"))
    region = read_region([third, first, second], {}, TODAY)
    assert region.named("75000001") == "b"
    assert read_region([third, first], {}, date(2028, 1, 1)).named("75000001") == "c"
    assert read_region([third], {}, TODAY).named("75000001") == "c"
    assert region.named("75000009") == "75000009"


def test_a_code_is_of_its_last_bearer_in_the_period_that_a_page_is_about():
    """A union keeps the code of one of its districts: the services read it so, and the page's name agrees with them."""
    old = told("74-old", named("Старый", "75654000", since="2006-01-01", until="2025-01-01"))
    union = told("74-union", named("Союз", "75654000", since="2025-01-01"))
    region = read_region([old, union], {}, TODAY)
    found = {
        period: region.named("75654000", period) for period in ("2024", "2025", "2023-2024", "2024-2025", "", "нет")
    }
    assert found == {
        "2024": "74-old", "2025": "74-union", "2023-2024": "74-old", "2024-2025": "74-union", "": "74-union",
        "нет": "74-union",
    }  # fmt: skip
    assert region.named("74-union", "2024") == "74-union", "an id is an id"


@pytest.mark.parametrize(
    "address",
    [
        "/municipalities/75654000?period=2024",
        "/municipalities/75654000/trend?until=2024",
        "/municipalities/75654000/trend.csv?until=2024",
        "/municipalities/75654000/compare?period=2024&with_period=2023",
        "/municipalities/75654000/community?year=2024",
    ],
)
async def test_pages_ask_about_the_bearer_of_their_period(late: Stage, address: str):
    old = told("74-old", named("Старый", "75654000", since="2006-01-01", until="2025-01-01"))
    late.answers = Services(registry(old, told("74-union", named("Союз", "75654000", since="2025-01-01"))))
    async with late.browser(headers={"Authorization": late.token("ministry")}) as browser:
        await browser.get(address)
    about = [str(one.url) for one in late.asked if one.url.host == "scoring.test"]
    assert any("74-old" in one for one in about), about
    assert not any("74-union" in one or "75654000" in one for one in about), about


def test_similar_are_those_that_are_there_today():
    region = read_region(REFORM, {}, TODAY)
    assert region.similar(UNION, 6) == ("74-beta",)
    assert region.similar("74-delta", 6) == ()


def test_who_is_not_there_today_is_offered_with_the_day():
    choices = dict(read_region(REFORM, {}, TODAY).choices())
    assert choices["74-alfa"] == "Альфа МО (до 01.01.2025)"
    assert choices["74-gamma"] == "Гамма МО (с 01.01.2027)"
    assert choices["74-delta"] == "Дельта МО"


def test_a_place_that_the_registry_tells_counts_before_the_regions_own():
    places = {"74-delta": (3, 4), UNION: (1, 1)}
    told_too = [{**REFORM[0], "tile_col": 7, "tile_row": 8}, REFORM[4], REFORM[2]]
    region = read_region(told_too, places, TODAY)
    assert [region.units[one].place for one in (UNION, "74-delta", "74-beta")] == [(7, 8), (3, 4), None]
