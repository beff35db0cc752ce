"""People do their work in the pages: by keyboard, without JavaScript, in two windows, and nobody does it for them."""

import csv
import io
import re
import shutil
import signal
import subprocess
from codecs import BOM_UTF8
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visiting, enter
from tests.e2e.conftest import Running
from tests.e2e.people import FOREIGN, OWN

PERIOD = "2019"
NEW = f"/results/new?procedure=career_guidance&municipality={OWN}&period={PERIOD}"
LEAVE = re.compile(r"/results/[0-9a-f-]{36}\?done=")


def fill(page: Page, values: list[str]) -> None:
    for number, value in enumerate(values, start=1):
        page.locator(f"#value-i{number}").fill(value)


def counted(page: Page) -> int:
    return page.locator("input[id^=value-]").count()


def test_a_result_is_entered_refused_at_its_field_and_accepted(visit: Visiting) -> None:
    visitor = visit("own municipality")
    page = visitor.open("/results/new")
    page.select_option("#procedure", "career_guidance")
    page.fill("#period", PERIOD)
    page.get_by_role("button", name="Дальше").click()
    many = counted(page)
    fill(page, ["9", *["1"] * (many - 1)])
    page.get_by_role("button", name="Отправить результат").click()
    expect(page.locator("#errors")).to_be_focused()
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("result-refused")
    page.locator("#errors a").first.click()
    expect(page.locator("#value-i1")).to_be_focused()
    expect(page.locator("#value-i1")).to_have_accessible_description(re.compile("от 0 до"))
    page.locator("#value-i1").fill("1,5")
    page.get_by_role("button", name="Отправить результат").click()
    page.wait_for_url(LEAVE)
    expect(page.locator(".done")).to_be_focused()
    expect(page.locator("tbody tr").first).to_contain_text("1,5")


def test_a_double_click_counts_once(running: Running, visit: Visiting) -> None:
    page = visit("own municipality").open(NEW.replace(PERIOD, "2018"))
    fill(page, ["1"] * counted(page))
    page.get_by_role("button", name="Отправить результат").dblclick()
    # The second click may end the way to the answer of the first one: no single navigation is waited for.
    expect(page).to_have_url(LEAVE)
    expect(page.locator(".revisions > li")).to_have_count(1)


def test_of_two_windows_the_slower_one_is_told_what_the_other_did(visit: Visiting) -> None:
    page = visit("own municipality").open(NEW.replace(PERIOD, "2017"))
    fill(page, ["1"] * counted(page))
    page.get_by_role("button", name="Отправить результат").click()
    page.wait_for_url(LEAVE)
    result = page.url.partition("?")[0].rpartition("/")[2]
    slower = visit("operator")
    quicker = visit("own municipality")
    for one, value in ((slower, "0"), (quicker, "2")):
        one.open(f"/results/{result}/correction").fill("#value-i1", value)
        one.page.fill("#why", "Сверка с протоколом")
    quicker.page.get_by_role("button", name="Исправить").click()
    quicker.page.wait_for_url(LEAVE)
    slower.page.get_by_role("button", name="Исправить").click()
    expect(slower.page.locator("#errors")).to_be_focused()
    expect(slower.page.locator("#errors table tbody tr").first).to_contain_text(re.compile("2.*0", re.DOTALL))
    slower.troubles.clear()  # the browser tells of the page's own 412
    slower.check("result-conflict")
    slower.page.get_by_role("button", name="Исправить").click()
    slower.page.wait_for_url(LEAVE)
    expect(slower.page.locator(".revisions > li")).to_have_count(3)


def test_a_result_is_withdrawn_with_a_reason(visit: Visiting) -> None:
    page = visit("own municipality").open(NEW.replace(PERIOD, "2016"))
    fill(page, ["1"] * counted(page))
    page.get_by_role("button", name="Отправить результат").click()
    page.wait_for_url(LEAVE)
    page.get_by_role("link", name="Отозвать").click()
    page.fill("#why", "Прислан не тот год")
    page.get_by_role("button", name="Отозвать").click()
    page.wait_for_url(re.compile("done=withdrawn"))
    expect(page.locator("dl.summary")).to_contain_text("отозван")


