"""Steps of publication in the inbox: each municipality once, objections also for the region's staff."""

from collections.abc import Sequence
from datetime import date

import httpx

from services.notification.consumers import facts_of
from services.notification.domain.webhooks import Wanted
from services.scoring.events import (
    EditionCounts,
    EditionDrafted,
    EditionFrozen,
    EditionPublished,
    EditionWithdrawn,
    ObjectionAnswered,
    ObjectionRaised,
    ScoreDrafted,
    ScorePublished,
    ScoreWithdrawn,
    Standing,
)
from shared.kernel import Cause, Event, Heard, Origin
from shared.mongo import Database
from shared.policy import Scope
from shared.testing import eventually
from tests.contracts.answers import judged
from tests.integration.notification.conftest import Live
from tests.integration.notification.listening import listening
from tests.integration.notification.receiving import receiving
from tests.integration.notification.sending import SECRET, World
from tests.integration.notification.told import AT, NAMES, facts, score

SCORED = Standing(state="scored", points="74", maximum="95", share="74/95", percent=78, level="above_average", rank=2)
HEAD = {"edition": "2022-1", "period": "2022", "number": 1, "url": "/v1/editions/2022-1"}
ABOUT = {
    "objection": "2022-1-1",
    "edition": "2022-1",
    "period": "2022",
    "municipality": "a",
    "url": "/v1/editions/2022-1",
}


def heard(*events: Event) -> list[Heard[Event]]:
    return [
        Heard(event=event, id=str(number), source="rsoko/scoring", cause=Cause("c"), origin=Origin("t", 0, number))
        for number, event in enumerate(events)
    ]


def drafted(municipality: str) -> ScoreDrafted:
    return ScoreDrafted(municipality=municipality, after=SCORED, reply_until=date(2023, 2, 10), whole=True, **HEAD)


def published(municipality: str) -> ScorePublished:
    before = SCORED.model_copy(update={"rank": 1})
    act = {"act_number": "01-14", "act_date": date(2023, 2, 20)}
    return ScorePublished(municipality=municipality, before=before, after=SCORED, whole=True, **act, **HEAD)


COUNTS = EditionCounts(total=2, placed=2, moved=1, objections=3)


def whole(kind: type[Event], *, counts: EditionCounts | None = COUNTS, **named: object) -> Event:
    """A step of the edition as a whole."""
    made = {"as_of": AT, "methodology": "m", "sha256": "ff", **named}
    asked = {name: value for name, value in made.items() if name in kind.model_fields}
    return kind.model_validate({**HEAD, **asked, "counts": counts})


PROJECT = whole(EditionDrafted, reply_until=date(2023, 2, 10))
FIXED = whole(EditionFrozen)
ACTED = whole(EditionPublished, act_number="01-14", act_date=date(2023, 2, 20), previous="2021-3")
STEPS = [PROJECT, drafted("a"), drafted("b"), FIXED, ACTED, published("a"), published("b")]


async def hear(live: Live, *events: Event) -> int:
    return len(await live.uses.telling.hear(facts_of(heard(*events))))


async def inbox(live: Live, who: str, **asked: str) -> Sequence[dict[str, object]]:
    headers = {"Authorization": f"Bearer {who}"}
    async with httpx.AsyncClient(base_url=live.url, headers=headers, event_hooks=judged(live.app)) as client:
        return (await client.get("/v1/inbox", params=asked)).raise_for_status().json()["items"]


async def test_each_municipality_hears_of_a_draft_and_of_a_publication_once(live: Live):
    await live.uses.telling.hear(NAMES)
    both = [drafted("a"), drafted("b"), published("a"), published("b")]
    assert await hear(live, *both) == 4
    assert await hear(live, *both) == 0, "a repeat tells nothing"
    items = await inbox(live, "a")
    assert [one["kind"] for one in items] == ["edition_published", "edition_drafted"]
    assert items[0]["edition"] == {
        "id": "2022-1",
        "region": None,
        "reply_until": None,
        "act": {"number": "01-14", "date": "2023-02-20"},
        "objection": None,
        "decision": None,
        "counts": None,
    }
    assert [change["after"]["rank"] for change in items[0]["changes"]] == [2]
    assert "оценки других" in str(items[0]["body"])
    assert [one["id"] for one in await inbox(live, "b", kind="edition_drafted")] == ["2022-1:b:edition_drafted"]


