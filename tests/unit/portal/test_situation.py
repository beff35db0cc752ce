"""The situation centre: order, filters and addresses of the table; what stands there when something is missing."""

import httpx
import pytest

from services.portal.show.pictures import region_map
from services.portal.show.situation import ordered, rating_of, read_asked, rows_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import AT, EMPTY, EVERYTHING, FLAG, FLAGGED, OTHER, OWN, from_table, listed, rating
from tests.unit.portal.municipalities import REGION


def ids(**asked: str) -> list[str]:
    return [row.id for row in rating_of(rating(), read_asked(**asked), REGION).rows]


def test_rows_come_by_rank_and_those_without_data_last():
    assert ids() == [OWN, OTHER, "74-uysky-mr", EMPTY]
    assert ids(sort="-points")[-1] == EMPTY
    assert ids(sort="points")[-1] == EMPTY


def test_by_name_everybody_is_in_one_order():
    assert ids(sort="name") == [OWN, EMPTY, OTHER, "74-uysky-mr"]
    assert ids(sort="-name") == ids(sort="name")[::-1]


def test_shares_are_compared_exactly_and_not_as_texts():
    rows = rows_of(rating(), REGION)
    assert [row.points for row in ordered(rows, "points")][:3] == ["23.5", "23.5", "68"]


def test_filters_leave_rows_out_and_tiles_in():
    assert ids(level="low") == [OTHER, "74-uysky-mr"]
    assert ids(level="none") == [EMPTY]
    assert ids(kind="urban_okrug") == [OWN, EMPTY]
    assert ids(q="троицк") == [OTHER, EMPTY]
    assert ids(q="нет такого") == []
    shown = rating_of(rating(), read_asked(level="low"), REGION)
    assert {tile.row.id for tile in shown.tiles if tile.shown} == {OTHER, "74-uysky-mr"}
    assert len(shown.tiles) == 4


def test_what_nobody_offers_counts_as_not_asked():
    asked = read_asked(sort="drop table", level="purple", kind="oblast", group="")
    assert (asked.sort, asked.level, asked.kind, asked.group) == ("rank", "", "", "overall")


def test_an_address_names_only_what_is_unusual():
    asked = read_asked(period="2022", level="low")
    assert asked.address() == "/?period=2022&level=low"
    assert asked.address(level="") == "/?period=2022"
    assert asked.toggled("name") == "/?period=2022&sort=name&level=low"
    assert read_asked(sort="name").toggled("name") == "/?sort=-name"


def test_similar_are_of_the_same_kind_and_nearest_by_population():
    found = REGION.similar(OWN, 3)
    own = REGION.units[OWN]
    others = [one for one in REGION.units.values() if one.kind == own.kind and one.id != OWN]
    nearest = sorted(others, key=lambda one: abs(one.population - own.population))[:3]
    assert set(found) == {one.id for one in nearest}
    assert REGION.similar("99-nowhere", 3) == ()


async def shown(stage: Stage, table: dict[str, object], path: str = "/", who: str = "") -> httpx.Response:
    stage.answers = from_table({**EVERYTHING, **table})
    headers = {"Authorization": stage.token(who)} if who else {}
    async with stage.browser(headers=headers) as browser:
        return await browser.get(path)


async def test_the_public_sees_the_latest_published_period(stage: Stage):
    answer = await shown(stage, {})
    assert answer.status_code == 200
    assert "Ситуационный центр: 2022 год" in answer.text
    assert answer.text.count('<tr id="row-') == 4
    assert 'data-poll="15"' in answer.text
    assert "data-stream" not in answer.text
    assert "по баллам уровень был бы другим" in answer.text
    assert not any(one.url.path == "/v1/inbox" for one in stage.asked)


def filled(*scored: tuple[str, int | None]) -> dict[str, object]:
    periods = [
        {"period": one, "public": False, "data_at": AT, "scored": number, "municipalities": number and 43}
        for one, number in scored
    ]
    return {"items": periods, "next": None}


def asked_for(stage: Stage) -> list[str]:
    return [one.url.path.rpartition("/")[2] for one in stage.asked if "/ratings/" in one.url.path]


@pytest.mark.parametrize(
    ("periods", "begun"),
    [
        ([("2023", 2), ("2022", 43)], "2022"),
        ([("2023", 22), ("2022", 43)], "2023"),
        ([("2023", 2), ("2022", 1)], "2023"),
        ([("2023", None), ("2022", 43)], "2023"),
    ],
    ids=["one result of a new year", "half of the region", "nothing better", "an edition, as the public sees it"],
)
async def test_a_page_begins_with_the_latest_period_that_most_have_a_score_in(
    stage: Stage, periods: list[tuple[str, int | None]], begun: str
):
    told = {"/v1/periods": filled(*periods), f"/v1/ratings/{begun}": rating() | {"period": begun}}
    answer = await shown(stage, told, who="ministry")
    assert f"Ситуационный центр: {begun} год" in answer.text
    assert asked_for(stage) == [begun]
    await shown(stage, told, f"/municipalities/{OWN}", who="ministry")
    assert set(asked_for(stage)) == {begun}


