"""Whose forms are taken: those of the site that people open, whatever name a proxy asks the portal by."""

import re
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi.routing import APIRoute

from shared.policy import the_policy
from shared.web import actions_of
from tests.unit.portal.conftest import Stage

PAPERS = ("json", "pdf")


@pytest.mark.parametrize(
    ("public", "origin", "status"),
    [
        ("https://rsoko.example", "https://rsoko.example", 303),
        ("https://rsoko.example/", "https://rsoko.example", 303),
        ("https://rsoko.example:443", "https://rsoko.example", 303),
        ("https://rsoko.example:8443", "https://rsoko.example:8443", 303),
        ("https://rsoko.example:8443", "https://rsoko.example", 403),
        ("https://rsoko.example", "http://rsoko.example", 403),
        ("https://rsoko.example", "https://rsoko.example.evil", 403),
        ("https://rsoko.example", "https://user@rsoko.example", 403),
        ("https://rsoko.example", "null", 403),
        ("https://rsoko.example", "https://rsoko.example:99999", 403),
        (None, "https://rsoko.example", 403),
    ],
)
async def test_a_form_comes_from_the_site_that_people_open_by_whatever_name_a_proxy_asks(
    stage: Stage, browser: httpx.AsyncClient, public: str | None, origin: str, *, status: int
):
    await stage.sign_in(browser, "ministry")
    portal = stage.app.state.uses
    object.__setattr__(portal, "settings", portal.settings.model_copy(update={"public_url": public}))
    mark = re.search(r'name="form_mark" value="(\w+)"', (await browser.get("/logout")).text)
    assert mark is not None
    told = {"Origin": origin, "Host": "portal:8000", "Sec-Fetch-Site": "same-origin"}
    form, cookies = f"form_mark={mark[1]}", "; ".join(f"{one.name}={one.value}" for one in browser.cookies.jar)
    headers = {**told, "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    assert (await browser.post("/logout", content=form, headers=headers)).status_code == status


async def test_whoever_found_a_weakness_reads_whom_to_tell(stage: Stage, browser: httpx.AsyncClient):
    path, portal = "/.well-known/security.txt", stage.app.state.uses
    assert (await browser.get(path)).status_code == 404, "nobody is named"
    told = {"security_contact": "mailto:security@rsoko.example", "public_url": "https://rsoko.example/"}
    object.__setattr__(portal, "settings", portal.settings.model_copy(update=told))
    answer = await browser.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == told["security_contact"]
    assert fields["Canonical"] == f"https://rsoko.example{path}"
    assert timedelta(days=28) < datetime.fromisoformat(fields["Expires"]) - stage.now < timedelta(days=31)


async def test_machines_are_asked_to_leave_out_what_is_behind_the_sign_in_and_nothing_else(
    stage: Stage, browser: httpx.AsyncClient
):
    answer = await browser.get("/robots.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    first, *lines = answer.text.splitlines()
    assert first == "User-agent: *"
    shut = [re.escape(line.removeprefix("Disallow: ")).replace(r"\*", ".*") for line in lines]
    policy = the_policy()
    # Papers of an explanation are for whoever may see it: their address begins with that of its page.
    beside = {
        "/login",
        "/login/callback",
        "/logout",
        *(f"/municipalities/{{municipality}}/explain.{one}" for one in PAPERS),
    }
    for route in (one for one in stage.app.routes if isinstance(one, APIRoute) and "GET" in one.methods):
        public = all("everyone" in policy.actions[one] for one in actions_of(route))
        found = any(re.match(one, route.path_format) for one in shut)
        assert found is (not public or route.path_format in beside), route.path_format
