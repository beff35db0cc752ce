"""Two regions in one installation: each has its own ranks, scale, periods, editions; nobody moves a neighbour."""

from base64 import urlsafe_b64decode
from typing import Any

import httpx
import pytest

from services.scoring.domain.league import League
from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.events import EditionDrafted, RatingChanged, ScaleMoved, ScoreDrafted
from services.scoring.store import Store, kept_home
from services.scoring.usecases import Scoring
from shared.mongo import Database, DeleteOne, UpdateOne
from shared.policy import Actor
from shared.settings import SettingsWrong
from shared.testing import FrozenClock
from tests.integration.scoring.conftest import ACTORS, NewWorker
from tests.integration.scoring.publication.conftest import ACT, DRAFTED, People, code
from tests.integration.scoring.told import outbox, take
from tests.unit.scoring.compared import compared
from tests.unit.scoring.made import fact

HOME, OTHER = League("74", "2022"), League("66", "2022")
NAMES = {"74-a": "Ашинский", "74-b": "Белый", "66-a": "Алапаевский", "66-b": "Байкаловский"}
PATH = "/v1/ratings/2022"


@pytest.fixture
def home() -> str:
    return "74"


@pytest.fixture
async def scoring(new_worker: NewWorker) -> Scoring:
    """A process whose edition compares municipalities."""
    worker = new_worker()
    await worker.start()
    await worker.methodologies.put("compared", compared())
    return worker


