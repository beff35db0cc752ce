"""Trends in the browser, with a made-up reform: accessible, never sideways, four kinds of value told apart."""

import re

import pytest

from tests.browser import reform
from tests.browser.conftest import Visiting
from tests.e2e.conftest import Running, until
from tests.e2e.people import OWN, PUBLIC

PAGES = [
    (PUBLIC, "/trend", "trend-region-public"),
    (PUBLIC, f"/municipalities/{OWN}/trend", "trend-public"),
    ("ministry", "/trend?until=2022", "trend-region"),
    ("ministry", "/trend?until=2022&territory=as_is&group=conditions", "trend-region-as-is"),
    ("ministry", f"/municipalities/{reform.SOYUZ}/trend?until=2022&territory=as_is", "trend-union-as-is"),
    ("ministry", f"/municipalities/{reform.SOYUZ}/trend?until=2022", "trend-union-as-was"),
    ("ministry", f"/municipalities/{reform.NORTH}/trend?until=2022&territory=as_is", "trend-part"),
    ("ministry", f"/municipalities/{reform.DELTA}/trend?until=2022&by=procedure", "trend-procedures"),
    ("ministry", f"/municipalities/{reform.GAMMA}/trend?until=2022&years=10", "trend-ten-years"),
    ("ministry", f"/municipalities/{reform.SOYUZ}?period=2022", "municipality-trend"),
    ("ministry", f"/municipalities/{reform.SOYUZ}?period=2020", "municipality-did-not-exist"),
    ("ministry", "/?period=2020", "centre-reform"),
]
pytestmark = pytest.mark.usefixtures("reformed")


@pytest.fixture(scope="module")
def reformed(running: Running) -> None:
    """The made-up reform, brought once."""
    reform.bring(running)


@pytest.mark.parametrize(("who", "path", "name"), PAGES, ids=[name for _, _, name in PAGES])
def test_a_trend_is_accessible_silent_and_never_scrolls_sideways(
    visit: Visiting, who: str, path: str, name: str
) -> None:
    visit(who).look(path, name)


def test_todays_union_shows_its_predecessors_and_what_hinders_comparing(visit: Visiting) -> None:
    page = visit("ministry").open(f"/municipalities/{reform.SOYUZ}/trend?until=2022&territory=as_is")
    first = page.locator("table.years tbody tr").first.locator("td").first
    assert "Вместе: сумма баллов предшественников" in first.inner_text()
    assert "Альфа ГО" in first.inner_text()
    between = page.locator("#between + .breaks").inner_text()
    assert (
        "другая редакция методики: «Пример прежней методики» → «Комплексный анализ вклада муниципалитетов, 2022 год»"
        in between
    )
    assert f"01.01.2021 объединение: Альфа ГО, Бета МР → {reform.LONG}" in between


def test_four_kinds_of_value_stand_in_four_words(visit: Visiting) -> None:
    page = visit("ministry").open("/trend?until=2022")
    union, gamma, delta = (
        page.locator(f"#row-{one} td").all_inner_texts() for one in (reform.SOYUZ, reform.GAMMA, reform.DELTA)
    )
    assert "не существовал" in union[0]
    assert "Образован 01.01.2021" in union[0]
    assert gamma[1].startswith("0\N{NO-BREAK SPACE}%")
    assert "нет данных" in delta[1]
    assert "не применялась" in delta[2]


@pytest.mark.parametrize("path", ["/trend?until=2022", f"/municipalities/{reform.SOYUZ}/trend?until=2022"])
def test_the_choice_works_without_scripts_and_the_address_holds_it(visit: Visiting, path: str) -> None:
    page = visit("ministry", javascript=False).open(path)
    page.locator("#territory").select_option("as_is")
    page.locator("#years").select_option("2")
    page.get_by_role("button", name="Показать").click()
    page.wait_for_url("**territory=as_is**")
    assert page.locator("#years").input_value() == "2"
    assert page.locator("table.years thead th").count() == 3


def test_a_trend_is_taken_along_as_csv(visit: Visiting) -> None:
    page = visit("ministry").open(f"/municipalities/{reform.SOYUZ}/trend?until=2022&territory=as_is")
    with page.expect_download() as found:
        page.get_by_role("link", name="Скачать").click()
    text = found.value.path().read_text(encoding="utf-8")
    assert found.value.suggested_filename == f"trend-{reform.SOYUZ}-2022-as_is.csv"
    assert "combined" in text


def test_the_public_is_told_which_years_are_not_open(visit: Visiting) -> None:
    page = visit().open(f"/municipalities/{OWN}/trend")
    # The tests of editions publish 2021, where they run before.
    assert re.search(r"Год(ы 2020, 2021| 2020) вам не открыты?", page.locator("main").inner_text())


def test_pages_with_pictures_print_on_paper(visit: Visiting) -> None:
    page = visit("ministry").open(f"/municipalities/{reform.SOYUZ}/trend?until=2022&territory=as_is")
    page.emulate_media(media="print")
    assert page.locator("svg.picture").first.is_visible()
    assert not page.get_by_role("button", name="Показать").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_municipalities_of_a_reform_can_be_chosen_and_are_found_by_old_codes(running: Running) -> None:
    def page(address: str) -> str:
        return running.ask("operator", "GET", "portal", address, headers={"Accept": "text/html"}).text

    until(lambda: f'<option value="{reform.DELTA}">Новая Дельта МО</option>' in page("/results/new"), what="offered")
    assert "Альфа ГО (до 01.01.2021)" in page("/results/new")
    assert "Новая Дельта МО" in page("/municipalities/75990007?period=2022")
