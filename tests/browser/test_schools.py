"""Pages of schools in a browser: lists, signs and a profile, accessible and within the width, for their own people."""

import pytest
from playwright.sync_api import expect

from deploy.cli.api import Api
from deploy.cli.schools import bring_schools
from tests.browser.conftest import Visiting
from tests.e2e.conftest import Running, nobody, until


@pytest.fixture(scope="module")
def schools(running: Running) -> Running:
    """Generated schools, judged and looked at."""
    with Api(settings=running.settings) as api:
        bring_schools(api, 40, 7, nobody)
    path = "/v1/schools/bias-signs?period=2022"
    until(lambda: not running.tell("ministry", "GET", "scoring", path)["pending"], within=120, what="signs")
    return running


@pytest.mark.usefixtures("schools")
def test_lists_signs_and_a_profile_are_read_by_the_staff(visit: Visiting) -> None:
    visitor = visit("ministry")
    page = visitor.open("/schools?period=2022")
    expect(page.get_by_role("heading", level=1)).to_have_text("Школы: низкие результаты")
    visitor.check("schools-low")
    page.select_option("#shown", "strong")
    page.get_by_role("button", name="Показать").click()
    visitor.check("schools-strong")
    page.select_option("#shown", "signs")
    page.get_by_role("button", name="Показать").click()
    expect(page.locator(".notice").first).to_contain_text("а не вывод")
    visitor.check("schools-signs")
    page.locator("ul.items h2 a").first.click()
    expect(page.get_by_role("heading", name="По годам")).to_be_visible()
    visitor.check("schools-profile")


@pytest.mark.usefixtures("schools")
def test_a_municipality_sees_its_own_and_a_wrong_year_is_told_at_its_field(visit: Visiting) -> None:
    visitor = visit("own municipality")
    page = visitor.open("/schools?period=2022")
    expect(page.locator("#municipality")).to_have_count(0)
    page.fill("#period", "давно")
    page.get_by_role("button", name="Показать").click()
    expect(page.locator("#period")).to_have_attribute("aria-invalid", "true")
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("schools-wrong-year")
    visit("expert").open("/schools", status=403)
