"""An analytics document is written in the pages: begun, missing sections named, finished, taken along, begun anew."""

import hashlib
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visiting
from tests.e2e.conftest import Running

DOCUMENT = "/analytics/riko.2022.v1"
CONCLUSIONS = "Выше среднего — большинство.\n\n- усилить подготовку\n- провести <b>семинар</b>"


@pytest.fixture(scope="module")
def begun(running: Running) -> str:
    """A draft of the procedure, begun by the ministry."""
    body = {"procedure": "riko", "period": "2022"}
    answer = running.ask("ministry", "POST", "scoring", "/v1/analytics-documents", json=body)
    assert answer.status_code in {201, 409}, answer.text
    return DOCUMENT


def fill(page: Page, section: str, text: str) -> None:
    if not page.locator(f"#text-{section}").is_visible():
        page.locator(f"details:has(#text-{section}) summary").click()
    page.locator(f"#text-{section}").fill(text)


def write(page: Page, section: str, text: str) -> None:
    fill(page, section, text)
    save(page, section)
    page.wait_for_url(re.compile(f"#section-{section}$"))


def save(page: Page, section: str) -> None:
    page.locator(f"details:has(#text-{section}) button").click()


def test_a_document_is_begun_from_the_list_and_a_wrong_period_is_told_at_its_field(visit: Visiting) -> None:
    visitor = visit("operator")
    page = visitor.open("/analytics")
    visitor.check("analytics-list")
    page.select_option("#procedure", "olympiads")
    page.fill("#period", "1999")
    page.get_by_role("button", name="Начать").click()
    expect(page.locator("#errors")).to_be_focused()
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("analytics-refused")
    page.locator("#errors a").first.click()
    page.locator("#period").fill("2022")
    page.get_by_role("button", name="Начать").click()
    page.wait_for_url(re.compile("/analytics/olympiads.2022.v1$"))
    expect(page.locator("h2")).to_have_count(11)


def test_an_unfinished_document_names_its_missing_sections_and_stays_a_draft(visit: Visiting, begun: str) -> None:
    visitor = visit("ministry")
    page = visitor.open(begun)
    visitor.check("analytics-draft")
    expect(page.locator(".notice")).to_contain_text("9. Интерпретация, выводы, рекомендации")
    page.locator("#text-conclusions").fill(CONCLUSIONS)
    page.get_by_role("button", name="Завершить документ").click()
    expect(page.locator("#errors")).to_contain_text("Отметьте подтверждение")
    expect(page.locator("#text-conclusions")).to_have_value(CONCLUSIONS)
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("analytics-unconfirmed")
    page.locator("#text-conclusions").fill("")
    page.locator("#confirm-finish").check()
    page.get_by_role("button", name="Завершить документ").click()
    expect(page.locator("#errors")).to_be_focused()
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("analytics-incomplete")
    page.locator("#errors a").first.click()
    expect(page.locator("#section-methods")).to_be_in_viewport()


def test_of_two_windows_the_slower_one_loses_nothing_that_was_typed(visit: Visiting, begun: str) -> None:
    slower, quicker = visit("operator"), visit("ministry")
    slower.open(begun)
    write(quicker.open(begun), "methods", "Диагностические работы.")
    slower.page.locator("#text-methods").fill("Другой текст")
    save(slower.page, "methods")
    expect(slower.page.locator("#errors")).to_contain_text("этот раздел изменил кто-то другой")
    expect(slower.page.locator("section:has(#section-methods) .notice")).to_contain_text("Диагностические работы.")
    expect(slower.page.locator("#text-methods")).to_have_value("Другой текст")
    slower.troubles.clear()  # the browser tells of the page's own 412
    slower.check("analytics-conflict")


def test_it_is_written_finished_and_taken_along_without_scripts(visit: Visiting, begun: str) -> None:
    page = visit("ministry", javascript=False).open(begun)
    page.locator("#text-conclusions").fill(CONCLUSIONS)
    write(page, "methods", "Диагностические работы.")
    expect(page.locator("section:has(#section-conclusions) li")).to_have_text(
        ["усилить подготовку", "провести <b>семинар</b>"]
    )
    fill(page, "effect", "Меры 2021 года: семинары.")
    page.locator("#confirm-finish").check()
    page.get_by_role("button", name="Завершить документ").click()
    page.wait_for_url(re.compile(f"{begun}$"))
    expect(page.locator("dl.summary")).to_contain_text("завершён")
    expect(page.locator("section:has(#section-effect)")).to_contain_text("Меры 2021 года: семинары.")
    expect(page.locator("textarea")).to_have_count(0)
    digest = page.locator("dl.summary code").inner_text()
    for ending, first in (("json", b"{"), ("docx", b"PK"), ("pdf", b"%PDF")):
        with page.expect_download() as waited:
            page.locator(f"a[href$='document.{ending}']").click()
        body = waited.value.path().read_bytes()
        assert body.startswith(first)
        if ending == "json":
            assert hashlib.sha256(body).hexdigest() == digest
    page.fill("#reason", "Пришли новые данные")
    page.get_by_role("button", name="Начать новую версию").click()
    page.wait_for_url(re.compile("riko.2022.v2$"))
    expect(page.locator("#text-methods")).to_have_value("Диагностические работы.")


@pytest.mark.parametrize("who", ["own municipality", "expert"])
def test_a_finished_document_is_read_by_the_signed_in_and_a_draft_is_not(visit: Visiting, who: str) -> None:
    visitor = visit(who)
    page = visitor.open(DOCUMENT)
    for each in page.locator("summary").all():
        each.click()
    visitor.check(f"analytics-finished-{who}")
    expect(page.locator("form[action*=analytics]")).to_have_count(0)
    expect(page.get_by_role("img", name=re.compile("Муниципалитеты по уровням"))).to_be_visible()
    visitor.open("/analytics/riko.2022.v2", status=404)