async def test_each_municipality_hears_once_that_a_draft_was_withdrawn(live: Live):
    gone = [ScoreWithdrawn(municipality=one, after=SCORED, objections=1, whole=True, **HEAD) for one in ("a", "b")]
    assert await hear(live, drafted("a"), drafted("b"), *gone) == 4
    assert await hear(live, *gone) == 0, "a repeat tells nothing"
    items = await inbox(live, "a")
    assert [one["kind"] for one in items] == ["edition_withdrawn", "edition_drafted"]
    assert "закрыты: 1." in str(items[0]["body"])
    assert items[0]["changes"] == []


async def test_the_staff_hears_of_each_step_once_and_each_municipality_of_its_own(live: Live):
    await live.uses.telling.hear(NAMES)
    assert await hear(live, *STEPS) == 7
    assert await hear(live, *reversed(STEPS)) == 0, "a repeat tells nothing"
    items = await inbox(live, "ministry")
    assert [one["id"] for one in items] == [
        "2022-1:edition_published",
        "2022-1:edition_frozen",
        "2022-1:edition_drafted",
    ]
    last, frozen, first = items
    assert last["municipality"] == {"id": "-", "name": "Все муниципалитеты", "oktmo": None}
    assert last["edition"]["id"] == "2022-1"
    assert last["edition"]["counts"] == COUNTS.model_dump()
    assert last["title"] == "Опубликован рейтинг за 2022 год: муниципалитетов 2, место изменилось у 1"
    assert "Акт № 01-14 от 20.02.2023." in str(last["body"])
    assert "Заменяет редакцию 2021-3" in str(last["body"])
    assert "Возражений было: 3; решены все." in str(frozen["body"])
    assert first["title"] == "Проект рейтинга за 2022 год направлен муниципалитетам (2), возражения — до 10.02.2023"
    for who in ("a", "b"):
        assert [one["id"] for one in await inbox(live, who)] == [
            f"2022-1:{who}:edition_published",
            f"2022-1:{who}:edition_drafted",
        ]


async def test_a_step_of_another_region_s_edition_names_the_region(live: Live):
    named = {"edition": "66-2022-1", "region": "66"}
    others = [one.model_copy(update=named) for one in (PROJECT, FIXED, ACTED, whole(EditionWithdrawn))]
    home = PROJECT.model_copy(update={"region": "74"})
    assert await hear(live, *others, home) == 5
    items = await inbox(live, "ministry")
    assert [(one["title"], one["edition"]["region"]) for one in items] == [
        ("Проект рейтинга за 2022 год направлен муниципалитетам (2), возражения — до 10.02.2023", "74"),
        ("Проект рейтинга региона 66 за 2022 год отозван", "66"),
        ("Опубликован рейтинг региона 66 за 2022 год: муниципалитетов 2, место изменилось у 1", "66"),
        ("Рейтинг региона 66 за 2022 год зафиксирован, ждёт публикации", "66"),
        ("Проект рейтинга региона 66 за 2022 год направлен муниципалитетам (2), возражения — до 10.02.2023", "66"),
    ]


async def test_the_staff_lists_what_a_municipality_was_told_when_it_names_it(live: Live):
    await live.uses.telling.hear(NAMES)
    await hear(live, *STEPS)
    for named in ({"municipality": "a"}, {"municipality": "75606000"}):
        own = await inbox(live, "ministry", **named)
        assert [one["id"] for one in own] == ["2022-1:a:edition_published", "2022-1:a:edition_drafted"]
    headers = {"Authorization": "Bearer ministry"}
    async with httpx.AsyncClient(base_url=live.url, headers=headers, event_hooks=judged(live.app)) as client:

        async def unread(**asked: str) -> int:
            return int((await client.get("/v1/inbox", params=asked)).json()["unread"])

        assert [await unread(), await unread(municipality="a")] == [3, 2]
        await client.post("/v1/inbox/2022-1:a:edition_drafted/read")
        assert [await unread(), await unread(municipality="a")] == [3, 1]
        await client.post("/v1/inbox/2022-1:edition_drafted/read")
        assert [await unread(), await unread(municipality="a")] == [2, 1]
        await client.post("/v1/inbox/read", json={"up_to": "2022-1:b:edition_published"})
        assert [await unread(), await unread(municipality="a")] == [0, 0]


