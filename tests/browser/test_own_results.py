"""Results are found where they are stored: from the navigation and from the municipality's page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.e2e.people import OWN

pytestmark = pytest.mark.usefixtures("told")


def test_what_was_recorded_last_stands_first_and_leads_to_its_page(visit: Visiting, told: str) -> None:
    visitor = visit("own municipality")
    page = visitor.open(f"/municipalities/{OWN}?period=2022")
    page.get_by_role("link", name="Записанные результаты за 2022 год").click()
    expect(page.locator("h1")).to_have_text("Мои результаты")
    visitor.check("results-own")
    times = [one.get_attribute("datetime") or "" for one in page.locator("tbody time").all()]
    assert len(times) > 1
    assert times == sorted(times, reverse=True)
    corrected = page.locator("tbody tr", has=page.locator(f'a[href="/results/{told}"]'))
    expect(corrected).to_contain_text("исправлен, версия")
    corrected.locator("th a").click()
    page.wait_for_url(f"**/results/{told}")


def test_lists_of_results_are_accessible(visit: Visiting) -> None:
    visit("operator").look("/results", "results-operator")
    visit("own school").look("/results?period=2022", "results-school-empty")
