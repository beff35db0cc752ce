"""An official confirms an activity of a road map in the browser; the operator takes the confirmation back."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.browser.visits import Visit
from tests.e2e.people import OWN

DONE, NO = "Семинар проведён, протокол утверждён", "Школ этого вида нет"


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
    _takes_no_part(visitor)
    page.fill("#text", DONE)
    page.fill("#url", "https://example.org/протокол-3")
    page.fill("#done_on", datetime.now(UTC).date().isoformat())
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
    expect(visitor.page.locator("#done_on-error")).to_contain_text("Выберите день")
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("activity-refused")


def _takes_no_part(visitor: Visit) -> None:
    """Asked for confirmation first, with what was typed kept; the confirmation of work that follows is the way back."""
    page, send = visitor.page, visitor.page.get_by_role("button", name="Записать, что не участвует")
    page.get_by_text("Ответить, что не участвует").click()
    page.fill("#reason-decline", NO)
    send.click()
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#confirm-decline-error")).to_contain_text("Отметьте подтверждение")
    expect(page.locator("#reason-decline")).to_have_value(NO)
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("activity-decline")
    page.check("#confirm-decline")
    send.click()
    page.wait_for_url(re.compile("done=declined"))
    expect(page.locator(".done")).to_contain_text("не участвует")
    expect(page.locator("dl.summary")).to_contain_text(NO)
    visitor.check("activity-declined")


def _taken_back(operator: Visit, here: str) -> None:
    page = operator.open(here)
    page.locator("details summary").click()
    operator.check("activity-operator")
    page.get_by_label("Почему отзывается").fill("Протокол другого года")
    page.get_by_role("button", name="Отозвать № 1").click()
    page.wait_for_url(re.compile("done=withdrawn"))
    expect(page.locator(".done")).to_contain_text("не участвует")
    expect(page.locator(".revisions > li")).to_contain_text("Протокол другого года")


def test_the_list_of_activities_and_a_foreign_page_are_accessible(visit: Visiting) -> None:
    visit("own municipality").look("/activities", "activities-own")
    visit("operator").look("/activities?state=overdue", "activities-operator")
    public = visit()
    public.look(f"/activities?municipality={OWN}&roadmap=region-2022", "activities-public")
    public.page.locator("tbody a").first.click()
    public.page.wait_for_url(re.compile(r"/activities/.*municipality="))
    public.check("activity-public")