async def test_a_period_with_few_scores_is_called_so(stage: Stage):
    told = {"/v1/periods": filled(("2023", 2), ("2022", 43)), "/v1/ratings/2023": rating() | {"period": "2023"}}
    usual = (await shown(stage, told, who="ministry")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert '<a href="/?period=2023">2023 год</a>: оценка пока есть у 2 из 43 муниципалитетов.' in usual
    named = (await shown(stage, told, "/?period=2023", who="ministry")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert '<p class="notice">За 2023 год оценка пока есть у 2 из 43 муниципалитетов' in named


async def test_a_draft_is_offered_of_full_periods_first_and_the_others_say_how_far_they_have_come(stage: Stage):
    told = {"/v1/periods": filled(("2023", 2), ("2022", 43)), "/v1/editions": listed()}
    text = (await shown(stage, told, "/editions", who="regional_operator")).text.replace("\N{NO-BREAK SPACE}", " ")
    full = text.index('<option value="2022">2022</option>')
    assert text.index('<option value="2023">2023 — оценка пока есть у 2 из 43 муниципалитетов</option>') > full


def between() -> dict[str, object]:
    """A rating in which one municipality has a percent that is in no band."""
    told = rating()
    told["rows"][2] |= {"level": None, "percent": 29, "rank": 3}
    return told


def test_a_score_without_a_level_is_a_score():
    found = rating_of(between(), read_asked(), REGION)
    assert [row.id for row in found.rows] == [OWN, OTHER, "74-uysky-mr", EMPTY]
    assert found.counts == {"above_average": 1, "low": 1, "undefined": 1, "none": 1}
    undefined = rating_of(between(), read_asked(level="undefined"), REGION)
    assert [row.id for row in undefined.rows] == ["74-uysky-mr"]
    drawn = region_map(found.tiles, "2022")
    assert "Уйский МР: 29\N{NO-BREAK SPACE}%, уровень не определён, 3-е место" in drawn
    assert "без уровня" in drawn
    assert drawn.count("нет данных") == 2  # of the one without data: its title and its tile


async def test_the_page_shows_the_points_of_a_score_without_a_level(stage: Stage):
    answer = await shown(stage, {"/v1/ratings/2022": between()})
    line = answer.text.partition('<tr id="row-74-uysky-mr"')[2].partition("</tr>")[0]
    assert "29\N{NO-BREAK SPACE}%" in line
    assert "23,5 из 95" in line
    assert '<span class="level undefined">уровень не определён</span>' in line
    assert 'id="level-undefined"' in answer.text


async def test_the_page_says_what_counts_without_permission(stage: Stage):
    told = rating()
    assert "не разрешена" not in (await shown(stage, {"/v1/ratings/2022": told})).text
    assert FLAGGED in (await shown(stage, {"/v1/ratings/2022": told | {"flags": [FLAG]}})).text


async def test_staff_see_the_feed_and_the_stream(stage: Stage):
    answer = await shown(stage, {}, who="ministry")
    assert 'data-stream="/stream"' in answer.text
    assert "общая оценка за 2022 год" in answer.text
    assert all(one.headers["authorization"].startswith("Bearer ") for one in stage.asked)


async def test_an_unchanged_page_is_not_sent_again(stage: Stage):
    first = await shown(stage, {})
    async with stage.browser(headers={"If-None-Match": first.headers["etag"]}) as browser:
        again = await browser.get("/")
        stage.answers = from_table({**EVERYTHING, "/v1/ratings/2022": rating(change={"rank": 1, "percent": 2})})
        changed = await browser.get("/")
    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)


async def test_a_change_since_the_edition_is_signed(stage: Stage):
    answer = await shown(stage, {"/v1/ratings/2022": rating(change={"rank": -2, "percent": 3}, edition="e1")})
    assert "+3 п. п." in answer.text
    assert "на 2\N{NO-BREAK SPACE}места выше" in answer.text
    lost = await shown(stage, {"/v1/ratings/2022": rating(change={"rank": 3, "percent": -3}, edition="e1")})
    assert "на 3\N{NO-BREAK SPACE}места ниже" in lost.text
    told = 'Опубликованная редакция: <a href="/editions/e1">e1</a>; изменение — по сравнению с предыдущей.'
    assert told in answer.text


async def test_the_first_edition_has_no_column_of_changes(stage: Stage):
    text = (await shown(stage, {"/v1/ratings/2022": rating(edition="e1")})).text
    assert 'Опубликованная редакция: <a href="/editions/e1">e1</a>.' in text
    assert "пока её нет" not in text
    assert 'data-name="Изменение"' not in text
    assert 'id="sort-change"' not in text
    assert 'colspan="3"' in text
    assert "пока её нет" in (await shown(stage, {"/v1/ratings/2022": rating()})).text


async def test_a_live_rating_beside_an_edition_does_not_say_that_there_is_none(stage: Stage):
    live = rating(change={"rank": -2, "percent": 3})
    for path in ("/", "/?q=уйский"):
        text = (await shown(stage, {"/v1/ratings/2022": live}, path, "ministry")).text
        assert 'Текущие данные; изменение — по сравнению с опубликованной <a href="/editions">редакцией</a>.' in text
        assert "не опубликована" not in text
        assert "пока её нет" not in text
    alone = (await shown(stage, {"/v1/ratings/2022": rating()}, who="ministry")).text
    assert "Текущие данные: редакция рейтинга не опубликована." in alone


async def test_the_public_is_led_to_the_editions(stage: Stage):
    assert '<a href="/editions">Редакции</a>' in (await shown(stage, {})).text


@pytest.mark.parametrize(
    ("table", "path", "told"),
    [
        ({"/v1/periods": listed()}, "/", (200, "Опубликованных рейтингов пока нет")),
        ({"/v1/periods": None}, "/", (503, "Оценка: баллы, уровни, рейтинги: нет ответа")),
        ({"/v1/ratings/2022": None}, "/?period=2022", (503, "Часть сведений сейчас недоступна")),
        ({"/v1/ratings/2022": 401}, "/?period=2022", (401, "Этот период не опубликован")),
        ({}, "/?period=2022&level=high", (200, "не подходит ни один муниципалитет")),
        ({}, "/?period=1999", (404, "Отказано: 404")),
    ],
)
async def test_what_is_missing_is_said_in_its_place(
    stage: Stage, table: dict[str, object], path: str, told: tuple[int, str]
):
    status, words = told
    answer = await shown(stage, table, path)
    assert answer.status_code == status
    assert ("etag" in answer.headers) == (status == 200)
    assert words in answer.text
    assert answer.text.count("<h1") == 1


async def test_a_name_is_never_markup(stage: Stage):
    table = rating()
    table["rows"][0]["municipality"]["name"] = "<script>alert(1)</script>"
    answer = await shown(stage, {"/v1/ratings/2022": table}, "/?q=%22%3E%3Cscript%3E")
    assert "<script>alert" not in answer.text
    assert '"><script>' not in answer.text


async def test_the_table_can_be_taken_along_as_scoring_writes_it(stage: Stage):
    stage.answers = lambda request: httpx.Response(
        200,
        text="rank,id\r\n1,x\r\n",
        headers={"content-type": request.headers["accept"], "content-disposition": 'attachment; filename="r.csv"'},
    )
    async with stage.browser() as browser:
        answer = await browser.get("/rating.csv?period=2022&group=results")
    assert (answer.text, answer.headers["content-type"]) == ("rank,id\r\n1,x\r\n", "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="r.csv"'
    assert dict(stage.asked[0].url.params) == {"group": "results"}


async def test_who_has_no_place_on_the_map_is_named_under_it(stage: Stage):
    whole = rating()
    whole["rows"].append(
        {**whole["rows"][1], "municipality": {"id": "74-new", "name": "Новый МО", "oktmo": "75990001"}}
    )
    stage.answers = from_table({**EVERYTHING, "/v1/ratings/2022": whole})
    async with stage.browser() as browser:
        assert "Нет места на карте: Новый МО." in (await browser.get("/?period=2022")).text
        assert "Нет места на карте" not in (await browser.get("/?period=2022&q=троицкий")).text


async def test_who_cannot_load_anything_is_not_told_to(stage: Stage):
    empty = {"/v1/periods": listed(), "/v1/inbox": listed()}
    ministry, expert = [(await shown(stage, empty, who=who)).text for who in ("ministry", "expert:e1")]
    assert "./rsoko load region" in ministry
    assert 'href="/results/new">внести</a>' in ministry
    assert "Результатов пока нет" in expert
    assert "rsoko" not in expert
    assert 'href="/results/new"' not in expert


def test_equal_rows_stand_by_name_in_both_directions():
    rows = rows_of(rating(), REGION)
    twins = {OTHER, "74-uysky-mr"}
    for sort in ("rank", "-rank", "points", "-points", "level", "-level", "change", "-change", "date", "-date"):
        assert [row.id for row in ordered(rows, sort) if row.id in twins] == [OTHER, "74-uysky-mr"], sort


def test_a_tile_without_a_day_of_its_data_says_none():
    told = rating()
    told["rows"][0]["data_at"] = None
    drawn = region_map(rating_of(told, read_asked(), REGION).tiles, "2022")
    assert "выше среднего, 1-е место</title>" in drawn
    assert "данные на —" not in drawn
