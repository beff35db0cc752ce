"""Results are found where they are stored: from the navigation and from the municipality's page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.e2e.people import OWN

pytestmark = pytest.mark.usefixtures("told")


def test_the_last_recorded_result_stands_first_and_leads_to_its_page(visit: Visiting, told: str) -> None:
    visitor = visit("own municipality")
    page = visitor.open(f"/municipalities/{OWN}?period=2022")
    page.get_by_role("link", name="Записанные результаты за 2022 год").click()
    expect(page.locator("h1")).to_have_text("Мои результаты")
    visitor.check("results-own")
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("исправлен, версия 2")
    first.locator("th a").click()
    page.wait_for_url(f"**/results/{told}")


def test_lists_of_results_are_accessible(visit: Visiting) -> None:
    visit("operator").look("/results", "results-operator")
    visit("own school").look("/results?period=2022", "results-school-empty")
