"""The inbox door through a real server: shapes, filters, pages, conditions, marks, refusals."""

from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import Any

import httpx
import pytest

from services.notification.domain import RuleCause
from tests.contracts.answers import judged
from tests.integration.notification.conftest import Live
from tests.integration.notification.told import NAMES, facts, named, score


@pytest.fixture
async def client(live: Live) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": "Bearer ministry"}
    async with httpx.AsyncClient(base_url=live.url, headers=headers, event_hooks=judged(live.app)) as found:
        yield found


async def inbox(client: httpx.AsyncClient, who: str = "ministry", **query: Any) -> dict[str, Any]:
    answer = await client.get("/v1/inbox", params=query, headers={"Authorization": f"Bearer {who}"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [item["id"] for item in found["items"]]


async def test_an_item_has_the_shape_that_portals_read(live: Live, client: httpx.AsyncClient) -> None:
    await live.uses.telling.hear(NAMES)
    await live.uses.telling.hear(facts(score("a")))
    item = (await inbox(client))["items"][0]
    assert item["id"] == "a:2022:1"
    assert item["kind"] == "score_changed"
    assert item["municipality"] == {"id": "a", "name": "Аргаяшский МР", "oktmo": "75606000"}
    assert item["period"] == "2022"
    change = item["changes"][0]
    assert change["group"] == "overall"
    assert (change["before"]["points"], change["before"]["percent"], change["before"]["rank"]) == ("72", 76, 3)
    assert (change["after"]["points"], change["after"]["level"]) == ("74", "above_average")
    assert item["causes"] == [{"result": "r1", "revision": 2, "procedure": "vpr", "withdrawn": None}]
    assert item["rules"] == []
    assert item["created_at"].endswith("+00:00")
    assert item["read_at"] is None
    assert "Всероссийские проверочные работы" in item["body"]


async def test_an_item_names_the_rules_that_moved_the_score(live: Live, client: httpx.AsyncClient) -> None:
    await live.uses.telling.hear(NAMES)
    rule = RuleCause("act", "act-1", procedure="vpr", act="приказ № 5 от 01.02.2022", withdrawn=True)
    await live.uses.telling.hear(facts(replace(score("a"), causes=(), causes_count=0, rules=(rule,))))
    (item,) = (await inbox(client))["items"]
    words = "отозван акт о том, что процедура «Всероссийские проверочные работы» не применяется"
    assert item["rules"] == [asdict(rule) | {"words": f"{words} (приказ № 5 от 01.02.2022)"}]
    assert f"Причина: {words} (" in item["body"]


async def test_a_code_that_passed_on_is_read_for_the_period_asked_about(live: Live, client: httpx.AsyncClient) -> None:
    heirs = named("b", "Новый МО", "75606000", since="2025-01-01")
    await live.uses.telling.hear(replace(NAMES, names=(heirs, *NAMES.names)))
    await live.uses.telling.hear(facts(score("a"), score("b")))
    assert ids(await inbox(client, municipality="75606000", period="2022")) == ["a:2022:1"]
    assert ids(await inbox(client, municipality="75606000")) == ["b:2022:1"]


async def test_lists_are_narrowed_by_what_is_asked(live: Live, client: httpx.AsyncClient) -> None:
    other = named("b", "Ашинский МР", "75609000", since="2005-01-01")
    await live.uses.telling.hear(replace(NAMES, names=(*NAMES.names, other)))
    await live.uses.telling.hear(facts(score("a"), score("b"), score("a", 2)))
    assert ids(await inbox(client)) == ["a:2022:2", "b:2022:1", "a:2022:1"]
    assert ids(await inbox(client, municipality="a")) == ["a:2022:2", "a:2022:1"]
    assert ids(await inbox(client, municipality="75606000")) == ["a:2022:2", "a:2022:1"]
    assert ids(await inbox(client, kind="score_changed", municipality="b")) == ["b:2022:1"]
    assert ids(await inbox(client, since="2100-01-01T00:00:00+05:00")) == []
    assert len(ids(await inbox(client, since="2020-01-01T00:00:00Z"))) == 3
    await live.uses.telling.hear(facts(replace(score("a", 3), period="2021"), score("a", 4)))
    assert ids(await inbox(client, municipality="a", period="2021", kind="score_changed")) == ["a:2021:3"]
    assert ids(await inbox(client, period="2022")) == ["a:2022:4", "a:2022:2", "b:2022:1", "a:2022:1"]
    assert ids(await inbox(client, "a", period="2020")) == []
    page = await inbox(client, municipality="a", period="2022", limit=2)
    assert ids(page) == ["a:2022:4", "a:2022:2"]
    assert ids(await inbox(client, municipality="a", period="2022", cursor=page["next"])) == ["a:2022:1"]
    assert ids(await inbox(client, "a")) == ["a:2022:4", "a:2021:3", "a:2022:2", "a:2022:1"]


async def test_pages_are_linked(live: Live, client: httpx.AsyncClient) -> None:
    await live.uses.telling.hear(facts(*(score("a", number) for number in range(1, 4))))
    first = await client.get("/v1/inbox", params={"limit": 2, "municipality": "a"})
    assert ids(first.json()) == ["a:2022:3", "a:2022:2"]
    second = await client.get(first.links["next"]["url"])
    assert ids(second.json()) == ["a:2022:1"]
    assert second.json()["next"] is None
    assert "Link" not in second.headers


async def test_an_unchanged_inbox_is_not_sent_again(live: Live, client: httpx.AsyncClient) -> None:
    await live.uses.telling.hear(facts(score("a")))
    tag = (await client.get("/v1/inbox")).headers["etag"]
    assert (await client.get("/v1/inbox", headers={"If-None-Match": tag})).status_code == 304
    await client.post("/v1/inbox/a:2022:1/read")
    assert (await client.get("/v1/inbox", headers={"If-None-Match": tag})).status_code == 200


async def test_marks_are_made_taken_back_and_made_up_to(live: Live, client: httpx.AsyncClient) -> None:
    await live.uses.telling.hear(facts(*(score("a", number) for number in range(1, 4))))
    assert (await client.post("/v1/inbox/a:2022:2/read")).json()["read_at"] is not None
    assert (await inbox(client))["unread"] == 2
    assert (await client.delete("/v1/inbox/a:2022:2/read")).json()["read_at"] is None
    answer = await client.post("/v1/inbox/read", json={"up_to": "a:2022:2"})
    assert answer.json() == {"up_to": "a:2022:2", "unread": 1}
    assert (await inbox(client, "a"))["unread"] == 3


@pytest.mark.parametrize(
    ("method", "path", "who", "status"),
    [
        ("GET", "/v1/inbox", None, 401),
        ("GET", "/v1/inbox", "expert", 403),
        ("GET", "/v1/inbox?municipality=b", "a", 403),
        ("GET", "/v1/inbox?cursor=x", "a", 400),
        ("GET", "/v1/inbox?limit=0", "a", 422),
        ("GET", "/v1/inbox?kind=other", "a", 422),
        ("GET", "/v1/inbox?since=yesterday", "a", 422),
        ("GET", "/v1/inbox?period=foo", "a", 422),
        ("GET", "/v1/inbox?since=2022-11-01T09:00:00", "a", 422),
        ("POST", "/v1/inbox/b:2022:1/read", "a", 404),
        ("DELETE", "/v1/inbox/b:2022:1/read", "a", 404),
        ("POST", "/v1/inbox/none/read", "ministry", 404),
        ("POST", "/v1/inbox/a:2022:1/read", None, 401),
        ("POST", "/v1/inbox/a:2022:1/read", "expert", 403),
    ],
)
async def test_what_is_not_allowed_or_not_there_is_refused(
    live: Live, client: httpx.AsyncClient, *, method: str, path: str, who: str | None, status: int
) -> None:
    await live.uses.telling.hear(facts(score("a"), score("b")))
    client.headers.pop("Authorization")
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    answer = await client.request(method, path, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", [{}, {"up_to": ""}, {"up_to": 5}, {"up_to": "a:2022:1", "more": 1}])
async def test_a_wrong_body_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.post("/v1/inbox/read", json=body)).status_code == 422


async def test_the_documents_name_both_doors(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    assert {"/v1/inbox", "/v1/inbox/{id}/read", "/v1/inbox/read", "/v1/stream"} <= set(paths)
    assert paths["/v1/stream"]["get"]["x-action"] == "stream.read"
    assert (await client.get("/asyncapi.json")).status_code == 200


async def test_a_municipality_that_there_is_none_of_is_refused_in_the_inbox_and_on_the_stream(
    live: Live, client: httpx.AsyncClient
) -> None:
    assert ids(await inbox(client, municipality="typo")) == []  # The registry has told nothing: nobody can say.
    await live.uses.telling.hear(NAMES)
    await live.uses.telling.hear(facts(score("b")))
    for door in ("/v1/inbox", "/v1/stream"):
        refused = await client.get(door, params={"municipality": "typo"})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")
        assert [one["code"] for one in refused.json()["errors"]] == ["unknown-municipality"]
    assert ids(await inbox(client, "b", municipality="b")) == ["b:2022:1"]  # Its own name is not told yet.
    assert ids(await inbox(client, municipality="-")) == []
