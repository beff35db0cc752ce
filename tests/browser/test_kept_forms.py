"""A session ends while somebody writes: the text is still there, and is sent after signing in in another tab."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visiting, enter
from tests.e2e.conftest import Running
from tests.e2e.people import OWN

NEW = f"/results/new?procedure=vpr&municipality={OWN}&period=2014"
TEXT = "Сверено с протоколом № 7 «о школах»\nи с приложением"


def test_what_was_typed_outlives_the_session(running: Running, visit: Visiting) -> None:
    visitor = visit("own municipality")
    page = visitor.open(NEW)
    for field in page.locator("input[id^=value-]").all():
        field.fill("0")
    page.fill("#comment", TEXT)
    page.context.clear_cookies()
    page.get_by_role("button", name="Отправить результат").click()
    expect(page.locator("h1")).to_have_text("Сеанс закончился")
    assert "«о школах»" in page.locator("input[name=comment]").input_value()
    visitor.troubles.clear()  # the browser tells of the page's own 401
    visitor.check("form-kept")
    _touch_a_link_and_stay(page)

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Войти в новой вкладке").click()
    expect(opened.value).to_have_url(re.compile(f"^{re.escape(running.settings.issuer)}"))
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    enter(page.context, running, "own municipality").close()

    page.get_by_role("button", name="Отправить ещё раз").click()
    page.wait_for_url(re.compile(r"/results/[0-9a-f-]{36}\?done=entered"))
    expect(page.locator("dl.summary")).to_contain_text("и с приложением")


def _touch_a_link_and_stay(page: Page) -> None:
    """The browser asks, and is told to stay."""
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="Ситуационный центр").first.click(no_wait_after=True)
    assert asked.value.type == "beforeunload"


def test_who_leaves_with_something_typed_is_asked_and_who_sends_it_is_not(visit: Visiting) -> None:
    visitor = visit("own municipality")
    page = visitor.open(NEW.replace("2014", "2015"))
    page.fill("#comment", TEXT)
    _touch_a_link_and_stay(page)
    expect(page.locator("#comment")).to_have_value(TEXT)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    page.get_by_role("button", name="Отправить результат").click()
    expect(page.locator("[data-focus]")).to_be_visible()
    assert not dialogs


def test_who_typed_nothing_leaves_unasked(visit: Visiting) -> None:
    page = visit("own municipality").open(NEW.replace("2014", "2016"))
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#comment").click()
    page.get_by_role("link", name="Ситуационный центр").first.click()
    expect(page.locator("h1")).to_contain_text("Ситуационный центр")