@pytest.fixture(autouse=True)
async def region(scoring: Scoring, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The home region: two municipalities with results."""
    monkeypatch.setitem(ACTORS, "of-66", Actor("municipality", "of-66-a", {"municipality": "66-a"}))
    monkeypatch.setitem(ACTORS, "school-66", Actor("organization", "of-school", {"organization": "66-school"}))
    await scoring.batches.take(None, News((), [named(one) for one in NAMES if one.startswith("74")]))
    await take(scoring, of("74-a", "5"), of("74-b", "4"))
    await scoring.telling.tell_rating(HOME)
    clock.now = DRAFTED


def named(one: str) -> Municipality:
    code = f"{one[:2]}70{ord(one[-1])}000"
    return Municipality(one, 1, one[:2], (Named(NAMES[one], code, "2014-01-01"),))


def of(municipality: str, value: str, revision: int = 1) -> Any:
    values = {"i1": "0", "i2": value}
    return fact(f"r-{municipality}", revision, municipality=municipality, values=values)


async def beside(scoring: Scoring) -> None:
    """Another region comes, with better results, and moves a best of its own."""
    await scoring.batches.take(None, News((), [named(one) for one in NAMES if one.startswith("66")]))
    await take(scoring, of("66-a", "50"))
    await take(scoring, of("66-b", "100"))
    await scoring.telling.tell_rating(OTHER)


async def seen(people: People, *paths: str) -> list[bytes]:
    return [(await people.ask("ministry", "GET", path)).raise_for_status().content for path in paths]


AT_HOME = (
    PATH, f"{PATH}?group=first", f"{PATH}?as_of=2023-01-20T00:00:00Z", "/v1/periods", "/v1/scores/74-b?period=2022",
    "/v1/scores/74-b/explain?period=2022", "/v1/scores/74-b/history", "/v1/scores/74-b/next-level?target=rank",
    "/v1/scores/74-b/compare?with=74-a&to=2023-01-20T00:00:00Z", "/v1/trends", "/v1/trends?municipality=74-b",
    "/v1/scales/2022", "/v1/expert-community?year=2022",
)  # fmt: skip


async def test_a_region_beside_changes_no_byte_of_what_the_home_region_is_shown(people: People, scoring: Scoring):
    before = await seen(people, *AT_HOME)
    await beside(scoring)
    assert dict(zip(AT_HOME, await seen(people, *AT_HOME), strict=True)) == dict(zip(AT_HOME, before, strict=True))
    assert await scoring.recounts.verify() == []
    assert (await scoring.recounts.rebuild()).changed == 0
    assert await seen(people, *AT_HOME) == before


async def test_municipalities_are_grouped_with_those_of_their_region(people: People, scoring: Scoring):
    await take(scoring, *(of(f"74-{one}", str(number)) for number, one in enumerate("cdefghijklm", start=1)))
    path = "/v1/clusters?period=2022&of=municipalities&k=2"
    [before] = await seen(people, path)
    await beside(scoring)
    assert await seen(people, path) == [before]
    told = await people.ask("ministry", "GET", f"{path}&region=66")
    assert (code(told)[0], "66-a" in before.decode()) == (422, False)


async def test_what_if_is_among_the_own_region(people: People, scoring: Scoring):
    await beside(scoring)
    body = {"period": "2022", "values": {"first": {"i1": 0, "i2": 10}}}
    told = (await people.ask("ministry", "POST", "/v1/scores/74-b/what-if", body)).raise_for_status().json()
    assert [told[side]["overall"]["rank"] for side in ("before", "after")] == [2, 1]
    assert told["after"]["procedures"]["first"]["points"] == "2"


async def test_each_region_is_ranked_by_itself_and_told_by_itself(people: People, scoring: Scoring, empty: Database):
    await beside(scoring)
    told = (await people.ask("ministry", "GET", f"{PATH}?region=66")).raise_for_status().json()
    assert (told["region"], [(row["rank"], row["municipality"]["id"]) for row in told["rows"]]) == (
        "66",
        [(1, "66-b"), (2, "66-a")],
    )
    ratings = [
        (one["region"], one["period"], one["moved"], one["url"]) for one in await outbox(empty, RatingChanged.TYPE)
    ]
    assert ratings == [
        ("74", "2022", 2, "/v1/ratings/2022?group=overall&region=74"),
        ("66", "2022", 2, "/v1/ratings/2022?group=overall&region=66"),
    ]
    [moved] = await outbox(empty, ScaleMoved.TYPE)
    assert (moved["region"], moved["number"], moved["scores_changed"]) == ("66", 1, 1)
    for path, count in (("/v1/scales/2022", 0), ("/v1/scales/2022?region=66", 1)):
        assert len((await people.ask("ministry", "GET", path)).json()["items"]) == count
    [row] = (await people.ask("ministry", "GET", moved["url"])).raise_for_status().json()["differences"]
    assert row["municipality"]["id"] == "66-a"


async def test_the_region_is_the_readers_own_where_none_is_named(people: People, scoring: Scoring):
    await beside(scoring)
    for who, region in (("ministry", "74"), ("m1", "74"), ("of-66", "66")):
        assert (await people.ask(who, "GET", PATH)).raise_for_status().json()["region"] == region
        [period] = (await people.ask(who, "GET", "/v1/periods")).json()["items"]
        assert (period["region"], period["municipalities"]) == (region, 2)
    assert (await people.ask("of-66", "GET", f"{PATH}?region=74")).json()["region"] == "74"
    assert (await people.ask("school-66", "GET", f"{PATH}?region=66")).status_code == 403


@pytest.mark.parametrize("path", [PATH, "/v1/periods", "/v1/trends", "/v1/editions", "/v1/scales/2022"])
async def test_an_unknown_region_is_refused_and_the_known_ones_are_named(people: People, scoring: Scoring, path: str):
    await beside(scoring)
    told = await people.ask("ministry", "GET", f"{path}?region=99")
    assert code(told) == (404, "region-not-found")
    assert "загружены регионы: 66, 74" in told.json()["detail"]


async def test_periods_are_those_of_the_region(people: People, scoring: Scoring):
    await beside(scoring)
    await take(scoring, fact("other", municipality="66-a", period="2021", values={"i1": "0", "i2": "1"}))
    assert [one["period"] for one in (await people.ask("ministry", "GET", "/v1/periods")).json()["items"]] == ["2022"]
    told = await people.ask("ministry", "GET", "/v1/ratings/2021")
    assert (code(told), told.json()["detail"]) == (
        (404, "period-not-found"),
        "«2021»: баллов нет. Периоды, которые вам видны: GET /v1/periods.",
    )


async def drafted(people: People, **more: str) -> dict[str, Any]:
    body = {"period": "2022", "reply_until": people.clock.now.date().isoformat(), **more}
    return (await people.ask("operator", "POST", "/v1/editions", body)).raise_for_status().json()


async def published(people: People, edition: dict[str, Any]) -> dict[str, Any]:
    people.clock.move(days=2)
    frozen = (await people.act("ministry", edition, "freeze")).raise_for_status().json()
    people.clock.move(days=20)
    return (await people.act("ministry", frozen, "publish", ACT)).raise_for_status().json()


async def test_each_region_has_its_own_edition_of_a_period(people: People, scoring: Scoring, empty: Database):
    await beside(scoring)
    here, there = await drafted(people), await drafted(people, region="66")
    assert [(one["id"], one["region"]) for one in (here, there)] == [("2022-1", "74"), ("66-2022-1", "66")]
    assert [one["title"] for one in (here, there)] == [
        "Рейтинг муниципалитетов за 2022 год",
        "Рейтинг муниципалитетов региона 66 за 2022 год",
    ]
    assert [(one["edition"], one["region"]) for one in await outbox(empty, EditionDrafted.TYPE)] == [
        ("2022-1", "74"),
        ("66-2022-1", "66"),
    ]
    told = [(one["edition"], one["municipality"]) for one in await outbox(empty, ScoreDrafted.TYPE)]
    assert sorted(told) == [("2022-1", "74-a"), ("2022-1", "74-b"), ("66-2022-1", "66-a"), ("66-2022-1", "66-b")]
    objection = {"group": "overall", "text": "Не согласны", "evidence": "письмо"}
    refused = await people.ask("of-66", "POST", "/v1/editions/2022-1/objections", objection)
    assert code(refused) == (422, "invalid-objection")
    (await people.ask("of-66", "POST", "/v1/editions/66-2022-1/objections", objection)).raise_for_status()


async def test_a_published_edition_holds_and_names_its_region_only(people: People, scoring: Scoring):
    await beside(scoring)
    edition = await published(people, await drafted(people, region="66"))
    content = (await people.ask(None, "GET", "/v1/editions/66-2022-1/content")).raise_for_status().json()
    assert (content["format"], content["of"]) == (5, {"region": "66"})
    assert [row["municipality"]["id"] for row in content["ratings"][0]["rows"]] == ["66-b", "66-a"]
    assert content["ratings"][0]["no_data"] == []
    again = (await people.ask("operator", "POST", "/v1/editions/66-2022-1/reproduce")).raise_for_status().json()
    assert (again["equal"], again["late"], again["stored"]) == (True, [], edition["sha256"])
    passport = (await people.ask(None, "GET", "/v1/editions/66-2022-1/passport")).raise_for_status().json()
    assert passport["identifier"]["value"] == "rsoko-rating-66-2022"
    assert code(await people.ask(None, "GET", PATH)) == (401, "unauthenticated")
    public = (await people.ask(None, "GET", f"{PATH}?region=66")).raise_for_status().json()
    assert (public["edition"], public["region"]) == ("66-2022-1", "66")
    assert code(await people.ask(None, "GET", f"{PATH}?edition=66-2022-1")) == (404, "edition-not-found")
    for region, ids in (("74", []), ("66", ["66-2022-1"])):
        listed = (await people.ask(None, "GET", f"/v1/editions?region={region}")).json()["items"]
        assert [one["id"] for one in listed] == ids


async def test_a_live_rating_is_opened_for_one_region(people: People, scoring: Scoring):
    await beside(scoring)
    opened = {"public": True, "act": "приказ № 1"}
    told = (await people.ask("ministry", "PUT", "/v1/periods/2022/publication?region=66", opened)).raise_for_status()
    assert told.json()["region"] == "66"
    assert (await people.ask(None, "GET", f"{PATH}?region=66")).raise_for_status().json()["region"] == "66"
    assert code(await people.ask(None, "GET", PATH)) == (401, "unauthenticated")


async def test_what_was_stored_before_there_were_regions_is_of_the_home_region(
    people: People, scoring: Scoring, new_worker: NewWorker, empty: Database
):
    """Editions, scales, opened periods and moves that say no region, as an earlier release wrote them."""
    await take(scoring, of("74-b", "10", 2))
    opened = {"public": True, "act": "приказ № 1"}
    (await people.ask("ministry", "PUT", "/v1/periods/2021/publication", opened)).raise_for_status()
    edition = await published(people, await drafted(people))
    gone = {"$unset": {"region": "", "period": ""}}
    for collection in ("scales", "published_periods", "rating_courses"):
        assert await empty.write(collection, [UpdateOne({}, gone)]) == 1
    await empty.write("rating_editions", [UpdateOne({}, {"$unset": {"region": ""}, "$set": {"v": 1}})])
    await empty.write("scale_moves", [UpdateOne({}, {"$unset": {"region": ""}})])
    fresh = new_worker()
    await fresh.load()
    assert fresh.ratings.last(HOME) == scoring.ratings.last(HOME) is not None
    assert (fresh.state.published, fresh.state.mirror.scale(HOME)) == (
        {League("74", "2021")},
        scoring.state.mirror.scale(HOME),
    )
    await take(fresh, of("74-a", "20", 2))
    assert await fresh.recounts.verify() == []
    assert [one["number"] for one in (await people.ask("ministry", "GET", "/v1/scales/2022")).json()["items"]] == [2, 1]
    shown = (await people.ask(None, "GET", "/v1/editions/2022-1")).raise_for_status().json()
    assert (shown["region"], shown["sha256"]) == ("74", edition["sha256"])
    [listed] = (await people.ask(None, "GET", "/v1/editions?region=74")).json()["items"]
    assert listed["id"] == "2022-1"
    again = (await people.ask("operator", "POST", "/v1/editions/2022-1/reproduce")).json()
    assert again["equal"] is True
    assert (await drafted(people))["id"] == "2022-2"


async def test_the_signed_manifest_names_the_region(people: People, scoring: Scoring):
    await beside(scoring)
    await published(people, await drafted(people, region="66"))
    token: httpx.Response = await people.ask(None, "GET", "/v1/editions/66-2022-1/manifest")
    payload = token.text.split(".")[1]

    assert b'"region":"66"' in urlsafe_b64decode(payload + "=" * (-len(payload) % 4))


async def test_an_installation_keeps_its_home_region(scoring: Scoring, empty: Database):
    """Editions and scales are named by it."""
    with pytest.raises(SettingsWrong, match="задан 66, а домашний регион этой установки — 74"):
        await Scoring(Store(empty, home="66"), clock=scoring.clock).start()


async def test_only_a_service_holds_the_home_region(scoring: Scoring, empty: Database):
    """Whoever but compares must not decide on it."""
    await empty.write("meta", [DeleteOne({"_id": "home"})])
    assert await kept_home(empty) is None
    await Scoring(Store(empty, home="74"), clock=scoring.clock).load()
    assert await kept_home(empty) is None
    await Scoring(Store(empty, home="74"), clock=scoring.clock).start()
    assert await kept_home(empty) == "74"


async def test_a_home_region_that_nobody_is_of_is_refused_at_the_first_start(scoring: Scoring, empty: Database):
    await empty.write("meta", [DeleteOne({"_id": "home"})])
    with pytest.raises(SettingsWrong, match="задан 66, а муниципалитеты здесь регионов: 74"):
        await Scoring(Store(empty, home="66"), clock=scoring.clock).start()
    assert await empty.find_one("meta", {"_id": "home"}) is None
