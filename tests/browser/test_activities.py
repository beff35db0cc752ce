"""An official confirms an activity of a road map in the browser; the operator takes the confirmation back."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.browser.visits import Visit
from tests.e2e.people import OWN

DONE = "Семинар проведён, протокол утверждён"


def test_an_overdue_activity_is_confirmed_from_its_municipality_and_the_confirmation_taken_back(
    visit: Visiting,
) -> None:
    visitor = visit("own municipality")
    page = visitor.open(f"/municipalities/{OWN}")
    page.locator("#overdue summary").click()
    page.locator("#overdue tbody a").first.click()
    page.wait_for_url(re.compile(r"/activities/.*municipality="))
    here = page.url.removeprefix(visitor.base)
    visitor.check("activity-own")
    _refused(visitor)
    page.fill("#text", DONE)
    page.fill("#url", "https://example.org/протокол-3")
    page.get_by_role("button", name="Подтвердить исполнение").click()
    page.wait_for_url(re.compile("done=reported"))
    expect(page.locator(".done")).to_be_focused()
    expect(page.locator(".done")).to_contain_text("выполнено с опозданием")
    expect(page.locator(".revisions > li")).to_contain_text(DONE)
    visitor.check("activity-confirmed")
    _taken_back(visit("operator"), here)


def _refused(visitor: Visit) -> None:
    """Sent with an address that is none and without a text: refused at both fields, and nothing is lost."""
    visitor.page.fill("#url", "протокол")
    visitor.page.get_by_role("button", name="Подтвердить исполнение").click()
    expect(visitor.page.locator("#errors")).to_be_focused()
    expect(visitor.page.locator("#url")).to_have_value("протокол")
    expect(visitor.page.locator("#url-error")).to_contain_text("Это не адрес страницы")
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("activity-refused")


def _taken_back(operator: Visit, here: str) -> None:
    page = operator.open(here)
    page.locator("details summary").click()
    operator.check("activity-operator")
    page.get_by_label("Почему отзывается").fill("Протокол другого года")
    page.get_by_role("button", name="Отозвать № 1").click()
    page.wait_for_url(re.compile("done=withdrawn"))
    expect(page.locator(".done")).to_contain_text("просрочено")
    expect(page.locator(".revisions > li")).to_contain_text("Протокол другого года")


def test_the_list_of_activities_and_a_foreign_page_are_accessible(visit: Visiting) -> None:
    visit("own municipality").look("/activities", "activities-own")
    visit("operator").look("/activities?state=overdue", "activities-operator")
    public = visit()
    public.look(f"/activities?municipality={OWN}&roadmap=region-2022", "activities-public")
    public.page.locator("tbody a").first.click()
    public.page.wait_for_url(re.compile(r"/activities/.*municipality="))
    public.check("activity-public")
