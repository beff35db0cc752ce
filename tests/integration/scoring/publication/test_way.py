"""The way of an edition over HTTP: who sees what when, what is refused, what is told."""

from typing import Any

import pytest

from services.scoring.domain.league import League
from services.scoring.usecases import Scoring
from services.scoring.usecases.publication.computing import Computing
from shared.mongo import Database
from shared.testing import eventually
from tests.integration.scoring.publication.conftest import ACT, People, code
from tests.integration.scoring.told import outbox
from tests.unit.scoring.made import HERE, document

PREFIX = "ru.rsoko.scoring"


async def test_a_draft_is_seen_by_municipalities_and_not_by_the_public(people: People):
    edition = await people.drafted()
    assert (edition["id"], edition["state"], edition["revision"]) == ("2022-1", "draft", 1)
    step = {"state": "draft", "by": "regional_operator", "at": "2023-02-01T09:00:00.000000+00:00", "reason": None}
    assert edition["history"] == [step | {"account": "operator"}]
    assert (await people.one("2022-1", "m1"))["history"] == [step]
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
        assert told[0]["counts"] == {"total": 4, "placed": 3, "moved": None, "objections": 0}, step
    assert told[0]["act_number"] == "01-14"
    drafted = await outbox(empty, f"{PREFIX}.score.drafted.v1")
    assert sorted((one["municipality"], one["after"]["rank"]) for one in drafted) == [
        ("m1", 3),
        ("m2", 2),
        ("m3", 1),
        ("m4", None),
    ]
    assert len(await outbox(empty, f"{PREFIX}.score.published.v1")) == 4


async def test_which_account_took_a_step_is_shown_to_the_staff_alone_whatever_a_browser_has_kept(people: People):
    await people.published()
    path = "/v1/editions/2022-1"
    plain = await people.ask(None, "GET", path)
    kept = {"If_None_Match": plain.headers["etag"]}
    assert "account" not in plain.text
    assert (await people.ask(None, "GET", path, **kept)).status_code == 304
    staff = await people.ask("operator", "GET", path, **kept)
    accounts = [one["account"] for one in staff.json()["history"]]
    assert (accounts, staff.headers["cache-control"]) == (["operator", "ministry", "ministry"], "no-store")
    assert "account" not in (await people.ask("m1", "GET", "/v1/editions")).text
    assert "account" in (await people.ask("ministry", "GET", "/v1/editions")).text


async def test_another_methodology_freezes_no_draft(people: People, scoring: Scoring):
    edition = await people.drafted()
    people.clock.move(days=2)
    newer = document(id="another-2022", in_force={"from": 2022, "to": 2022})
    await scoring.methodologies.put("another-2022", newer)
    people.clock.move(minutes=1)
    for refused in (
        await people.ask("ministry", "GET", "/v1/editions/2022-1/changes"),
        await people.act("ministry", edition, "freeze"),
    ):
        assert code(refused) == (409, "methodology-differs")
    assert (await people.one("2022-1"))["methodology"] == "small"


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


async def test_a_draft_whose_number_others_took_meanwhile_is_computed_anew_for_its_own(
    people: People, monkeypatch: pytest.MonkeyPatch
):
    """Theirs is withdrawn again, so that nothing is under way that would refuse it."""
    genuine, computed = Computing.content, []

    async def content(self: Computing, edition: str, league: League, **when: Any) -> Any:
        made = await genuine(self, edition, league, **when)
        computed.append(edition)
        if len(computed) == 1:
            theirs = await people.drafted()
            (await people.act("operator", theirs, "withdraw", {"reason": "ошибка"})).raise_for_status()
        return made

    monkeypatch.setattr(Computing, "content", content)
    edition = await people.drafted()
    assert (edition["id"], computed) == ("2022-2", ["2022-1", "2022-1", "2022-2"])
    kept = (await people.ask("ministry", "GET", "/v1/editions/2022-2/content")).raise_for_status().json()
    assert kept["edition"] == "2022-2"


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


async def test_another_process_serves_a_publication_soon(people: People, following: Scoring):
    await people.published()
    last = await eventually(lambda: following.ratings.last(HERE), what="the edition in the other process")
    assert last.id == "2022-1"
