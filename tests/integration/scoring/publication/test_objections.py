"""Objections over HTTP: heard until the day is over, answered once, settled by a correction that is one."""

import httpx
import pytest

from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.mongo import Database
from tests.integration.scoring.publication.conftest import FULL, LESS, People, code
from tests.integration.scoring.told import outbox, take
from tests.unit.scoring.made import START, fact

PREFIX = "ru.rsoko.scoring"
OBJECTION = {"procedure": "first", "indicator": "i2", "text": "Учтены не все классы", "evidence": "протокол № 4"}


def ranks(body: dict[str, object]) -> list[tuple[int, str]]:
    return [(row["rank"], row["municipality"]["id"]) for row in body["rows"]]


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


async def test_who_was_not_there_in_the_period_has_nothing_to_object_to(people: People, scoring: Scoring):
    """Its objection would hold up the freeze of a rating that it does not stand in."""
    formed = Municipality("m2", 2, "74", (Named("Ашинский", "75702000", "2024-03-01"),))
    await scoring.batches.take(None, News((), [formed]))
    await people.drafted()
    refused = await people.ask("m2", "POST", "/v1/editions/2022-1/objections", OBJECTION)
    assert code(refused) == (422, "invalid-objection")
    assert [one["code"] for one in refused.json()["errors"]] == ["did-not-exist"]
    assert "образован 01.03.2024" in refused.json()["detail"]
    assert (await people.ask("m1", "POST", "/v1/editions/2022-1/objections", OBJECTION)).status_code == 201


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


async def test_what_was_recorded_before_the_draft_and_heard_after_it_corrects(people: People, scoring: Scoring):
    await people.drafted()
    await people.ask("m1", "POST", "/v1/editions/2022-1/objections", OBJECTION)
    revised = fact("r1", 2, values=FULL, at=1)
    assert revised.recorded_at < people.clock.now
    await take(scoring, revised)
    path = "/v1/editions/2022-1/objections/2022-1-1/answer"
    body = {"decision": "accepted", "correction": {"result": "r1", "revision": 1}}
    refused = (await people.ask("operator", "POST", path, body)).json()
    assert [(one["code"], one["remedy"]) for one in refused["errors"]] == [
        ("older-than-draft", "Назовите версию новее: в проекте — версия 1 этого результата.")
    ]
    body["correction"] = {"result": "r1", "revision": 2}
    settled = (await people.ask("operator", "POST", path, body)).raise_for_status().json()
    assert settled["settled"] is True
    people.clock.move(days=2)
    (await people.act("ministry", await people.one("2022-1"), "freeze")).raise_for_status()
    content = (await people.ask("m1", "GET", "/v1/editions/2022-1/content")).json()
    assert (1, "m1") in ranks(content["ratings"][1]), "what settled the objection counts"


async def test_a_withdrawal_is_told_to_whoever_was_told_of_the_draft_and_closes_what_was_open(
    people: People, empty: Database
):
    await people.drafted()
    path = "/v1/editions/2022-1/objections"
    for number, who in enumerate(("m1", "m1", "m2"), start=1):
        await people.ask(who, "POST", path, OBJECTION)
        if number == 2:
            await people.ask("operator", "POST", f"{path}/2022-1-2/answer", {"decision": "accepted", "reason": "да"})
    await people.ask("operator", "POST", f"{path}/2022-1-3/answer", {"decision": "declined", "reason": "нет"})
    edition = await people.one("2022-1")
    for _ in range(2):
        gone = (await people.act("operator", edition, "withdraw", {"reason": "ошибка"})).raise_for_status().json()
    assert gone["state"] == "withdrawn"
    told = await outbox(empty, f"{PREFIX}.score.withdrawn.v1")
    assert sorted((one["municipality"], one["edition"], one["objections"]) for one in told) == [
        ("m1", "2022-1", 2),
        ("m2", "2022-1", 0),
        ("m3", "2022-1", 0),
        ("m4", "2022-1", 0),
    ]
    items = (await people.ask("operator", "GET", path)).json()["items"]
    at = "2023-02-01T09:00:00.000000+00:00"
    assert [(one["state"], one["settled"], one["closed_at"], one["reason"]) for one in items] == [
        ("closed", True, at, None),
        ("accepted", True, at, "да"),
        ("declined", True, None, "нет"),
    ]
    late = await people.ask("operator", "POST", f"{path}/2022-1-1/answer", {"decision": "accepted"})
    assert code(late) == (409, "edition-state-differs")


async def test_that_a_procedure_did_not_apply_is_corrected_by_an_applicability_act(people: People, empty: Database):
    path = "/v1/editions/2022-1/objections/2022-1-1/answer"

    async def stated(procedure: str, *municipalities: str) -> str:
        act = {"number": "приказ № 7", "date": "2023-01-30"}
        body = {"procedure": procedure, "period": "2022", "municipalities": municipalities, "reason": "нет", "act": act}
        return (await people.ask("operator", "POST", "/v1/applicability", body)).raise_for_status().json()["id"]

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
    [seen] = (await people.ask("ministry", "GET", path.removesuffix("/2022-1-1/answer"))).json()["items"]
    assert (seen["raised_account"], seen["answered_account"]) == ("of-m1", "operator")
    assert "account" not in (await people.ask("m1", "GET", path.removesuffix("/2022-1-1/answer"))).text
    assert code(await people.ask("operator", "POST", path, {"decision": "accepted"})) == (409, "objection-answered")
    silent = await people.ask("operator", "POST", path, {"decision": "declined"})
    assert (code(silent), silent.json()["errors"][0]["pointer"]) == ((422, "invalid-answer"), "/reason")
    assert code(await people.ask("operator", "POST", path.replace("-1-1", "-1-9"), declined)) == (
        404,
        "objection-not-found",
    )


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
