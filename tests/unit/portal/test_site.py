"""Whose forms are taken: those of the site that people open, whatever name a proxy asks the portal by."""

import re

import httpx
import pytest

from tests.unit.portal.conftest import Stage


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
