"""Pages of the expert community: values with their items in words, unknown is no zero, nothing for strangers."""

from typing import Any

import httpx
import pytest

from services.portal.show.community import compared, told_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, Services, listed, refused

NAMED = {"id": OWN, "name": "Златоустовский ГО", "oktmo": "75712000"}
AT = f"/municipalities/{OWN}/community"
DOOR = f"GET scoring /v1/expert-community/{OWN}"


def line(number: int, **more: Any) -> dict[str, Any]:
    told = {"what": f"Запись {number} <b>", "id": f"i{number}", "date": "2022-06-01", "source": "приказ № 5"}
    return told | {"origin": "reported", "reported_by": None} | more


def part(title: str, *lines: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "count": len(lines), "items": list(lines)}


def indicator(code: str, kind: str, state: str = "scored", **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": code, "criterion": "organization", "criterion_title": "Механизм", "title": f"Показатель {code}",
        "kind": kind, "unit": "единиц", "state": state, "reason": None, "value": None, "percent": None,
        "counted": None, "of": None, "year_before": None, "point": "показатель 1", "threshold": None,
        "numerator": None, "denominator": None, "before": None, "unreported": [],
    }  # fmt: skip
    return told | more


HELD = line(3, origin="event", id="r1", date="")
COUNT = indicator("E1", "count", value="21", counted=21, numerator=part("документы", line(1)))
SHARE = indicator(
    "E2", "share", value="1/3", percent=33, counted=1, of=3, unreported=["r1"],
    numerator=part("из них с экспертами", line(1)), denominator=part("все процедуры", line(1), line(2), HELD),
)  # fmt: skip
LINKS = part("ссылки")
FALL = indicator("E9", "difference", value="-3", counted=2, year_before=5, numerator=LINKS, before=LINKS)
UNTOLD = indicator("E4", "share", "no_data", counted=0, of=0, reason="сведений нет",
                   numerator=part("из них"), denominator=part("все"))  # fmt: skip
UNSAID = UNTOLD | {"of": 15}
EMPTY = indicator("E5", "share", "not_applicable", counted=0, of=0, reason="знаменатель пуст")


def body(*indicators: dict[str, Any]) -> dict[str, Any]:
    left = {**HELD, "what": "Всероссийская процедура", "reason": "не внутрирегиональная"}
    return {"municipality": NAMED, "year": 2022, "source": "Концепция", "indicators": indicators, "left_out": [left]}


ALL = body(COUNT, SHARE, UNTOLD, EMPTY, FALL)


@pytest.fixture(autouse=True)
def services(stage: Stage) -> None:
    csv = httpx.Response(200, content=b"code\r\n", headers={"content-type": "text/csv", "etag": '"x"'})
    stage.answers = Services({
        "GET scoring /v1/periods": listed({"period": "2021-2022"}),
        DOOR: lambda asked: csv if asked.headers["accept"] == "text/csv" else httpx.Response(200, json=ALL),
        "GET scoring /v1/expert-community": listed(ALL),
    })  # fmt: skip


async def seen(stage: Stage, path: str, who: str = f"municipality:{OWN}") -> httpx.Response:
    headers = {"Authorization": stage.token(who)} if who else {}
    async with stage.browser(headers=headers) as browser:
        return await browser.get(path)


def test_values_are_counted_in_words():
    one, two, *_, nine = told_of(ALL).indicators
    assert (one.value, one.above, one.below) == ("21\N{NO-BREAK SPACE}единица", "21", "—")
    assert (two.value, two.above, two.below) == ("33\N{NO-BREAK SPACE}%", "1", "3")
    assert (nine.value, nine.beside) == ("−3\N{NO-BREAK SPACE}единицы", "2 за 2022 год, 5 за 2021 год")
    grown = told_of(body(FALL | {"value": "5"})).indicators[0]
    assert grown.value == "+5\N{NO-BREAK SPACE}единиц"
    assert [cell.beside for cell in compared(ALL).cells] == ["", "1 из 3", "", "", "5 → 2"]


async def test_of_few_specialists_of_another_no_number_is_shown_and_why(stage: Stage):
    few = SHARE | dict.fromkeys(("value", "percent", "counted", "of"))
    stage.answers = Services({
        "GET scoring /v1/periods": listed({"period": "2021-2022"}),
        "GET scoring /v1/expert-community": listed(body(COUNT, few)),
    })  # fmt: skip
    page = (await seen(stage, "/community?year=2022", "municipality:other")).text
    assert '<span class="soft" aria-hidden="true">&lt;5</span>' in page
    assert '<span class="unseen">мало специалистов: не показывается</span>' in page


