"""A live page when something goes wrong on the way: nothing is lost for good, and no click empties the page."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visiting
from tests.browser.test_live import LATE, Corrections, changed, connected, corrections, newest
from tests.e2e.people import OWN

__all__ = ["corrections"]
# The first page that the script fetches comes with its headers, and breaks off in the middle of its body.
BREAKS_OFF = """(() => {
  const fetched = window.fetch;
  window.broken = 0;
  window.statuses = [];
  window.fetch = async (address, options) => {
    window.patient = options && options.signal instanceof AbortSignal;
    const answer = await fetched(address, options);
    window.statuses.push(answer.status);
    if (window.broken++ || answer.status !== 200) return answer;
    const body = new ReadableStream({start: (half) => half.error(new TypeError("broken off"))});
    return new Response(body, {status: 200, headers: answer.headers});
  };
})()"""
STREAMS = """(() => {
  window.streams = [];
  const Stream = window.EventSource;
  window.EventSource = class extends Stream { constructor(...told) { super(...told); window.streams.push(this); } };
  window.show = (visible) => {
    Object.defineProperty(document, "hidden", {value: !visible, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
  };
})()"""
OPEN = "() => window.streams.filter((one) => one.readyState === EventSource.OPEN).length"


def test_a_page_that_broke_off_on_its_way_is_asked_for_again(visit: Visiting, corrections: Corrections) -> None:
    visitor = visit("operator")
    visitor.page.add_init_script(BREAKS_OFF)
    page = visitor.open("/")
    page.wait_for_function("() => window.statuses.length >= 2", timeout=LATE)
    # 304 would mean: as you have it; and nobody has what broke off.
    assert page.evaluate("window.statuses.slice(0, 2)") == [200, 200]
    before = newest(page)
    corrections.post()
    changed(page, before)
    assert page.evaluate("window.patient"), "a request that hangs would hold up all later ones"


def test_a_page_that_cannot_be_fetched_says_so_while_its_stream_goes_on(
    visit: Visiting, corrections: Corrections
) -> None:
    page = visit("operator").open("/")
    connected(page)
    failing = True

    def answer(route: Route) -> None:
        if failing and route.request.resource_type == "fetch":
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route(lambda address: not address.endswith("/stream"), answer)
    before = newest(page)
    corrections.post()
    expect(page.locator("#state")).to_contain_text("Обновить страницу пока не получается")
    failing = False
    changed(page, before)
    connected(page)


def test_a_tab_that_nobody_looks_at_gives_its_connection_back_and_catches_up(
    visit: Visiting, corrections: Corrections
) -> None:
    visitor = visit("operator")
    visitor.page.clock.install()
    visitor.page.add_init_script(STREAMS)
    page = visitor.open("/")
    connected(page)
    page.evaluate("window.show(false)")
    page.clock.fast_forward(31_000)
    # At once, by its timer: a stream that is only silent is closed after 40 seconds, and opened again.
    assert page.evaluate(OPEN) == 0
    page.clock.fast_forward(31_000)
    assert page.evaluate(OPEN) == 0
    before, items = newest(page), corrections.items()
    corrections.post()
    page.evaluate("window.show(true)")
    changed(page, before)
    assert corrections.items() > items
    assert page.evaluate(OPEN) == 1


@pytest.mark.parametrize("trouble", ["an answer of a proxy", "no answer at all"])
def test_a_click_that_gets_no_page_of_ours_is_followed_as_a_plain_link(visit: Visiting, trouble: str) -> None:
    page = visit("operator").open("/")
    link = page.locator("#group-2")
    target = str(link.get_attribute("href"))
    stood_in_the_way: list[str] = []

    def answer(route: Route) -> None:
        if route.request.headers.get("hx-request"):
            stood_in_the_way.append(route.request.url)
            if trouble == "no answer at all":
                route.abort()
            else:
                route.fulfill(status=502, content_type="text/html", body="<html><body>Bad Gateway</body></html>")
        else:
            route.continue_()

    page.route("**/*", answer)
    link.click()
    page.wait_for_url(f"**{target}")
    expect(page.locator("#live")).to_be_visible()
    expect(page.locator(f"#row-{OWN}")).to_be_visible()
    assert stood_in_the_way


BEYOND = "999999999"
FETCHES = """(() => {
  const fetched = window.fetch;
  window.fetches = 0;
  window.fetch = (...told) => { window.fetches++; return fetched(...told); };
})()"""
TELL = """([kind, id]) => window.streams.at(-1).dispatchEvent(
  new MessageEvent(kind, {data: "{}", lastEventId: id}))"""


def quiet(visit: Visiting) -> Page:
    """A page that is connected and has fetched what it fetches when its stream opens."""
    visitor = visit("operator")
    visitor.page.add_init_script(STREAMS + ";" + FETCHES)
    page = visitor.open("/inbox")
    connected(page)
    page.wait_for_function("() => window.fetches >= 1", timeout=LATE)
    page.wait_for_load_state("networkidle")
    page.evaluate("window.fetches = 0")
    return page


def test_what_was_told_to_others_only_is_looked_for_when_the_heart_beats(visit: Visiting) -> None:
    page = quiet(visit)
    page.evaluate(TELL, ["heartbeat", BEYOND])
    page.wait_for_function("() => window.fetches >= 1", timeout=LATE)


def test_a_page_is_looked_at_again_once_those_who_answer_have_heard(visit: Visiting) -> None:
    page = quiet(visit)
    page.evaluate(TELL, ["rating_changed", BEYOND])
    page.wait_for_function("() => window.fetches >= 2", timeout=LATE)
