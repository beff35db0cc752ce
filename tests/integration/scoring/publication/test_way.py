"""The way of an edition over HTTP: who sees what when, what is refused, what is told."""

import httpx
import pytest

from services.scoring.usecases import Scoring
from shared.mongo import Database
from shared.testing import eventually
from tests.integration.scoring.publication.conftest import ACT, FULL, LESS, People
from tests.integration.scoring.told import outbox, take
from tests.unit.scoring.made import START, document, fact

PREFIX = "ru.rsoko.scoring"
OBJECTION = {"procedure": "first", "indicator": "i2", "text": "Учтены не все классы", "evidence": "протокол № 4"}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def ranks(body: dict[str, object]) -> list[tuple[int, str]]:
    return [(row["rank"], row["municipality"]["id"]) for row in body["rows"]]  # type: ignore[attr-defined,index]


async def test_a_draft_is_seen_by_municipalities_and_not_by_the_public(people: People):
    edition = await people.drafted()
    assert (edition["id"], edition["state"], edition["revision"]) == ("2022-1", "draft", 1)
    assert edition["history"] == [
        {"state": "draft", "by": "regional_operator", "at": "2023-02-01T09:00:00.000000+00:00", "reason": None}
    ]
    for who in ("m1", "m2", "ministry"):
        content = (await people.ask(who, "GET", "/v1/editions/2022-1/content")).json()
        assert [one["group"] for one in content["ratings"]] == ["overall", "alpha", "beta", "first", "second", "third"]
    for who in (None, "expert"):
        assert code(await people.ask(who, "GET", "/v1/editions/2022-1")) == (404, "edition-not-found")
        assert code(await people.ask(who, "GET", "/v1/editions/2022-1/content")) == (404, "edition-not-found")
        assert (await people.ask(who, "GET", "/v1/editions")).json()["items"] == []
    assert [one["id"] for one in (await people.ask("m1", "GET", "/v1/editions")).json()["items"]] == ["2022-1"]


async def test_the_whole_way_is_told_step_by_step(people: People, empty: Database):
    await people.published()
    for step in ("drafted", "frozen", "published"):
        told = await outbox(empty, f"{PREFIX}.edition.{step}.v1")
        assert [(one["edition"], one["period"], one["url"]) for one in told] == [
            ("2022-1", "2022", "/v1/editions/2022-1")
        ], step
    assert told[0]["act_number"] == "01-14"
    drafted = await outbox(empty, f"{PREFIX}.score.drafted.v1")
    assert sorted((one["municipality"], one["after"]["rank"]) for one in drafted) == [
        ("m1", 3),
        ("m2", 2),
        ("m3", 1),
        ("m4", None),
    ]
    assert len(await outbox(empty, f"{PREFIX}.score.published.v1")) == 4


async def test_an_objection_is_heard_until_the_last_day_is_over(people: People, empty: Database):
    edition = await people.drafted()
    path = "/v1/editions/2022-1/objections"
    people.clock.now = people.clock.now.replace(hour=18, minute=59)
    raised = (await people.ask("m1", "POST", path, OBJECTION)).raise_for_status().json()
    assert (raised["id"], raised["municipality"]["id"], raised["state"]) == ("2022-1-1", "m1", "open")
    people.clock.move(minutes=1)  # midnight in Yekaterinburg
    late = await people.ask("m1", "POST", path, OBJECTION)
    assert code(late) == (409, "reply-closed")
    assert "01.02.2023" in late.json()["detail"]
    assert [one["id"] for one in (await people.ask("m1", "GET", path)).json()["items"]] == ["2022-1-1"]
    assert (await people.ask("m2", "GET", path)).json()["items"] == []
    assert (await people.ask(None, "GET", path)).status_code == 401
    assert [one["objection"] for one in await outbox(empty, f"{PREFIX}.objection.raised.v1")] == ["2022-1-1"]
    stale = await people.act("ministry", edition, "freeze")
    assert code(stale) == (409, "objections-open")
    assert stale.json()["objections"] == ["2022-1-1"]