def test_what_nobody_told_is_no_zero_and_an_empty_denominator_is_one():
    untold, unsaid, empty = told_of(body(UNTOLD, UNSAID, EMPTY)).indicators
    assert (untold.value, untold.above, untold.below) == ("", "—", "—")
    assert (unsaid.above, unsaid.below) == ("—", "15"), "how many were held is known"
    assert (empty.value, empty.above, empty.below) == ("", "0", "0")


def test_each_item_of_a_denominator_says_whether_it_is_in_the_numerator():
    [items] = [one.items for one in told_of(ALL).indicators[1].parts]
    assert [(one.id, one.counted, one.unsaid) for one in items] == [
        ("i1", True, False),
        ("i2", False, False),
        ("r1", False, True),
    ]


async def test_a_page_opens_every_indicator_to_its_items(stage: Stage):
    answer = await seen(stage, AT)
    assert answer.status_code == 200
    for told in ("Запись 1 &lt;b&gt;", '<a href="/results/r1">', "не сообщено", "не внутрирегиональная", "нет данных"):
        assert told in answer.text
    assert dict(stage.asked[-1].url.params) == {"year": "2022"}, "of a school year the one that it ends in"


async def test_a_year_without_anything_says_so_and_shows_no_empty_lists(stage: Stage):
    stage.answers = Services({DOOR: httpx.Response(200, json=body(UNTOLD) | {"left_out": []})})
    answer = await seen(stage, f"{AT}?year=2019")
    assert "сведения не внесены" in answer.text
    assert "PUT /v1/expert-community" in answer.text, "its own people are told how"
    assert "<details>" not in answer.text
    stage.answers = Services({DOOR: httpx.Response(200, json=body(EMPTY | {"state": "did_not_exist"}))})
    assert "муниципалитета не было: считать нечего" in (await seen(stage, f"{AT}?year=2014")).text


async def test_a_wrong_year_is_told_at_its_field(stage: Stage):
    for door, path in ((DOOR, AT), ("GET scoring /v1/expert-community", "/community")):
        stage.answers = Services({door: refused(422, "invalid-request")})
        answer = await seen(stage, f"{path}?year=soon")
        assert (answer.status_code, "Введите год, например 2022" in answer.text) == (422, True)


async def test_a_refusal_and_a_silent_service_are_said(stage: Stage):
    stage.answers = Services({DOOR: refused(404, "municipality-not-found")})
    assert (await seen(stage, f"{AT}?year=2022")).status_code == 404
    stage.answers = Services({})
    assert (await seen(stage, f"{AT}?year=2022")).status_code == 503
    assert (await seen(stage, "/community?year=2022")).status_code == 503
    assert (await seen(stage, f"{AT}.csv?year=2022")).status_code == 503


async def test_a_table_is_taken_along(stage: Stage):
    answer = await seen(stage, f"{AT}.csv?year=2022")
    assert (answer.content, answer.headers["etag"]) == (b"code\r\n", '"x"')


async def test_a_municipality_sees_all_beside_its_own_and_opens_only_its_own(stage: Stage):
    other = {**ALL, "municipality": {**NAMED, "id": "74-other", "name": "Другой МР"}}
    stage.answers = Services({"GET scoring /v1/expert-community": listed(ALL, other)})
    answer = await seen(stage, "/community?year=2022")
    assert f'href="{AT}?year=2022"' in answer.text
    assert "Другой МР" in answer.text
    assert "74-other" not in answer.text
    staff = await seen(stage, "/community?year=2022", "ministry")
    assert 'href="/municipalities/74-other/community?year=2022"' in staff.text


@pytest.mark.parametrize(("who", "status"), [("expert:e1", 403), ("organization:o1", 403), ("", 303)])
async def test_strangers_see_no_page_and_no_way_to_it(stage: Stage, who: str, status: int):
    for path in ("/community", AT):
        assert (await seen(stage, path, who)).status_code == status
    assert not [one for one in stage.asked if "expert-community" in one.url.path]
    assert 'href="/community"' not in (await seen(stage, "/", who)).text
