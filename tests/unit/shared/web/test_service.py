"""What every service has: probes, documents, guards, one lifespan."""

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from shared.auth import Tokens
from shared.policy import Actor
from shared.settings import load
from shared.web import Health, action_of, actions_of, answered_by, create_app, may, router
from shared.web.documents import STATIC
from tests.unit.shared.signing import Issuer


async def test_readiness_follows_start_drain_and_what_is_needed(client: httpx.AsyncClient, health: Health):
    stores, kafka = [True], [True]
    health.ready("mongo", lambda: stores[0])
    health.wanted("kafka", lambda: kafka[0])
    assert (await client.get("/readyz")).status_code == 503
    health.started = True
    assert (await client.get("/readyz")).json()["status"] == "ready"
    kafka[0] = False
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"], answer.json()["degraded"]) == (200, "degraded", ["kafka"])
    stores[0] = False
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["mongo"]) == (503, False)
    stores[0], health.draining = True, True
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/livez")).status_code == 200


async def test_a_check_that_raises_or_hangs_says_no(
    client: httpx.AsyncClient, health: Health, monkeypatch: pytest.MonkeyPatch
):
    async def hangs() -> bool:
        await asyncio.Event().wait()
        return True

    def raises() -> bool:
        raise RuntimeError

    monkeypatch.setattr("shared.web.health.PATIENCE", 0.01)
    health.alive("hangs", hangs)
    health.alive("raises", raises)
    answer = await client.get("/livez")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"hangs": False, "raises": False})


async def test_what_a_check_says_by_raising_is_logged_once_until_it_can_be_made_again(
    client: httpx.AsyncClient, health: Health, told: list[MutableMapping[str, Any]]
):
    troubles: list[Exception | None] = [OSError(), OSError(), TimeoutError(), None, None, OSError()]

    def raises() -> bool:
        if trouble := troubles.pop(0):
            raise trouble
        return True

    health.ready("mongodb", raises)
    while troubles:
        await client.get("/readyz")
    failed, mended = "health.mongodb.away", "health.mongodb.back"
    lines = [(line["event"], line.get("error")) for line in told if line["event"].startswith("health.")]
    assert lines == [(failed, "OSError"), (failed, "TimeoutError"), (mended, None), (failed, "OSError")]


async def test_metrics_are_told_in_the_text_format(client: httpx.AsyncClient):
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'rsoko_build_info{instance="toy-1"' in answer.text


