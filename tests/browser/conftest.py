"""One platform with the region for all browser tests, one Chromium, and people who are signed in through the issuer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from deploy.local import tools
from tests.browser.visits import WIDTHS, Visit
from tests.e2e.conftest import Running, until, whole_platform
from tests.e2e.people import FOREIGN, FOREIGN_SCHOOL, OWN, PUBLIC, SCHOOL

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # A page lives for two seconds here: making its scripts faster beside it costs a third more than they take.
    "--js-flags=--no-opt,--no-maglev",
]
WHO = {
    "ministry": {"user": "ministry"},
    "operator": {"user": "regional_operator"},
    "assessor": {"user": "assessor"},
    "own municipality": {"role": "municipality", "own": OWN},
    "foreign municipality": {"role": "municipality", "own": FOREIGN},
    "own school": {"role": "organization", "own": SCHOOL},
    "foreign school": {"role": "organization", "own": FOREIGN_SCHOOL},
    "expert": {"role": "expert", "own": "expert-1"},
}
Visiting = Callable[..., Visit]
# How soon a page shows what it waits for is no property of it: the browser shares the machine with the platform.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; ended with the package, because its loop would stand in the way of async tests."""
    if tools.BROWSER.name in tools.without():
        pytest.skip(f"{tools.WITHOUT} leaves the browser out")
    path = tools.BROWSER.path()
    assert path, "no Chromium: ./rsoko test installs it or says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def running(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Everything up, the region in; stopped after the last browser test."""
    with whole_platform(Path(tmp_path_factory.mktemp("browser"))) as found:
        yield found


@pytest.fixture(scope="package")
def signed_in(running: Running, chromium: Browser) -> Callable[[str], StorageState]:
    """The cookies of somebody who signed in at the issuer's page; each signs in once."""
    known: dict[str, StorageState] = {}

    def sign_in(who: str) -> StorageState:
        if who not in known:
            context = chromium.new_context(locale="ru-RU")
            enter(context, running, who)
            known[who] = context.storage_state()
            context.close()
        return known[who]

    return sign_in


def enter(context: BrowserContext, running: Running, who: str, *, wanted: str = "/", expected: str = "") -> Page:
    """Go through the sign-in as this person would; the page where it ends, which is the one wanted or expected."""
    page = context.new_page()
    portal, told = running.settings.url("portal"), WHO[who]
    page.goto(f"{portal}/login?next={quote(wanted, safe='')}")
    if "user" in told:
        page.locator(f'a[href*="{urlencode({"user": told["user"]})}"]').click()
    else:
        form = page.locator(f"form:has(#{told['role']})")
        form.locator(f"#{told['role']}").fill(told["own"])
        form.locator("button").click()
    page.wait_for_url(f"{portal}{expected or wanted}")
    return page


@pytest.fixture
def visit(running: Running, chromium: Browser, signed_in: Callable[[str], StorageState]) -> Iterator[Visiting]:
    """Opens a page for somebody: `visit("operator")`, `visit(width=320, javascript=False)`."""
    contexts: list[BrowserContext] = []

    def come(who: str = PUBLIC, *, width: int = WIDTHS[0], javascript: bool = True) -> Visit:
        context = chromium.new_context(
            locale="ru-RU",
            timezone_id="Asia/Yekaterinburg",
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            storage_state=None if who == PUBLIC else signed_in(who),
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        found = Visit(context.new_page(), running.settings.url("portal"))
        found.watch(context)
        return found

    yield come
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def told(running: Running) -> str:
    """A correction, so that feeds and inboxes hold something; the id of its result."""
    path = f"/v1/results?municipality={OWN}&period=2022&procedure=vpr"
    result = running.tell("operator", "GET", "monitoring", path)["items"][0]
    body = {"values": {**result["values"], "i1": 1}, "reason": "Уточнение после проверки работ"}
    headers = {"If-Match": f'"{result["revision"]}"'}
    running.tell("operator", "POST", "monitoring", f"/v1/results/{result['id']}/revisions", json=body, headers=headers)
    inbox = f"/v1/inbox?municipality={OWN}"
    until(lambda: running.tell("ministry", "GET", "notification", inbox)["items"], what="an item in the inbox")
    advice = f"/v1/recommendations?municipality={OWN}"
    until(lambda: running.tell("ministry", "GET", "roadmap", advice)["items"], what="a recommendation")
    return str(result["id"])
