"""The doors of webhooks through a real server: whose they are, secrets shown once, test, replay, refusals."""

from collections.abc import AsyncIterator
from typing import Any, get_args

import httpx
import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook as Verifier

from services.notification.api.webhooks import Posting
from services.notification.api.webhooks.bodies import Kind
from shared.kernel import Refused
from shared.settings import Settings
from tests.contracts.answers import judged
from tests.integration.notification.conftest import Live
from tests.integration.notification.receiving import receiving
from tests.integration.notification.sending import KEY
from tests.integration.notification.told import NAMES, facts, score

URL = "http://127.0.0.1:9/hook"
A = {"id": "a", "name": "Аргаяшский МР", "oktmo": "75606000"}
# What the stream sends and no webhook may ask for.
BESIDE = ("school_listed", "school_delisted")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhook_key": SecretStr(KEY), "webhook_private": True})


@pytest.fixture
async def client(live: Live) -> AsyncIterator[httpx.AsyncClient]:
    await live.uses.telling.hear(NAMES)
    async with httpx.AsyncClient(base_url=live.url, event_hooks=judged(live.app)) as found:
        yield found


async def ask(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: Any = None,
    *,
    who: str = "ministry",
    **headers: str,
) -> httpx.Response:
    told = {"Authorization": f"Bearer {who}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.request(method, path, json=body, headers=told)


async def made(client: httpx.AsyncClient, *, who: str = "ministry", **body: Any) -> dict[str, Any]:
    answer = await ask(client, "POST", "/v1/webhooks", {"url": URL, **body}, who=who)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_secret_is_shown_once(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "POST", "/v1/webhooks", {"url": URL, "municipality": "75606000"})
    told = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/webhooks/{told['id']}")
    assert told["secret"].startswith("whsec_")
    assert len(told["secret"]) == len("whsec_") + 44
    assert (told["state"], told["municipality"], told["place"]) == ("active", A, 0)
    assert told["kinds"] == [*get_args(Kind)]
    one = await ask(client, "GET", f"/v1/webhooks/{told['id']}")
    assert one.headers["etag"] == '"1"'
    assert "secret" not in one.json()
    assert told["secret"] not in (await ask(client, "GET", "/v1/webhooks")).text


async def test_a_repeated_registration_shows_the_same_secret(client: httpx.AsyncClient) -> None:
    first = await ask(client, "POST", "/v1/webhooks", {"url": URL}, Idempotency_Key="k1")
    again = await ask(client, "POST", "/v1/webhooks", {"url": URL}, Idempotency_Key="k1")
    assert again.status_code == 201
    assert {**first.json(), "place": 0} == {**again.json(), "place": 0}
    other = await ask(client, "POST", "/v1/webhooks", {"url": f"{URL}/2"}, Idempotency_Key="k1")
    assert other.json()["code"] == "idempotency-key-reused"
    assert len((await ask(client, "GET", "/v1/webhooks")).json()["items"]) == 1


async def test_a_repeated_registration_asks_no_name_server(
    live: Live, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(_: Posting, url: str) -> None:
        raise Refused("invalid-webhook", "Вебхук не принят", f"Имени {url} не находится.")

    first = await ask(client, "POST", "/v1/webhooks", {"url": URL}, Idempotency_Key="k1")
    monkeypatch.setattr(Posting, "check", silent)
    again = await ask(client, "POST", "/v1/webhooks", {"url": URL}, Idempotency_Key="k1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert (await ask(client, "POST", "/v1/webhooks", {"url": URL}, Idempotency_Key="k2")).status_code == 422


async def test_everybody_sees_their_own_and_the_staff_all(client: httpx.AsyncClient) -> None:
    ministry = await made(client)
    of_a, of_system = await made(client, who="a"), await made(client, who="system", municipality="a")
    assert of_a["municipality"] == A
    assert of_a["holder"] == {"municipality": A, "source": None}
    assert of_system["holder"] == {"municipality": None, "source": "demo"}

    async def seen(who: str) -> list[str]:
        items = (await ask(client, "GET", "/v1/webhooks", who=who)).json()["items"]
        return [one["id"] for one in items]

    assert await seen("ministry") == [ministry["id"], of_a["id"], of_system["id"]]
    assert await seen("a") == [of_a["id"]]
    assert await seen("b") == []
    assert await seen("system") == [of_system["id"]]
    for who in ("b", "system"):
        assert (await ask(client, "GET", f"/v1/webhooks/{of_a['id']}", who=who)).status_code == 404
        assert (await ask(client, "DELETE", f"/v1/webhooks/{of_a['id']}", who=who)).status_code == 404
        assert (await ask(client, "POST", f"/v1/webhooks/{of_a['id']}/test", who=who)).status_code == 404
        assert (await ask(client, "GET", f"/v1/deliveries?webhook={of_a['id']}", who=who)).status_code == 404
    assert (await ask(client, "DELETE", f"/v1/webhooks/{of_a['id']}", who="a")).json()["id"] == of_a["id"]
    assert await seen("a") == []


async def test_nobody_registers_for_news_that_they_could_not_read(client: httpx.AsyncClient) -> None:
    of_system = await made(client, who="system")
    assert of_system["kinds"] == ["score_changed", "rating_changed", "edition_published"]
    assert (await made(client, who="a"))["kinds"] == [*get_args(Kind)]
    kinds = ["score_changed", "edition_drafted", "objection_raised"]
    answer = await ask(client, "POST", "/v1/webhooks", {"url": URL, "kinds": kinds}, who="system")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (403, "kind-not-allowed")
    assert [one["pointer"] for one in told["errors"]] == ["/kinds/1", "/kinds/2"]
    assert "edition_drafted, objection_raised" in told["detail"]
    assert "score_changed, rating_changed, edition_published" in told["detail"]


async def test_pages_of_webhooks_are_linked(client: httpx.AsyncClient) -> None:
    ids = [(await made(client))["id"] for _ in range(3)]
    first = await ask(client, "GET", "/v1/webhooks?limit=2")
    second = await ask(client, "GET", first.links["next"]["url"])
    assert [one["id"] for one in [*first.json()["items"], *second.json()["items"]]] == ids
    assert second.json()["next"] is None


async def test_subscriptions_name_every_way_of_being_told(client: httpx.AsyncClient) -> None:
    hook = await made(client, who="a")
    of_a = (await ask(client, "GET", "/v1/subscriptions", who="a")).json()["items"]
    assert [(one["id"], one["channel"], one["municipality"]) for one in of_a] == [
        ("inbox", "inbox", A),
        ("stream", "stream", A),
        (hook["id"], "webhook", A),
    ]
    assert set(of_a[1]["kinds"]) == {*get_args(Kind), *BESIDE}, "what the stream sends"
    assert (await ask(client, "GET", "/v1/subscriptions", who="system")).json() == {"items": [], "next": None}


async def test_pausing_names_the_revision_that_it_follows(client: httpx.AsyncClient) -> None:
    path = f"/v1/webhooks/{(await made(client))['id']}"
    assert (await ask(client, "PATCH", path, {"state": "paused"})).status_code == 428
    paused = await ask(client, "PATCH", path, {"state": "paused"}, If_Match='"1"')
    assert (paused.json()["state"], paused.headers["etag"]) == ("paused", '"2"')
    assert (await ask(client, "PATCH", path, {"state": "active"}, If_Match='"1"')).status_code == 412
    same = await ask(client, "PATCH", path, {"state": "paused"}, If_Match='"2"')
    assert same.headers["etag"] == '"2"'


async def test_a_test_message_is_signed_by_both_secrets_while_they_overlap(client: httpx.AsyncClient) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda number: 200 if number < 3 else 500
        hook = await made(client, url=receiver.url)
        path = f"/v1/webhooks/{hook['id']}"
        turn, first = f"{path}/rotate", {"If_Match": '"1"', "Idempotency_Key": "r"}
        assert (await ask(client, "POST", turn, {"overlap_hours": 2})).status_code == 428
        rotated = (await ask(client, "POST", turn, {"overlap_hours": 2}, **first)).json()
        assert rotated["overlap_until"] is not None
        again = (await ask(client, "POST", turn, {"overlap_hours": 2}, **first)).json()
        assert again == rotated
        assert rotated["secret"] != hook["secret"]
        late = await ask(client, "POST", turn, {"overlap_hours": 0}, If_Match='"1"')
        assert (late.status_code, late.json()["code"]) == (412, "stale-revision")
        unfinished = await ask(client, "POST", turn, {"overlap_hours": 2}, If_Match='"2"')
        assert (unfinished.status_code, unfinished.json()["code"]) == (409, "rotation-unfinished")
        tested = (await ask(client, "POST", f"{path}/test")).json()
        assert (tested["delivered"], tested["status"], tested["body"]) == (True, 200, "получено")
        [came] = receiver.came
        for secret in (hook["secret"], rotated["secret"]):
            assert Verifier(secret).verify(came.body, came.headers)["type"] == "test"
        leaked = (await ask(client, "POST", turn, {"overlap_hours": 0}, If_Match='"2"')).json()
        await ask(client, "POST", f"{path}/test")
        assert receiver.came[1].verified(leaked["secret"])["data"] == {"webhook": hook["id"]}
        assert len(receiver.came[1].headers["webhook-signature"].split()) == 1
        failed = (await ask(client, "POST", f"{path}/test")).json()
        assert (failed["delivered"], failed["status"], failed["reason"]) == (False, 500, "http-500")


async def test_a_replay_makes_deliveries_that_are_listed(live: Live, client: httpx.AsyncClient) -> None:
    hook = await made(client)
    path = f"/v1/webhooks/{hook['id']}"
    await live.uses.telling.hear(facts(score("a"), score("a", 2)))
    nothing = await ask(client, "POST", f"{path}/replay", {"from": 1})
    assert nothing.json() == {"deliveries": 0, "first": None, "last": None, "next": None}
    late = await ask(client, "POST", f"{path}/replay", {"from": 3})
    assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "out-of-range")
    assert (await ask(client, "POST", f"{path}/replay", {})).status_code == 422
    assert (
        await ask(client, "POST", f"{path}/replay", {"from": 1, "since": "2020-01-01T00:00:00Z"})
    ).status_code == 422
    since = await ask(client, "POST", f"{path}/replay", {"since": "2020-01-01T00:00:00+05:00"})
    assert since.json()["deliveries"] == 0
    assert (await ask(client, "GET", "/v1/deliveries?state=dead")).json() == {"items": [], "next": None}


async def test_deliveries_are_listed_page_by_page(live: Live, client: httpx.AsyncClient) -> None:
    store = live.app.state.webhooks._deliveries
    await made(client)
    await live.uses.telling.hear(facts(*(score("a", number) for number in range(1, 4))))
    [hook] = await store.active()
    spread = await live.app.state.webhooks._rendered(hook, await live.uses.telling.behind(0))
    await store.spread(hook, 3, spread, None)
    first = await ask(client, "GET", "/v1/deliveries?limit=2")
    assert [one["number"] for one in first.json()["items"]] == [3, 2]
    second = await ask(client, "GET", first.links["next"]["url"])
    [one] = second.json()["items"]
    assert (one["number"], one["state"], one["attempts"], one["tries"]) == (1, "waiting", 0, [])
    assert one["message"] == f"msg_{hook.id}_1"
    assert one["next_at"] is not None


@pytest.mark.parametrize(
    ("who", "method", "path", "body", "status"),
    [
        (None, "GET", "/v1/webhooks", None, 401),
        ("expert", "GET", "/v1/webhooks", None, 403),
        ("powerless", "GET", "/v1/deliveries", None, 403),
        ("powerless", "POST", "/v1/webhooks", {"url": URL}, 403),
        ("a", "POST", "/v1/webhooks", {"url": URL, "municipality": "b"}, 403),
        ("ministry", "POST", "/v1/webhooks", {"url": URL, "municipality": "nowhere"}, 422),
        ("ministry", "POST", "/v1/webhooks", {"url": "https://user:x@example.org/"}, 422),
        ("ministry", "POST", "/v1/webhooks", {"url": "https://no-such-host.invalid/"}, 422),
        ("ministry", "POST", "/v1/webhooks", {"url": URL, "kinds": []}, 422),
        ("ministry", "POST", "/v1/webhooks", {"url": URL, "kinds": ["other"]}, 422),
        ("ministry", "POST", "/v1/webhooks", {"url": URL, "more": 1}, 422),
        ("ministry", "GET", "/v1/webhooks/none", None, 404),
        ("ministry", "POST", "/v1/webhooks/none/rotate", {"overlap_hours": 1}, 404),
        ("ministry", "POST", "/v1/webhooks/none/rotate", {"overlap_hours": 169}, 422),
        ("ministry", "POST", "/v1/webhooks/none/replay", {"from": 1}, 404),
        ("ministry", "POST", "/v1/webhooks/none/replay", {"since": "9999-12-31T23:59:59-05:00"}, 422),
        ("ministry", "GET", "/v1/deliveries?webhook=none", None, 404),
        ("ministry", "GET", "/v1/deliveries?cursor=x", None, 400),
        ("ministry", "GET", "/v1/deliveries?state=lost", None, 422),
    ],
)
async def test_what_is_not_allowed_or_wrong_is_refused(  # noqa: PLR0917 - pytest calls it by names
    client: httpx.AsyncClient, who: str | None, method: str, path: str, body: Any, status: int
) -> None:
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    answer = await client.request(method, path, json=body, headers=headers | {"If-Match": '"1"'})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_no_more_than_twenty_of_one_holder(client: httpx.AsyncClient) -> None:
    for _ in range(20):
        await made(client, who="a")
    answer = await ask(client, "POST", "/v1/webhooks", {"url": URL}, who="a")
    assert (answer.status_code, answer.json()["code"]) == (409, "too-many-webhooks")
    await made(client, who="b")


class TestWithoutPermission:
    """Where inner addresses are not allowed, as everywhere but in trials; and where no key was given."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"webhook_private": False, "webhook_key": None})

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("http://127.0.0.1:8000/", "address-not-allowed"),
            ("http://localhost:8000/", "address-not-allowed"),
            ("http://2130706433/", "address-not-allowed"),
            ("http://0x7f.1/", "address-not-allowed"),
            ("http://[::1]:8000/", "address-not-allowed"),
            ("http://[::ffff:127.0.0.1]/", "address-not-allowed"),
            ("http://169.254.169.254/latest/meta-data", "address-not-allowed"),
            ("http://127.0.0.1:27017/", "port-not-allowed"),
        ],
    )
    async def test_an_address_inside_is_refused_however_it_is_written(
        self, client: httpx.AsyncClient, url: str, code: str
    ) -> None:
        answer = await ask(client, "POST", "/v1/webhooks", {"url": url})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)

    async def test_without_a_key_nothing_is_registered(self, client: httpx.AsyncClient) -> None:
        answer = await ask(client, "POST", "/v1/webhooks", {"url": "http://8.8.8.8/"})
        assert (answer.status_code, answer.json()["code"]) == (409, "webhooks-without-key")
