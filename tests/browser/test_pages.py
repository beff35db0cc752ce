"""Every page in every state, for everybody who may see it: accessible, silent, of one host, never sideways."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.e2e.conftest import Running, until
from tests.e2e.people import FOREIGN, OWN, PUBLIC
from tests.e2e.records import Record, attributes, send

LONG = "Муниципальное образование «Староверхнекаменногорско-Новотроицкоуральский муниципальный округ»"
EXEMPT = "74-korkinsky-mr"
NEW = f"/results/new?procedure=vpr&municipality={OWN}"
IF = f"/municipalities/{OWN}/what-if?period=2022"
PAGES = [
    (PUBLIC, "/", "centre-public"),
    (PUBLIC, "/?group=conditions&level=low", "centre-group-level"),
    (PUBLIC, "/?q=нет-такого", "centre-nothing-found"),
    (PUBLIC, f"/municipalities/{OWN}", "municipality-public"),
    ("operator", "/", "centre-operator"),
    ("operator", "/?group=results&sort=name&kind=urban_okrug", "centre-sorted"),
    ("operator", f"/?near={OWN}", "centre-similar"),
    ("expert", "/", "centre-expert"),
    ("own school", "/", "centre-school"),
    ("assessor", f"/municipalities/{OWN}", "municipality-assessor"),
    ("ministry", f"/municipalities/{EXEMPT}?period=2022", "municipality-not-applicable"),
    ("own municipality", f"/municipalities/{OWN}", "municipality-own"),
    ("own municipality", f"/municipalities/{FOREIGN}", "municipality-foreign"),
    ("ministry", f"/municipalities/{OWN}", "municipality-ministry"),
    ("ministry", f"/municipalities/{OWN}?period=2020", "municipality-no-data"),
    ("own municipality", f"/municipalities/{OWN}/explain?period=2022", "explanation"),
    ("ministry", f"/municipalities/{EXEMPT}/explain?period=2022", "explanation-not-applicable"),
    ("own municipality", f"/municipalities/{OWN}/compare?period=2022", "comparison-empty"),
    ("own municipality", f"/municipalities/{OWN}/compare?period=2022&with={FOREIGN}", "comparison-groups"),
    ("ministry", f"/municipalities/{OWN}/compare?period=2022&with={EXEMPT}", "comparison-detailed"),
    ("ministry", f"/municipalities/{OWN}/compare?period=2022&with_period=2020", "comparison-no-data"),
    ("own municipality", f"/municipalities/{OWN}/next-level?period=2022", "plan-level"),
    ("ministry", f"/municipalities/{EXEMPT}/next-level?period=2022&target=rank&group=results", "plan-rank"),
    ("own municipality", IF, "what-if-empty"),
    ("own municipality", f"{IF}&procedure=vpr", "what-if-form"),
    ("own municipality", f"{IF}&procedure=vpr&value-i1=0&value-i2=1,5&value-i3=&value-i4=2", "what-if-answer"),
    ("operator", "/results/new", "result-choice"),
    ("own municipality", "/results/new", "result-choice-own"),
    ("own school", "/results/new", "result-choice-school"),
    ("operator", f"{NEW}&period=2021", "result-form"),
    ("operator", f"{NEW}&period=2022", "result-exists"),
    ("operator", "/inbox", "inbox"),
    ("foreign municipality", "/inbox", "inbox-foreign"),
    ("operator", "/inbox?since=2100-01-01", "inbox-filtered-empty"),
    (PUBLIC, "/execution", "execution-public"),
    ("own municipality", "/execution?as_of=2022-11-01", "execution-own"),
    ("ministry", "/execution?as_of=2022-11-01&roadmap=karabash-2022-2024", "execution-one"),
    ("operator", "/operations", "operations"),
    ("ministry", "/operations/scoring/letters", "letters-empty"),
    ("ministry", "/operations/monitoring/journal?of=sources", "journal"),
    ("operator", "/operations/notification/journal", "journal-empty"),
]
REFUSED = [
    (PUBLIC, "/no-such-page", 404, "not-found"),
    ("operator", "/results/no-such-result", 404, "result-not-found"),
    ("operator", "/municipalities/no-such-place", 404, "municipality-not-found"),
    ("expert", "/operations", 403, "forbidden"),
    ("own municipality", f"{IF}&procedure=vpr&value-i1=9&value-i2=много", 422, "what-if-wrong"),
    ("own municipality", f"/municipalities/{FOREIGN}/what-if", 403, "what-if-foreign"),
    ("own municipality", f"/municipalities/{FOREIGN}/explain", 403, "explanation-foreign"),
    (PUBLIC, "/?period=1999", 401, "centre-no-period"),
    (PUBLIC, "/execution?as_of=вчера", 422, "execution-wrong-day"),
    (PUBLIC, "/execution?roadmap=нет-такой", 404, "execution-no-roadmap"),
    ("ministry", f"/municipalities/{OWN}/explain?period=1999", 404, "explanation-no-period"),
    ("ministry", f"/municipalities/{OWN}/compare?period=2022&with={OWN}", 422, "comparison-with-itself"),
    ("expert", f"/municipalities/{OWN}/next-level", 403, "plan-forbidden"),
]
pytestmark = pytest.mark.usefixtures("told")


@pytest.mark.parametrize(("who", "path", "name"), PAGES, ids=[name for _, _, name in PAGES])
def test_a_page_is_accessible_silent_and_never_scrolls_sideways(
    visit: Visiting, who: str, path: str, name: str
) -> None:
    visit(who).look(path, name)


@pytest.mark.parametrize(("who", "path", "status", "name"), REFUSED, ids=[name for *_, name in REFUSED])
def test_a_refusal_is_a_page_for_people(visit: Visiting, who: str, path: str, *, status: int, name: str) -> None:
    page = visit(who)
    page.open(path, status=status)
    page.check(name)
    assert page.page.locator("h1").count() == 1


@pytest.mark.parametrize(
    ("who", "act", "name"),
    [
        ("own municipality", "", "result-one"),
        ("own municipality", "/correction", "result-one-correction"),
        ("own municipality", "/withdrawal", "result-one-withdrawal"),
        ("operator", "", "result-one-accounts"),
    ],
)
def test_the_pages_of_a_corrected_result_are_accessible(
    visit: Visiting, told: str, who: str, *, act: str, name: str
) -> None:
    page = visit(who)
    page.open(f"/results/{told}{act}")
    page.check(name)


def test_an_inbox_item_opens_and_stays_accessible(visit: Visiting) -> None:
    page = visit("own municipality")
    page.open("/inbox")
    page.page.locator("summary").first.click()
    page.check("inbox-open")


@pytest.mark.parametrize("who", ["operator", "own municipality"])
def test_a_recommendation_is_reached_from_its_municipality_and_accessible(visit: Visiting, who: str) -> None:
    page = visit(who)
    page.open(f"/municipalities/{OWN}")
    page.page.locator("main a[href^='/recommendations/']").first.click()
    page.page.wait_for_url(re.compile("/recommendations/"))
    page.check(f"recommendation-{who}")
    page.open("/recommendations")
    page.check(f"recommendations-{who}")


@pytest.mark.parametrize(("path", "name"), [("/", "centre"), (f"/municipalities/{OWN}", "municipality")])
def test_a_municipality_with_a_very_long_name_does_not_break_the_pages(visit: Visiting, path: str, name: str) -> None:
    page = visit("ministry")
    page.open(path)
    expect(page.page.locator("#state")).to_contain_text("включена")
    page.page.get_by_role("button", name="Приостановить").click()
    page.page.evaluate(
        "long => document.querySelectorAll('h1, th[scope=row], td a').forEach(one => one.append(' ' + long))", LONG
    )
    page.check(f"long-names-{name}")
    expect(page.page.locator("h1")).to_contain_text(LONG)


def test_a_dead_letter_is_shown_raw_and_the_page_is_accessible(running: Running, visit: Visiting) -> None:
    _send_letter(running)
    page = visit("operator")
    until(
        lambda: running.tell("operator", "GET", "monitoring", "/v1/operations/dead-letters")["items"], what="a letter"
    )
    page.open("/operations/monitoring/letters")
    page.check("letters")
    page.page.locator("tbody a").first.click()
    page.page.wait_for_url(re.compile("/letters/"))
    assert "ученики" in page.page.locator("pre").last.inner_text()
    page.check("letter")


def _send_letter(running: Running) -> None:
    """A record that nobody can read; sent from a thread, for the browser's loop runs in this one."""
    record = Record(OWN.encode(), '{"ученики": [1, 2'.encode(), attributes())
    with ThreadPoolExecutor(1) as aside:
        aside.submit(send, running, [record]).result(30)
