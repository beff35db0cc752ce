"""The layer around every request: ids, traces, rates, headers, metrics, CORS."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from prometheus_client import generate_latest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from deploy.local.programs import UVICORN
from shared.auth import Tokens
from shared.kernel import Cause
from shared.settings import load
from shared.telemetry import current_cause, metrics, named_cause
from shared.web import Health, create_app, router
from shared.web.rates import REMEMBERED, Rates, client_of
from tests.unit.shared.signing import Issuer

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def seen() -> list[Cause]:
    return []


@pytest.fixture
def app(tokens: Tokens, given: dict[str, Any], seen: list[Cause]) -> FastAPI:
    routes = router("/v1/edge")

    @routes.get("/{thing}/cause")
    async def cause(thing: str) -> None:
        seen.append(current_cause())

    @routes.put("/{thing}")
    async def written(thing: str) -> None:
        seen.append(current_cause())

    @routes.get("/both")
    async def both() -> None:
        seen.append(current_cause())

    @routes.get("/stream")
    async def stream(breaks: int = 0) -> StreamingResponse:
        async def events() -> Any:
            yield b"data: 1\n\n"
            if breaks:
                raise RuntimeError("in the middle")

        return StreamingResponse(events(), media_type="text/event-stream")

    return create_app(
        service="edge", title="Край", settings=load(**given), tokens=tokens, health=Health(), routers=[routes]
    )


async def test_a_sane_correlation_id_and_the_trace_are_taken_on(client: httpx.AsyncClient, seen: list[Cause]):
    answer = await client.get("/v1/edge/1/cause", headers={"X-Correlation-Id": "c-1", "traceparent": PARENT})
    assert answer.headers["x-correlation-id"] == "c-1"
    assert seen[0].correlation == "c-1"
    assert (seen[0].traceparent or "").startswith(f"00-{'a' * 32}-")
    assert named_cause() is None


@pytest.mark.parametrize("told", ["", "a b", "x" * 129, "я".encode(), "<script>"])
async def test_another_correlation_id_is_replaced(client: httpx.AsyncClient, told: str | bytes):
    answer = await client.get("/v1/edge/1/cause", headers={"X-Correlation-Id": told})
    assert len(answer.headers["x-correlation-id"]) == 36


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient):
    for path in ("/v1/edge/1/cause", "/nowhere", "/livez"):
        answer = await client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["Authorization", "Host"])
async def test_what_is_one_thing_and_said_twice_is_refused(client: httpx.AsyncClient, seen: list[Cause], name: str):
    """Of two tokens the rate would be that of one, and the door would admit the other."""
    answer = await client.get("/v1/edge/1/cause", headers=[(name, "one"), (name, "other")])
    assert (answer.status_code, answer.json()["code"], seen) == (400, "repeated-header", [])
    assert answer.headers["content-type"] == "application/problem+json"
    assert name in answer.json()["detail"]


async def test_a_request_to_no_host_is_refused(client: httpx.AsyncClient):
    asked = client.build_request("GET", "/v1/edge/1/cause")
    del asked.headers["host"]
    answer = await client.send(asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "host-required")


def _count(route: str, status: int) -> float:
    return metrics.HTTP_REQUESTS.labels("edge", "GET", route, str(status))._value.get()


async def test_requests_are_counted_by_the_template_of_the_route(client: httpx.AsyncClient):
    before, missed = _count("/v1/edge/{thing}/cause", 200), _count("unmatched", 404)
    await client.get("/v1/edge/1/cause")
    await client.get("/v1/edge/2/cause")
    await client.get("/secret-number-17")
    assert _count("/v1/edge/{thing}/cause", 200) == before + 2
    assert _count("unmatched", 404) == missed + 1
    told = generate_latest(metrics.REGISTRY).decode()
    assert "secret-number" not in told
    assert 'rsoko_http_request_seconds_count{method="GET",route="/v1/edge/{thing}/cause",service="edge"}' in told


async def test_an_unknown_method_is_one_label(client: httpx.AsyncClient):
    await client.request("BREW", "/v1/edge/1/cause")
    assert 'method="BREW"' not in generate_latest(metrics.REGISTRY).decode()


async def test_an_answer_that_broke_after_it_began_breaks_the_connection(app: FastAPI):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://edge") as client:
        with pytest.raises(RuntimeError, match="in the middle"):
            await client.get("/v1/edge/stream?breaks=1")


async def test_a_stream_is_not_timed(client: httpx.AsyncClient):
    await client.get("/v1/edge/stream")
    told = metrics.HTTP_SECONDS.labels("edge", "GET", "/v1/edge/stream")
    assert told._sum.get() == 0


async def test_a_listed_portal_may_call_and_another_may_not(client: httpx.AsyncClient):
    asked = {"Origin": "https://portal.example", "Access-Control-Request-Method": "GET"}
    answer = await client.options("/v1/edge/1/cause", headers=asked)
    assert answer.headers["access-control-allow-origin"] == "https://portal.example"
    for name in ("Authorization", "Idempotency-Key", "Last-Event-ID", "X-Correlation-Id", "traceparent"):
        answer = await client.options("/v1/edge/1/cause", headers={**asked, "Access-Control-Request-Headers": name})
        assert answer.status_code == 200, name
    answer = await client.get("/v1/edge/1/cause", headers={"Origin": "https://portal.example"})
    assert "ETag" in answer.headers["access-control-expose-headers"]
    answer = await client.get("/v1/edge/1/cause", headers={"Origin": "https://other.example"})
    assert "access-control-allow-origin" not in answer.headers


class TestRate:
    @pytest.fixture
    def given(self) -> dict[str, Any]:
        return {"env": "local", "rate_limit": "3/hour"}

    async def test_a_client_over_its_rate_is_told_when_to_return_and_probes_never(self, client: httpx.AsyncClient):
        for _ in range(3):
            assert (await client.get("/v1/edge/1/cause")).status_code == 200
        answer = await client.get("/v1/edge/1/cause")
        assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
        assert int(answer.headers["retry-after"]) >= 1
        assert (await client.get("/livez")).status_code == 200

    async def test_a_believed_token_has_a_rate_of_its_own(
        self, client: httpx.AsyncClient, tokens: Tokens, issuer: Issuer
    ):
        bearer = issuer.bearer()
        await tokens.actor(bearer["Authorization"])
        for _ in range(4):
            last = await client.get("/v1/edge/1/cause")
        assert last.status_code == 429
        assert (await client.get("/v1/edge/1/cause", headers=bearer)).status_code == 200
        assert (await client.get("/v1/edge/1/cause", headers={"Authorization": "Bearer x"})).status_code == 429

    async def test_people_of_one_portal_have_rates_of_their_own(
        self, client: httpx.AsyncClient, tokens: Tokens, issuer: Issuer
    ):
        people = [issuer.bearer(sub=name, client_id="portal") for name in ("a", "b")]
        for person in people:
            await tokens.actor(person["Authorization"])
        for _ in range(4):
            last = await client.get("/v1/edge/1/cause", headers=people[0])
        assert last.status_code == 429
        assert (await client.get("/v1/edge/1/cause", headers=people[1])).status_code == 200

    async def test_visitors_that_our_portal_names_have_rates_of_their_own_and_nobody_else_names_any(self, app: FastAPI):
        # As uvicorn does by itself: who asks from this machine may say for whom.
        assert not {"--no-proxy-headers", "--forwarded-allow-ips"} & set(UVICORN)
        behind = ProxyHeadersMiddleware(app, trusted_hosts="127.0.0.1")

        async def statuses(peer: str, visitors: list[str]) -> list[int]:
            transport = httpx.ASGITransport(behind, client=(peer, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://edge.test") as client:
                asked = [{"X-Forwarded-For": one} for one in visitors]
                return [(await client.get("/v1/edge/1/cause", headers=one)).status_code for one in asked]

        assert await statuses("127.0.0.1", ["198.51.100.1"] * 4) == [200, 200, 200, 429]
        assert await statuses("127.0.0.1", ["198.51.100.2"]) == [200]
        assert await statuses("203.0.113.9", [f"198.51.100.{n}" for n in range(4)]) == [200, 200, 200, 429]


def test_the_window_slides():
    rates = Rates("10/minute")
    assert [rates.take("a", 30.0 + n) is None for n in range(11)] == [True] * 10 + [False]
    assert rates.take("b", 40.0) is None
    assert rates.take("a", 60.0) is not None  # all of the last window still weighs
    assert [rates.take("a", 90.0) is None for _ in range(6)] == [True] * 5 + [False]  # half of it
    assert rates.take("a", 600.0) is None


def test_remembered_clients_are_bounded():
    rates = Rates("10/minute")
    for number in range(REMEMBERED + 10):
        rates.take(str(number), 1.0)
    assert len(rates._counts) == REMEMBERED


def test_who_asks_again_and_again_is_not_forgotten_for_those_who_come_and_go():
    rates = Rates("10/minute")
    for _ in range(10):
        rates.take("a", 1.0)
    for number in range(REMEMBERED + 10):
        rates.take(str(number), 1.0)
        assert number % 10_000 or rates.take("a", 1.0) is not None


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("198.51.100.7", "198.51.100.7"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_a_network_of_ipv6_is_one_client(address: str, client: str):
    assert client_of(address) == client


@pytest.mark.parametrize(
    ("address", "told"), [("https://rsoko.example", "max-age=31536000"), ("http://a.test", None), (None, None)]
)
async def test_browsers_keep_to_https_where_the_platform_is_reached_so(
    tokens: Tokens, given: dict[str, Any], address: str | None, told: str | None
):
    settings = load(**given, public_url=address)
    app = create_app(service="edge", title="Край", settings=settings, tokens=tokens, health=Health(), routers=[])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://edge") as client:
        for path in ("/livez", "/no"):
            assert (await client.get(path)).headers.get("strict-transport-security") == told


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/openapi.json", "/v1/edge/1/cause", "/v1/edge/stream", "/no"])
async def test_head_is_answered_as_get_without_a_body(client: httpx.AsyncClient, path: str):
    whole, heads = await client.get(path), await client.head(path)
    assert (heads.status_code, heads.content) == (whole.status_code, b"")
    passing = {"x-correlation-id"}
    assert {**heads.headers, **dict.fromkeys(passing)} == {**whole.headers, **dict.fromkeys(passing)}


async def test_what_only_writes_has_no_head_and_names_every_method_of_its_path(client: httpx.AsyncClient):
    assert (await client.delete("/v1/edge/both")).headers["allow"] == "GET, HEAD, PUT"
    refused = await client.head("/v1/edge/written")
    assert (refused.status_code, refused.headers["allow"]) == (405, "PUT")