async def test_the_stream_tells_the_staff_each_step_once_also_to_who_resumes(live: Live):
    await live.uses.telling.hear(NAMES)
    async with listening(live.url, "ministry") as stream:
        await stream.next()
        await hear(live, *STEPS)
        await live.uses.telling.hear(facts(score("a")))
        told = await stream.news(4)
    kinds = ["edition_drafted", "edition_frozen", "edition_published", "score_changed"]
    assert [one.event for one in told] == kinds
    async with listening(live.url, "ministry", last=0) as again:
        assert [one.event for one in await again.news(4)] == kinds
    async with listening(live.url, "ministry", last=0, query={"municipality": "a"}) as narrowed:
        assert [one.data["id"] for one in await narrowed.news(3)] == [
            "2022-1:a:edition_drafted",
            "2022-1:a:edition_published",
            "a:2022:1",
        ]


async def test_a_webhook_of_the_staff_is_posted_each_step_once_and_a_system_each_municipality(database: Database):
    world = World(database)
    async with receiving() as staff, receiving() as system:
        await world.hook(staff.url, kinds=("edition_drafted", "edition_published"))
        scope = Scope(everything=False, attributes={"source": "gis"})
        await world.webhooks.register(Wanted(system.url, ("edition_published",), None), scope)
        async with world.courier():
            await world.uses.telling.hear(facts_of(heard(*STEPS)))
            await eventually(lambda: (len(staff.came), len(system.came)) == (2, 2))
            await world.uses.telling.hear(facts_of(heard(published("c"))))
            await eventually(lambda: len(system.came) == 3)
        await world.posting._close(list(world.posting._kept))
    assert sorted(one.verified(SECRET)["data"]["id"] for one in staff.came) == [
        "2022-1:edition_drafted",
        "2022-1:edition_published",
    ]
    assert sorted(one.verified(SECRET)["data"]["municipality"]["id"] for one in system.came) == ["a", "b", "c"]


async def test_a_step_told_before_steps_were_counted_makes_no_item_of_the_whole(live: Live):
    assert await hear(live, whole(EditionFrozen, counts=None)) == 0


async def test_the_staff_hears_of_an_objection_and_the_municipality_of_each_answer(live: Live):
    accepted = ObjectionAnswered(decision="accepted", **ABOUT)
    corrected = ObjectionAnswered(decision="accepted", result="r1", revision=2, **ABOUT)
    await hear(live, ObjectionRaised(procedure="vpr", **ABOUT), accepted, corrected)
    assert [one["kind"] for one in await inbox(live, "ministry")] == [
        "objection_answered",
        "objection_answered",
        "objection_raised",
    ]
    assert [one["edition"]["decision"] for one in await inbox(live, "a")] == ["accepted", "accepted", None]
    assert await inbox(live, "b") == []


async def test_where_scoring_tells_no_step_as_a_whole_the_staff_hears_of_each_municipality(live: Live):
    await live.uses.telling.hear(NAMES)
    step = whole(EditionDrafted, counts=None, reply_until=date(2023, 2, 10))
    each = [drafted(one).model_copy(update={"whole": False}) for one in ("a", "b")]
    gone = ScoreWithdrawn(municipality="a", after=SCORED, **HEAD)
    assert await hear(live, step, *each, gone) == 3
    kinds = [str(one["kind"]) for one in await inbox(live, "ministry")]
    assert sorted(kinds) == ["edition_drafted", "edition_drafted", "edition_withdrawn"]