def test_a_procedure_that_did_not_apply_is_entered_with_its_ground(visit: Visiting) -> None:
    visitor = visit("own municipality")
    page = visitor.open(NEW.replace(PERIOD, "2014"))
    page.get_by_label("Процедура не применялась").check()
    expect(page.locator("#value-i1")).to_be_hidden()
    page.get_by_role("button", name="Отправить результат").click()
    expect(page.locator("#errors")).to_be_focused()
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("result-no-ground")
    page.get_by_label("Почему").fill("Не участвовал в проекте")
    page.get_by_label("Документ").fill("Приказ от 1.02.2014 № 5")
    page.get_by_role("button", name="Отправить результат").click()
    page.wait_for_url(LEAVE)
    expect(page.locator("main")).to_contain_text("Приказ от 1.02.2014 № 5")
    visitor.check("result-not-applicable")


def test_what_if_is_answered_and_the_answer_gets_the_focus(visit: Visiting) -> None:
    page = visit("own municipality").open(f"/municipalities/{OWN}/what-if?period=2022")
    page.select_option("#procedure", "vpr")
    page.get_by_role("button", name="Показать показатели").click()
    for number in range(1, counted(page) + 1):
        page.locator(f"#value-i{number}").fill("0")
    page.get_by_role("button", name="Посчитать").click()
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator("tbody tr")).to_have_count(3)


@pytest.mark.usefixtures("told")
def test_everything_works_without_javascript(running: Running, visit: Visiting) -> None:
    rating = running.tell("own municipality", "GET", "scoring", "/v1/ratings/2022")
    page = visit("own municipality", javascript=False).open("/")
    assert page.locator("#table tbody tr").count() == len(rating["rows"]) + len(rating["no_data"])
    page.get_by_role("link", name="Мой муниципалитет").click()
    expect(page.locator("h1")).to_contain_text("Златоустовский")
    page.goto(f"{page.url.partition('/municipalities')[0]}{NEW.replace(PERIOD, '2015')}")
    fill(page, ["1"] * counted(page))
    page.get_by_role("button", name="Отправить результат").click()
    page.wait_for_url(LEAVE)
    page.goto(f"{page.url.partition('/results')[0]}/inbox")
    marks = page.get_by_role("button", name=re.compile("^Прочитано"))
    before = marks.count()
    assert before, "nothing was told that could be marked as read"
    marks.first.click()
    expect(marks).to_have_count(before - 1)


def test_the_way_from_the_start_to_a_municipality_needs_only_a_keyboard(visit: Visiting) -> None:
    page = visit("own municipality").open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="К содержанию")).to_be_focused()
    page.keyboard.press("Enter")
    seen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const one = document.activeElement, box = one.getBoundingClientRect();"
            " return [one.id, one.getAttribute('href') || '', box.width > 0 && box.height > 0] }"
        )
        seen.append(focused)
        if focused[1].startswith("/municipalities/"):
            break
    assert all(visible for *_, visible in seen), seen
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(outline.removesuffix("px")) >= 3 or page.locator(".tile:focus-visible").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/municipalities/"))
    assert page.locator("h1").count() == 1


def test_the_focus_stays_where_it_was_after_a_swap(visit: Visiting) -> None:
    page = visit("operator").open("/")
    link = page.locator("#sort-name")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sort=name"))
    expect(page.locator("#sort-name")).to_be_focused()
    page.go_back()
    page.wait_for_url(re.compile(r"^(?!.*sort=name)"))
    expect(page.locator("#table")).to_be_visible()


def test_a_page_printed_is_a_tagged_document(visit: Visiting, tmp_path: Path) -> None:
    for name, path in (("centre", "/"), ("municipality", f"/municipalities/{OWN}")):
        page = visit("operator").open(path)
        file = tmp_path / f"{name}.pdf"
        page.pdf(path=file, format="A4", tagged=True, print_background=True)
        assert b"/MarkInfo" in file.read_bytes()
        assert b"/StructTreeRoot" in file.read_bytes()
        if shutil.which("pdfinfo"):
            told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
            assert re.search(r"Tagged:\s+yes", told)