async def test_the_openapi_document_names_actions_schemes_and_problems(client: httpx.AsyncClient):
    answer = await client.get("/openapi.json")
    told = answer.json()
    assert told["openapi"].startswith("3.1")
    operations = [one for path in told["paths"].values() for one in path.values()]
    assert {one["operationId"] for one in operations} >= {"hot", "listed", "add", "change"}
    assert all("x-action" in one and "problem+json" in str(one["responses"]["default"]) for one in operations)
    assert told["paths"]["/v1/things/hot"]["get"]["security"] == [{"bearer": []}, {}]
    assert told["paths"]["/v1/things"]["get"]["security"] == [{"bearer": []}]
    assert "HTTPValidationError" not in answer.text
    again = await client.get("/openapi.json", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_the_pages_load_nothing_from_elsewhere(client: httpx.AsyncClient):
    docs, events = await client.get("/docs"), await client.get("/asyncapi")
    for page in (docs, events):
        assert page.status_code == 200
        assert '<html lang="ru">' in page.text
        assert "http" not in page.text.replace("http-equiv", "")
    for address in ("swagger-ui.css", "swagger-ui-bundle.js"):
        path = next(part for part in docs.text.split('"') if part.endswith(address))
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=86400")
    assert "sha256-" in docs.headers["content-security-policy"]
    assert "script-src" not in events.headers["content-security-policy"]
    assert (await client.get("/asyncapi.json")).json()["asyncapi"] == "3.0.0"


async def test_the_page_of_events_is_made_once(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    """Anybody may ask for it, and making it takes a tenth of a second."""
    first = await client.get("/asyncapi")
    monkeypatch.setattr("shared.web.documents.event_page", lambda _: pytest.fail("made again"))
    assert (await client.get("/asyncapi")).text == first.text


async def test_static_files_do_not_lead_out_of_their_folder(client: httpx.AsyncClient):
    for path in ("/docs/static/../web/exact.py", "/docs/static/%2e%2e/web/exact.py", "/docs/static/vendor"):
        assert (await client.get(path)).status_code == 404


def test_vendored_files_are_the_named_ones_with_their_licence():
    for told in STATIC.glob("vendor/*/VENDOR.json"):
        vendor = json.loads(told.read_text())
        assert told.parent.name == f"{vendor['name']}-{vendor['version']}"
        found = {one.name: sha256(one.read_bytes()).hexdigest() for one in told.parent.iterdir() if one != told}
        assert found == vendor["sha256"]
        assert "LICENSE" in found


async def test_a_guard_asks_nobody_to_sign_in_and_forbids_somebody(client: httpx.AsyncClient, issuer: Issuer):
    answer = await client.put("/v1/things/1", headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="rsoko"')
    answer = await client.put("/v1/things/1", headers={"If-Match": '"1"', **issuer.bearer("assessor")})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    answer = await client.put("/v1/things/1", headers={"If-Match": '"1"', "Authorization": "Bearer x"})
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_an_issuer_that_is_away_is_503(client: httpx.AsyncClient, issuer: Issuer):
    issuer.away = True
    answer = await client.get("/v1/things", headers=issuer.bearer())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_every_route_tells_its_action(app: FastAPI):
    found = {
        route.name: action_of(route) for route in app.routes if isinstance(route, APIRoute) and "/v1" in route.path
    }
    assert found["change"] == "result.revise"
    assert None not in found.values()


def test_an_unknown_action_and_a_route_without_one_are_seen():
    with pytest.raises(LookupError, match=r"thing\.fly"):
        may("thing.fly")
    routes = router("/v1/x")

    @routes.get("")
    async def nameless() -> None: ...

    route = routes.routes[0]
    assert isinstance(route, APIRoute)
    assert (action_of(route), actions_of(route)) == (None, ())


def test_an_answer_kept_ready_cannot_pass_a_guard():
    routes = router("/v1/x")

    @answered_by(lambda _: None)
    async def secret(actor: Annotated[Actor, Depends(may("result.read"))]) -> None: ...

    with pytest.raises(LookupError, match="pass the guard"):
        routes.get("")(secret)


def _made(tokens: Tokens, **options: Any) -> FastAPI:
    settings = load(env="local", role=options.pop("role", "all"))
    return create_app(service="toy", title="Проба", settings=settings, tokens=tokens, health=Health(), **options)


def test_two_operations_of_one_name_are_refused(tokens: Tokens):
    one, two = router("/v1/a"), router("/v1/b")
    for routes in (one, two):

        @routes.get("")
        async def same() -> None: ...

    with pytest.raises(LookupError, match="same"):
        _made(tokens, routers=[one, two])


async def test_a_worker_opens_its_probes_only(tokens: Tokens):
    routes = router("/v1/a")

    @routes.get("")
    async def door() -> None: ...

    app = _made(tokens, routers=[routes], role="worker")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as client:
        assert (await client.get("/v1/a")).status_code == 404
        assert (await client.get("/livez")).status_code == 200


async def test_the_lifespan_runs_and_leaves_no_task(tokens: Tokens):
    seen: list[str] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        seen.append("started")
        yield
        seen.append("stopped")

    for given in (lifespan, None):
        app = _made(tokens, lifespan=given)
        async with app.router.lifespan_context(app):
            assert any(task.get_name() == "watch-loop" for task in asyncio.all_tasks())
        assert not any(task.get_name() == "watch-loop" for task in asyncio.all_tasks())
    assert seen == ["started", "stopped"]


def test_the_styles_of_the_pages_are_here():
    assert (Path(STATIC) / "docs.css").is_file()
