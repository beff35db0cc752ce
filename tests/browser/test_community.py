"""The expert community in a browser: nine indicators opened to their items, all side by side, in every state."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.e2e.conftest import Running
from tests.e2e.people import FOREIGN, OWN

AT = f"/municipalities/{OWN}/community"
SPECIALISTS = [f"018f0c2e-0000-7000-8000-{number:012d}" for number in range(1, 6)]
Told = dict[str, Any]


def _material(title: str, *, form: str, discussed: bool, about: bool, by: bool) -> Told:
    return {
        "kind": "material", "title": title, "form": form, "approved": True, "approved_after_discussion": discussed,
        "about_expertise": about, "by_registered": by,
    }  # fmt: skip


def _items() -> list[Told]:
    """Of everything something; one procedure of which nothing more is said, one measure without a denominator."""
    documents = [("Положение об экспертном сообществе", "12-п"), ("Порядок ведения реестра экспертов", None)]
    links = ["Лента площадки «Эксперт»", "Опыт взаимной экспертизы программ", "Как читать чужую программу"]
    return [
        *({"kind": "normative_document", "title": one, "number": number, "current": True} for one, number in documents),
        {"kind": "procedure", "procedure": "riko", "title": None, "with_registered_experts": True,
         "uses_content": False},
        *({"kind": "assessed_specialist", "expert": one, "percent": percent, "in_register": inside}
          for one, percent, inside in zip(SPECIALISTS, ("92", "75.5", "60", "61"), (True, True, False, False),
                                          strict=False)),
        {"kind": "none", "of": "register_entry"},
        _material("Карта оценки открытого урока", form="tool", discussed=True, about=True, by=False),
        _material("Памятка эксперту", form="methodical_material", discussed=False, about=True, by=True),
        *({"kind": "publication_link", "title": one, "form": "article", "level": "regional", "url": None}
          for one in links),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def told(running: Running) -> None:
    """Items of 2022, and one link of the year before."""
    before = {"kind": "publication_link", "title": "Первая лента", "form": "platform_link", "year": 2021}
    for number, one in enumerate([*_items(), before]):
        year = one.get("year", 2022)
        body = {"year": year, "on": f"{year}-11-30", "source": "приказ управления образования № 5", **one}
        path = f"/v1/expert-community/{OWN}/items/trial-{number}"
        running.tell("own municipality", "PUT", "scoring", path, json=body)


@pytest.mark.usefixtures("told")
def test_each_of_nine_indicators_is_opened_to_its_items_without_scripts(visit: Visiting) -> None:
    visitor = visit("own municipality", javascript=False)
    page = visitor.open(f"/municipalities/{OWN}?period=2022")
    page.locator("section:has(#community) a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Экспертное сообщество: ")
    rows = page.locator("table.nine tbody tr:not(.criterion)")
    expect(rows).to_have_count(9)
    cells = [re.sub(r"\s+", " ", " | ".join(row.locator("td").all_inner_texts())) for row in rows.all()]
    assert cells[0] == "2 единицы | 2 | —"
    assert cells[3] == "67 % | 2 | 3", "60 % is no success, 61 % is"
    assert cells[4].startswith("не применяется"), "nobody is in the register: that is no 0 %"
    assert cells[8] == "+2 единицы 3 за 2022 год, 1 за 2021 год | 3 | —"
    page.get_by_role("link", name=re.compile("^E4")).click()
    items = page.locator("#E4 tbody tr")
    expect(items).to_have_count(3)
    assert [row.locator("td[data-name='В числителе']").inner_text() for row in items.all()] == ["да", "да", "нет"]
    expect(page.locator("#E2 td[data-name='В числителе']", has_text="не сообщено").first).to_be_attached()
    expect(page.locator("#E2 a[href^='/results/']").first).to_be_attached()


@pytest.mark.usefixtures("told")
def test_every_state_of_the_pages_is_accessible_and_within_the_width(visit: Visiting) -> None:
    own = visit("own municipality")
    page = own.open(f"{AT}?year=2022")
    own.check("community-own")
    for each in page.locator("main summary").all():
        each.click()
    own.check("community-opened")
    own.open("/community?year=2022")
    own.check("community-all-own")
    staff = visit("ministry")
    page = staff.open(f"/municipalities/{FOREIGN}/community?year=2019")
    expect(page.locator(".notice")).to_contain_text("сведения не внесены")
    staff.check("community-nothing")
    page = staff.open(f"{AT}?year=давно", status=422)
    expect(page.locator("#year")).to_have_attribute("aria-invalid", "true")
    staff.check("community-wrong-year")
    page = staff.open("/community?year=2019")
    expect(page.locator(".notice")).to_contain_text("ни у одного муниципалитета")
    staff.check("community-all-nothing")
    staff.open("/community?year=22", status=422)
    staff.check("community-all-wrong-year")


@pytest.mark.usefixtures("told")
def test_who_may_compare_reaches_all_and_nobody_else_the_items(visit: Visiting) -> None:
    page = visit("foreign municipality").open("/")
    page.get_by_role("link", name="Экспертное сообщество").click()
    expect(page.locator("table.nines tbody tr.own")).to_have_count(1)
    expect(page.locator("table.nines tbody a")).to_have_count(1)
    visit("foreign municipality").open(AT, status=403)
    expect(visit("expert").open(f"/municipalities/{OWN}").locator("#community")).to_have_count(0)
    visit("expert").open("/community", status=403)


@pytest.mark.usefixtures("told")
def test_the_opened_indicators_print_and_are_taken_along_as_csv(visit: Visiting) -> None:
    page = visit("ministry").open(f"{AT}?year=2022")
    page.emulate_media(media="print")
    expect(page.locator("#E1 table")).to_be_visible()
    expect(page.locator("form").first).not_to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="screen")
    with page.expect_download() as found:
        page.get_by_role("link", name="Скачать").click()
    assert found.value.suggested_filename == f"expert-community-{OWN}-2022.csv"
    assert "Порядок ведения реестра экспертов" in found.value.path().read_text(encoding="utf-8")