async def test_an_accepted_objection_waits_for_its_correction(people: People, scoring: Scoring):
    await people.drafted()
    await people.ask("m1", "POST", "/v1/editions/2022-1/objections", OBJECTION)
    path = "/v1/editions/2022-1/objections/2022-1-1/answer"
    accepted = (await people.ask("operator", "POST", path, {"decision": "accepted"})).raise_for_status().json()
    assert (accepted["state"], accepted["settled"]) == ("accepted", False)
    people.clock.move(days=2)
    waiting = await people.act("ministry", await people.one("2022-1"), "freeze")
    assert code(waiting) == (409, "objections-open")
    assert "нет исправления" in waiting.json()["detail"]
    named = {"decision": "accepted", "correction": {"result": "r1", "revision": 2}}
    unknown = await people.ask("operator", "POST", path, named)
    assert unknown.json()["errors"][0]["code"] == "unknown-result"
    minutes = int((people.clock.now - START).total_seconds() // 60)
    await take(scoring, fact("r1", 2, values=FULL, at=minutes))
    settled = (await people.ask("operator", "POST", path, named)).raise_for_status().json()
    assert (settled["settled"], settled["correction"]) == (
        True,
        {"result": "r1", "revision": 2, "applicability": None},
    )
    people.clock.move(minutes=1)
    frozen = (await people.act("ministry", await people.one("2022-1"), "freeze")).raise_for_status().json()
    content = (await people.ask("m1", "GET", "/v1/editions/2022-1/content")).json()
    assert content["as_of"] == frozen["as_of"]
    assert ranks(content["ratings"][1]) == [(1, "m2"), (1, "m1"), (1, "m3")]


async def test_whose_score_a_freeze_would_change_without_an_objection_is_listed_before_it(
    people: People, scoring: Scoring
):
    await people.drafted()
    path = "/v1/editions/2022-1/changes"
    assert (await people.ask("ministry", "GET", path)).json()["items"] == []
    await people.ask("m1", "POST", "/v1/editions/2022-1/objections", OBJECTION)
    answer = "/v1/editions/2022-1/objections/2022-1-1/answer"
    await people.ask("operator", "POST", answer, {"decision": "accepted"})
    people.clock.move(days=2)
    minutes = int((people.clock.now - START).total_seconds() // 60)
    await take(
        scoring, fact("r1", 2, values=FULL, at=minutes), fact("r2", 2, municipality="m2", values=LESS, at=minutes)
    )
    people.clock.move(minutes=1)
    [told] = (await people.ask("ministry", "GET", path)).raise_for_status().json()["items"]
    assert told["municipality"]["id"] == "m2", "m1 is changed by its accepted objection, m3 only in its place"
    assert (told["before"]["percent"], told["before"]["rank"], told["after"]["rank"]) == (44, 2, 3)
    assert [(one["procedure"], one["title"], one["after"]["points"]) for one in told["procedures"]] == [
        ("first", "Первая", "1")
    ]
    assert (await people.ask("m2", "GET", path)).status_code == 403


async def test_another_methodology_freezes_no_draft(people: People, scoring: Scoring):
    edition = await people.drafted()
    people.clock.move(days=2)
    newer = document(id="another-2022", in_force={"from": 2022, "to": 2022})
    await scoring.editions.put("another-2022", newer)
    people.clock.move(minutes=1)
    for refused in (
        await people.ask("ministry", "GET", "/v1/editions/2022-1/changes"),
        await people.act("ministry", edition, "freeze"),
    ):
        assert code(refused) == (409, "methodology-differs")
    assert (await people.one("2022-1"))["methodology"] == "small"


@pytest.mark.parametrize(
    ("correction", "wrong"),
    [
        ({"result": "r2", "revision": 1}, "foreign-result"),
        ({"result": "r5", "revision": 1}, "other-procedure"),
        ({"result": "r1", "revision": 1}, "older-than-draft"),
        ({"result": "s1", "revision": 1}, "of-a-school"),
    ],
)
async def test_a_correction_must_be_a_later_revision_of_what_was_objected_to(
    people: People, scoring: Scoring, correction: dict[str, object], wrong: str
):
    await take(scoring, fact("r5", procedure="second", values={"i1": "1"}))
    await people.drafted()
    await take(scoring, fact("s1", organization="school-1", values={"i1": "1"}, at=10**6))
    await people.ask("m1", "POST", "/v1/editions/2022-1/objections", OBJECTION)
    body = {"decision": "accepted", "correction": correction}
    answer = await people.ask("operator", "POST", "/v1/editions/2022-1/objections/2022-1-1/answer", body)
    assert code(answer) == (422, "invalid-correction")
    assert answer.json()["errors"][0]["code"] == wrong


async def test_that_a_procedure_did_not_apply_is_corrected_by_an_applicability_act(people: People, empty: Database):
    path = "/v1/editions/2022-1/objections/2022-1-1/answer"

    async def stated(procedure: str, *municipalities: str) -> str:
        act = {"number": "приказ № 7", "date": "2023-01-30"}
        body = {"procedure": procedure, "period": "2022", "municipalities": municipalities, "reason": "нет", "act": act}
        return (await people.ask("operator", "POST", "/v1/applicability", body)).raise_for_status().json()["id"]  # type: ignore[no-any-return]

    async def answer(act: str) -> httpx.Response:
        body = {"decision": "accepted", "correction": {"applicability": act}}
        return await people.ask("operator", "POST", path, body)

    early = await stated("first", "m1")
    people.clock.move(minutes=1)
    await people.ask("operator", "POST", f"/v1/applicability/{early}/withdrawal", {"reason": "описка"}, If_Match='"1"')
    people.clock.move(minutes=1)
    await people.drafted()
    await people.ask("m1", "POST", "/v1/editions/2022-1/objections", OBJECTION)
    people.clock.move(days=2)
    wrong = {
        "nothing": "unknown-act",
        early: "older-than-draft",
        await stated("first", "m2"): "foreign-act",
        await stated("second", "m1"): "other-procedure",
    }
    for act, why in wrong.items():
        refused = await answer(act)
        assert (code(refused), refused.json()["errors"][0]["code"]) == ((422, "invalid-correction"), why)
    both = {"decision": "accepted", "correction": {"applicability": "a", "result": "r1", "revision": 1}}
    assert code(await people.ask("operator", "POST", path, both)) == (422, "invalid-request")
    act = await stated("first", "m1")
    settled = (await answer(act)).raise_for_status().json()
    assert (settled["settled"], settled["correction"]) == (
        True,
        {"result": None, "revision": None, "applicability": act},
    )
    assert [one["applicability"] for one in await outbox(empty, f"{PREFIX}.objection.answered.v1")] == [act]
    people.clock.move(minutes=1)
    (await people.act("ministry", await people.one("2022-1"), "freeze")).raise_for_status()


async def test_an_objection_is_answered_once(people: People, empty: Database):
    await people.drafted()
    await people.ask("m1", "POST", "/v1/editions/2022-1/objections", OBJECTION)
    path = "/v1/editions/2022-1/objections/2022-1-1/answer"
    declined = {"decision": "declined", "reason": "Классы учтены все"}
    for _ in range(2):
        assert (await people.ask("operator", "POST", path, declined)).json()["state"] == "declined"
    assert len(await outbox(empty, f"{PREFIX}.objection.answered.v1")) == 1
    assert code(await people.ask("operator", "POST", path, {"decision": "accepted"})) == (409, "objection-answered")
    silent = await people.ask("operator", "POST", path, {"decision": "declined"})
    assert (code(silent), silent.json()["errors"][0]["pointer"]) == ((422, "invalid-answer"), "/reason")
    assert code(await people.ask("operator", "POST", path.replace("-1-1", "-1-9"), declined)) == (
        404,
        "objection-not-found",
    )


async def test_a_publication_needs_a_frozen_edition_and_a_whole_act(people: People):
    edition = await people.drafted()
    assert code(await people.act("ministry", edition, "freeze")) == (409, "reply-open")
    assert code(await people.act("ministry", edition, "publish", ACT)) == (409, "edition-state-differs")
    people.clock.move(days=2)
    frozen = (await people.act("ministry", edition, "freeze")).json()
    for act in ({}, {"act": {}}, {"act": {"number": "1"}}, {"act": {"date": "2023-02-03"}}):
        assert (await people.act("ministry", frozen, "publish", act)).status_code == 422, act
    future = await people.act("ministry", frozen, "publish", ACT)
    assert future.json()["errors"][0]["code"] == "in-the-future"
    assert (await people.act("operator", frozen, "publish", ACT)).status_code == 403
    assert (await people.one("2022-1"))["state"] == "frozen"
    unread = frozen | {"revision": 1}
    today = {"act": {"number": "1", "date": "2023-02-03"}}
    assert code(await people.act("ministry", unread, "publish", today)) == (412, "stale-revision")
    nobody = frozen | {"id": "2021-1"}
    assert code(await people.act("ministry", nobody, "publish", today)) == (404, "edition-not-found")


async def test_a_repeat_of_a_publication_tells_nothing(people: People, empty: Database):
    edition = await people.published()
    again = await people.act("ministry", edition | {"revision": 1}, "publish", ACT)
    assert (again.status_code, again.json()) == (200, edition)
    assert len(await outbox(empty, f"{PREFIX}.edition.published.v1")) == 1
    other = await people.act("ministry", edition, "publish", {"act": {"number": "2", "date": "2023-02-20"}})
    assert code(other) == (409, "edition-state-differs")


async def test_a_draft_is_withdrawn_with_a_reason_and_the_next_gets_its_own_number(people: People):
    edition = await people.drafted()
    body = {"period": "2022", "reply_until": "2023-02-05"}
    beside = await people.ask("operator", "POST", "/v1/editions", body)
    assert code(beside) == (409, "edition-under-way")
    assert beside.json()["edition"] == "2022-1"
    assert (await people.act("operator", edition, "withdraw", {})).status_code == 422
    gone = (await people.act("operator", edition, "withdraw", {"reason": "ошибка в сроках"})).raise_for_status().json()
    assert (gone["state"], gone["history"][-1]["reason"]) == ("withdrawn", "ошибка в сроках")
    assert code(await people.act("ministry", gone, "freeze")) == (409, "edition-state-differs")
    assert (await people.ask("operator", "POST", "/v1/editions", body)).json()["id"] == "2022-2"


async def test_a_repeat_under_one_key_drafts_once(people: People, empty: Database):
    body = {"period": "2022", "reply_until": "2023-02-05"}
    answers = [await people.ask("operator", "POST", "/v1/editions", body, Idempotency_Key="k") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(await outbox(empty, f"{PREFIX}.edition.drafted.v1")) == 1


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"period": "2019", "reply_until": "2023-02-05"}, 404, "period-not-found"),
        ({"period": "2023", "reply_until": "2023-02-05"}, 404, "period-not-found"),
        ({"period": "soon", "reply_until": "2023-02-05"}, 404, "period-not-found"),
        ({"period": "2022", "reply_until": "2023-01-31"}, 422, "invalid-edition"),
        ({"period": "2022", "reply_until": "2025-01-31"}, 422, "invalid-edition"),
        ({"period": "2022", "reply_until": 20230205}, 422, "invalid-request"),
        ({"period": "2022"}, 422, "invalid-request"),
    ],
)
async def test_a_draft_of_nothing_or_for_no_time_is_refused(
    people: People, body: dict[str, object], status: int, says: str
):
    assert code(await people.ask("operator", "POST", "/v1/editions", body)) == (status, says)
    assert (await people.ask("ministry", "GET", "/v1/editions")).json()["items"] == []


@pytest.mark.parametrize(
    ("about", "wrong"),
    [
        ({}, "one-of-two"),
        ({"group": "alpha", "procedure": "first"}, "one-of-two"),
        ({"group": "gamma"}, "unknown-group"),
        ({"group": "alpha", "indicator": "i1"}, "needs-procedure"),
        ({"procedure": "ninth"}, "unknown-procedure"),
        ({"procedure": "first", "indicator": "i9"}, "unknown-indicator"),
    ],
)
async def test_an_objection_names_what_is_scored(people: People, about: dict[str, str], wrong: str):
    await people.drafted()
    body = {"text": "Не так", "evidence": "письмо", **about}
    answer = await people.ask("m1", "POST", "/v1/editions/2022-1/objections", body)
    assert code(answer) == (422, "invalid-objection")
    assert answer.json()["errors"][0]["code"] == wrong


async def test_another_process_serves_a_publication_soon(people: People, following: Scoring):
    await people.published()
    last = await eventually(lambda: following.ratings.last("2022"), what="the edition in the other process")
    assert last.id == "2022-1"
