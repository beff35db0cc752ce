"""The portal's start page: what runs, what does not, and where to look."""

import json
from collections.abc import Callable

import httpx
import pytest

from services.portal.app import create
from services.portal.clients import Readiness, Services
from shared.settings import Settings

Answer = Callable[[httpx.Request], httpx.Response]
ADDRESSES = {name: f"http://{name}.test" for name in ("registry", "monitoring", "scoring", "roadmap", "notification")}


def answers(request: httpx.Request) -> httpx.Response:
    """Every service in another state."""
    checks = {"started": True, "mongodb": True}
    match request.url.host.removesuffix(".test"):
        case "registry":
            return httpx.Response(200, json={"status": "ready", "checks": checks, "degraded": []})
        case "monitoring":
            return httpx.Response(200, json={"status": "degraded", "checks": checks, "degraded": ["consuming"]})
        case "scoring":
            return httpx.Response(503, json={"status": "unready", "checks": {**checks, "mongodb": False}})
        case "roadmap":
            return httpx.Response(200, text="<script>alert(1)</script>")
        case _:
            raise httpx.ConnectError("away")


async def readiness(answer: Answer) -> dict[str, Readiness]:
    services = Services(ADDRESSES, transport=httpx.MockTransport(answer))
    found = await services.readiness()
    await services.close()
    return {one.name: one for one in found}


async def test_each_service_is_asked_and_told_by_its_state():
    found = await readiness(answers)
    assert {name: (one.state, one.why) for name, one in found.items()} == {
        "registry": ("ready", ()),
        "monitoring": ("degraded", ("consuming",)),
        "scoring": ("unready", ("mongodb",)),
        "roadmap": ("away", ()),
        "notification": ("away", ()),
    }


@pytest.mark.parametrize("told", [None, [], "ready", {"status": "fine"}, {"status": ["ready"]}])
async def test_what_is_no_report_counts_as_away(told: object):
    found = await readiness(lambda _: httpx.Response(200, content=json.dumps(told)))
    assert {one.state for one in found.values()} == {"away"}


async def test_a_report_of_another_shape_is_still_shown():
    found = await readiness(lambda _: httpx.Response(200, json={"status": "ready", "checks": 1, "degraded": 2}))
    assert {(one.state, one.why) for one in found.values()} == {("ready", ())}


async def page(settings: Settings) -> httpx.Response:
    app = create(settings)
    app.state.uses = Services(ADDRESSES, transport=httpx.MockTransport(answers))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal") as client:
        css = await client.get("/static/portal.css")
        assert (css.status_code, css.headers["content-type"].split(";")[0]) == (200, "text/css")
        return await client.get("/")


async def test_the_page_says_in_russian_what_runs_and_links_to_it():
    answer = await page(Settings(env="local"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    text = answer.text
    assert '<html lang="ru">' in text
    assert "готовы 2 из 5" in text
    assert 'href="http://registry.test/docs"' in text
    assert "события Kafka пока не читаются" in text
    assert "база данных не отвечает" in text
    assert "./rsoko logs notification" in text
    assert "http://notification.test/docs" not in text
    assert "alert(1)" not in text


def test_a_stranger_name_of_a_check_is_shown_escaped():
    from services.portal.views import _row

    assert "&lt;b&gt;" in _row(Readiness("registry", "Реестр", "http://r", "unready", ("<b>",)))
