"""Pages of schools in a browser: lists, signs and a profile, accessible and within the width, for their own people."""

import pytest
from playwright.sync_api import expect

from deploy.cli.api import Api
from deploy.cli.schools import bring_schools
from tests.browser.conftest import Visiting
from tests.e2e.conftest import Running, nobody, signs_level


@pytest.fixture(scope="module")
def schools(running: Running) -> Running:
    """Generated schools, judged and looked at."""
    with Api(settings=running.settings) as api:
        bring_schools(api, 40, 7, nobody)
    signs_level(running)
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
def test_the_distribution_of_marks_stands_on_the_profile_and_on_the_result_beside_its_tables(visit: Visiting) -> None:
    visitor = visit("ministry")
    page = visitor.open("/schools?period=2022&shown=signs")
    page.locator("li:has-text('на границе отметки') h2 a").first.click()
    section = page.locator("section:has(#marks)")
    expect(section.get_by_role("img", name="сколько учащихся получили каждую отметку").first).to_be_visible()
    expect(section.get_by_role("img", name="звёздочкой отмечены").first).to_be_attached()
    rows = section.locator("table").first.locator("tbody tr")
    assert rows.count() == section.locator("svg[aria-labelledby^='marks-']").count() > 0
    counts = [int(one) for one in rows.first.locator("td").all_inner_texts()]
    assert sum(counts[:4]) == counts[4]
    for each in section.locator("summary").all():
        each.click()
    visitor.check("schools-profile-marks")
    page.emulate_media(media="print")
    expect(section.locator("svg").first).to_be_visible()
    page.emulate_media(media="screen")
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("img", name="сколько работ получили каждый первичный балл")).to_be_visible()
    visitor.check("schools-result-marks")


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
