"""Editions in the browser: drafted, objected to, answered, published by forms; accessible at every step."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from pymongo import MongoClient  # noqa: TID251 - only a test moves the calendar

from shared.calendar import ZONE
from tests.browser.conftest import Visiting
from tests.browser.visits import Visit
from tests.e2e.conftest import Running, until
from tests.e2e.people import OWN, PUBLIC

PERIOD = "2021"
VALUES = {"i1": 1, "i2": 1, "i3": 0, "i4": 0}


@pytest.fixture(scope="module")
def scored(running: Running) -> None:
    """A result of a year that no other page shows."""
    body = {"procedure": "vpr", "subject": {"municipality": OWN}, "period": PERIOD, "values": VALUES, "source": "demo"}
    running.ask("operator", "POST", "monitoring", "/v1/results", json={**body, "notify": False})
    until(lambda: running.ask("ministry", "GET", "scoring", f"/v1/ratings/{PERIOD}").is_success, what="a rating")


def drafted(visit: Visiting) -> Page:
    visitor = visit("operator")
    page = visitor.open("/editions")
    visitor.check("editions-empty")
    page.get_by_role("button", name="Направить муниципалитетам").click()
    expect(page.locator("#errors")).to_be_focused()
    visitor.troubles.clear()  # the browser tells of the page's own 422
    visitor.check("edition-draft-refused")
    page.select_option("#period", PERIOD)
    page.fill("#reply_until", (datetime.now(UTC) + timedelta(days=9)).date().isoformat())
    page.get_by_role("button", name="Направить муниципалитетам").click()
    page.wait_for_url(f"**/editions/{PERIOD}-1")
    visitor.check("edition-draft")
    return page


def objected(visit: Visiting) -> Visit:
    visitor = visit("own municipality")
    page = visitor.open(f"/editions/{PERIOD}-1")
    page.select_option("#about", "procedure:vpr:i2")
    page.fill("#evidence", "Протокол № 4")
    page.get_by_role("button", name="Отправить возражение").click()
    expect(page.locator("#errors")).to_be_focused()
    visitor.troubles.clear()
    visitor.check("objection-refused")
    page.fill("#text", "Учтены не все классы")
    page.get_by_role("button", name="Отправить возражение").click()
    expect(page.locator(f"#objection-{PERIOD}-1-1")).to_contain_text("Ждёт ответа")
    visitor.check("objection-raised")
    return visitor


def objected_late(visitor: Visit) -> None:
    """What is sent from a page that was opened in time, after it: refused, and nothing that was typed is gone."""
    page, text = visitor.page, "Учтены не все работы.\n\nСм. таблицу 2."
    page.select_option("#about", "procedure:vpr:i1")
    page.fill("#text", text)
    page.fill("#evidence", "Протокол № 5")
    page.get_by_role("button", name="Отправить возражение").click()
    expect(page.locator("#errors")).to_contain_text("Срок возражений истёк")
    assert page.locator(".typed").all_inner_texts() == [text, "Протокол № 5"]
    visitor.troubles.clear()  # the browser tells of the page's own 409
    visitor.check("objection-late")


def answered(page: Page) -> None:
    page.reload()
    page.get_by_text("Ответить на возражение").click()
    page.get_by_role("button", name="Ответить").click()
    expect(page.locator("#errors")).to_contain_text("Выберите решение")
    page.select_option(f"#decision-answer-{PERIOD}-1-1", "declined")
    page.fill(f"#reason-answer-{PERIOD}-1-1", "Классы учтены все")
    page.get_by_role("button", name="Ответить").click()
    expect(page.locator(f"#objection-{PERIOD}-1-1")).to_contain_text("Отклонено")


def waited(running: Running) -> None:
    """The calendar goes on: the last day of reply is over."""
    client: MongoClient[dict[str, str]] = MongoClient(running.settings.mongo_uri)
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    client["scoring"]["rating_editions"].update_one({"_id": f"{PERIOD}-1"}, {"$set": {"reply_until": yesterday}})
    client.close()


def corrected(running: Running) -> None:
    """What was published is corrected: the live rating moves away from it."""
    path = f"/v1/results?municipality={OWN}&period={PERIOD}&procedure=vpr"
    result = running.tell("operator", "GET", "monitoring", path)["items"][0]
    body = {"values": {**VALUES, "i1": 0}, "reason": "Уточнение после публикации"}
    headers = {"If-Match": f'"{result["revision"]}"'}
    running.tell("operator", "POST", "monitoring", f"/v1/results/{result['id']}/revisions", json=body, headers=headers)
    live = f"/v1/ratings/{PERIOD}"
    until(
        lambda: any(
            (one["change"] or {}).get("percent") for one in running.tell("ministry", "GET", "scoring", live)["rows"]
        ),
        what="a change against the edition",
    )


def published(visit: Visiting) -> None:
    visitor = visit("ministry")
    ministry = visitor.open(f"/editions/{PERIOD}-1")
    ministry.get_by_role("button", name="Зафиксировать").click()
    expect(ministry.locator("#errors")).to_contain_text("Отметьте подтверждение")
    visitor.troubles.clear()
    ministry.locator("#confirm-freeze").check()
    ministry.get_by_role("button", name="Зафиксировать").click()
    expect(ministry.locator("dl.summary")).to_contain_text("зафиксирована")
    ministry.fill("#number", "01-14")
    ministry.fill("#date", datetime.now(ZONE).date().isoformat())
    ministry.locator("#confirm-publish").check()
    ministry.get_by_role("button", name="Опубликовать").click()
    expect(ministry.locator("dl.summary")).to_contain_text("№ 01-14", timeout=30_000)


@pytest.mark.usefixtures("scored")
def test_an_edition_goes_its_whole_way_by_forms(running: Running, visit: Visiting) -> None:
    page = drafted(visit)
    early = objected(visit)
    answered(page)
    waited(running)
    objected_late(early)
    published(visit)
    public = visit(PUBLIC)
    seen = public.open(f"/editions/{PERIOD}-1")
    expect(seen.get_by_role("link", name="Рейтинг целиком, для чтения и печати")).to_be_visible()
    public.check("edition-published")
    public.open(f"/?period={PERIOD}")
    public.check("centre-published")
    centre = visit("operator").open(f"/?period={PERIOD}")
    expect(centre.locator(f"#row-{OWN} [data-name=Изменение]")).to_contain_text("0 п. п.")
    expect(centre.locator("p.lead")).to_contain_text("изменение — по сравнению с опубликованной редакцией")
    corrected(running)
    after = visit("operator")
    moved = after.open(f"/?period={PERIOD}").locator(f"#row-{OWN} [data-name=Изменение]")
    expect(moved).to_contain_text("п. п.")
    expect(moved).not_to_have_text(re.compile(r"^0"))
    after.check("centre-after-publication")
