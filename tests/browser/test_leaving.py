"""Signing out: asked for and done in the pages, by the link and by the question, and nothing is left of the session."""

from urllib.parse import quote

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visiting, enter
from tests.browser.visits import Visit
from tests.e2e.conftest import Running


def _left(visitor: Visit, running: Running) -> None:
    """Back on the first page, known to nobody: no cookie, and what is one's own asks to sign in again."""
    page, portal = visitor.page, running.settings.url("portal")
    page.wait_for_url(f"{portal}/")
    expect(page.get_by_role("link", name="Войти")).to_be_visible()
    expect(page.get_by_role("button", name="Выйти")).to_have_count(0)
    assert [one["name"] for one in page.context.cookies(portal) if one.get("httpOnly")] == []
    page.goto(f"{portal}/inbox")
    assert page.url.startswith(running.settings.issuer), "the inbox is for who signed in"
    page.go_back()
    expect(page.get_by_role("button", name="Выйти")).to_have_count(0)


def test_the_button_of_every_page_signs_out(running: Running, chromium: Browser, visit: Visiting) -> None:
    visitor = visit()
    enter(visitor.page.context, running, "own municipality", wanted="/inbox")
    visitor.open("/inbox").get_by_role("button", name="Выйти").click()
    _left(visitor, running)


def test_the_address_asks_first_and_one_may_stay(running: Running, visit: Visiting) -> None:
    visitor = visit(javascript=False)
    enter(visitor.page.context, running, "ministry", wanted="/operations")
    page = visitor.open("/logout")
    page.get_by_role("link", name="Остаться").click()
    expect(page.get_by_role("button", name="Выйти")).to_be_visible()
    page = visitor.open("/logout")
    page.get_by_role("main").get_by_role("button", name="Выйти").click()
    _left(visitor, running)


def test_the_question_is_accessible_and_needs_nobody_to_be_signed_in(visit: Visiting) -> None:
    visitor = visit("operator")
    visitor.open("/logout")
    visitor.check("sign-out")
    visitor = visit()
    visitor.open(f"/logout?next={quote('https://evil.example')}")
    visitor.check("sign-out-nobody")