def test_a_foreign_page_cannot_send_our_forms(running: Running, visit: Visiting) -> None:
    visitor = visit("operator")
    page = visitor.open(f"/results/new?procedure=career_guidance&municipality={FOREIGN}&period={PERIOD}")
    names = page.locator("form[action='/results/new'] input[type=hidden]").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.name, one.value]))"
    )
    names |= {f"value-i{number}": "1" for number in range(1, counted(page) + 1)}
    evil = "".join(f'<input name="{name}" value="{value}">' for name, value in names.items())
    address = f"{visitor.base}/results/new"
    page.route(
        "http://localhost:9/**",
        lambda route: route.fulfill(
            content_type="text/html", body=f'<form method="post" action="{address}">{evil}<button>x</button></form>'
        ),
    )
    page.goto("http://localhost:9/evil")
    with page.expect_response(address) as sent:
        page.get_by_role("button").click()
    assert sent.value.status in {303, 401, 403}
    path = f"/v1/results?municipality={FOREIGN}&period={PERIOD}&procedure=career_guidance"
    assert running.tell("operator", "GET", "monitoring", path)["items"] == []


@pytest.mark.parametrize(
    "wanted", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/login?next=//evil"]
)
def test_signing_in_leads_to_no_other_site(running: Running, chromium: Browser, wanted: str) -> None:
    context = chromium.new_context(locale="ru-RU")
    page = enter(context, running, "ministry", wanted=wanted, expected="/")
    assert page.url == f"{running.settings.url('portal')}/"
    context.close()


def test_an_ended_session_asks_to_sign_in_and_comes_back(running: Running, chromium: Browser) -> None:
    context = chromium.new_context(locale="ru-RU")
    page = enter(context, running, "operator", wanted="/operations")
    assert page.url.endswith("/operations")
    context.clear_cookies()
    page.goto(f"{running.settings.url('portal')}/inbox?since=2022-01-01")
    assert page.url.startswith(running.settings.issuer)
    page.get_by_role("link", name=re.compile("Региональный центр")).click()
    page.wait_for_url(re.compile(r"/inbox\?since=2022-01-01$"))
    context.close()


def test_signing_out_ends_it(running: Running, chromium: Browser) -> None:
    context = chromium.new_context(locale="ru-RU")
    page = enter(context, running, "ministry")
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url(f"{running.settings.url('portal')}/")
    expect(page.get_by_role("link", name="Войти")).to_be_visible()
    context.close()


def test_the_table_downloads_as_a_file_that_opens(running: Running, visit: Visiting) -> None:
    page = visit("operator").open("/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Открытые данные")).click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("rank,")
    assert len(lines) == 44


def test_the_table_for_a_spreadsheet_holds_the_rows_that_the_page_shows(visit: Visiting) -> None:
    page = visit("own municipality").open("/?kind=urban_okrug&sort=name")
    shown = page.locator("table.rating tbody th").all_inner_texts()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Скачать таблицу для Excel (CSV)").click()
    assert waiting.value.suggested_filename == "rating-excel-2022-overall.csv"
    saved = Path(waiting.value.path()).read_bytes()
    assert saved.startswith(BOM_UTF8), "Excel takes it for another encoding otherwise"
    lines = list(csv.reader(io.StringIO(saved.decode("utf-8-sig")), delimiter=";"))
    assert lines[0][:3] == ["Место", "Муниципалитет", "Баллы"]
    assert [line[1] for line in lines[1:]] == shown
    assert 0 < len(shown) < 43


def test_a_service_that_is_away_leaves_the_rest_of_the_page(running: Running, visit: Visiting) -> None:
    address = running.settings.url("portal")
    running.platform.signal("roadmap", signal.SIGSTOP)
    try:
        answer = httpx.get(f"{address}/municipalities/{OWN}", headers={"Accept": "text/html"}, timeout=20)
        assert answer.status_code == 200
        visitor = visit("operator")
        visitor.open("/operations", again=False)
        expect(visitor.page.locator("tbody tr", has_text="Дорожные карты")).to_contain_text("не отвечает")
        visitor.check("operations-away")
    finally:
        running.platform.signal("roadmap", signal.SIGCONT)


def test_a_page_that_cannot_be_without_monitoring_says_so_and_comes_back(running: Running, visit: Visiting) -> None:
    visitor = visit("operator")
    running.platform.signal("monitoring", signal.SIGSTOP)
    try:
        page = visitor.open("/results/new", status=503)
        expect(page.locator("h1")).to_have_text("Внести результат")
        expect(page.get_by_role("status")).to_contain_text("нет ответа")
        visitor.check("results-away")
    finally:
        running.platform.signal("monitoring", signal.SIGCONT)
    page.get_by_role("link", name="Обновить страницу").click()
    expect(page.locator("#procedure")).to_be_visible()
