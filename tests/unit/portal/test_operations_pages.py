"""The operators' pages: how the services are, and dead letters; what is asked of them, and how their answers read."""

import httpx
import pytest

from services.portal.clients import Answer, Readiness
from services.portal.show.operations import health_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, Services, listed, refused


@pytest.fixture
def ministry(stage: Stage) -> httpx.AsyncClient:
    return stage.browser(headers={"Authorization": stage.token("ministry")})


METRICS = b"""# TYPE rsoko_consumer_lag_records gauge
rsoko_consumer_lag_records{group="scoring",topic="t",partition="0"} 3.0
rsoko_consumer_lag_records{group="scoring",topic="t",partition="1"} 2.0
rsoko_consumer_lag_seconds{group="scoring",topic="t",partition="0"} 7.4
"""


def test_the_state_of_a_service_is_told_in_words():
    readiness = Readiness("scoring", "Оценка", "http://x", "degraded", ("positions", "new-check"))
    outbox = Answer("scoring", "Оценка", 200, {"unpublished": 2, "oldest_age_seconds": 0.25, "leading": True})
    letters = Answer("scoring", "Оценка", 200, {"items": [{}] * 4, "next": "on"})
    health = health_of(readiness, Answer("scoring", "Оценка", 200, METRICS), outbox, letters)

    assert (health.lag, health.letters) == ("5\N{NO-BREAK SPACE}записей, 7\N{NO-BREAK SPACE}секунд", "больше 4")
    assert health.outbox == "2\N{NO-BREAK SPACE}сообщения, старшему 0,2 с"
    assert health.why == ["чтение событий остановлено: сохранённое место не подходит", "new-check"]


async def test_a_process_that_only_answers_hides_no_dead_letters(stage: Stage, ministry: httpx.AsyncClient):
    ready = {"status": "ready", "checks": {}, "degraded": []}
    stage.answers = Services(
        {
            "GET scoring /readyz": httpx.Response(200, json=ready),
            "GET scoring /metrics": httpx.Response(200, content=b"rsoko_streams_open 0.0\n"),
            "GET scoring /v1/operations/dead-letters": listed(LETTER, LETTER),
        }
    )
    page = (await ministry.get("/operations")).text

    assert '<a href="/operations/scoring/letters">2<' in page
    assert "ответивший процесс событий не читает" in page
    assert "их отставание — в Prometheus" in page


async def test_services_that_do_not_answer_are_shown_as_such(stage: Stage, ministry: httpx.AsyncClient):
    answer = await ministry.get("/operations")

    assert answer.status_code == 200
    assert answer.text.count("не отвечает") == 5


LETTER = {
    "id": "g|t|0|5", "group": "g", "code": "malformed-json", "message": "Не JSON", "source": "s", "event": None,
    "state": "new", "origin": {"topic": "t", "partition": 0, "offset": 5}, "received_at": "2022-11-02T04:00:00+00:00",
    "reason": None, "errors": [], "key": None, "value": "<script>{", "headers": [["ce_id", "1"], ["x", None]],
    "cut": None,
}  # fmt: skip
PLACE = "/v1/operations/dead-letters/g|t|0|5"


async def test_a_dead_letter_is_shown_raw_redriven_and_discarded(stage: Stage, ministry: httpx.AsyncClient):
    door = "scoring /v1/operations"
    stage.answers = Services(
        {
            "GET scoring /v1/operations/dead-letters": listed(LETTER),
            f"GET scoring {PLACE}": httpx.Response(200, json=LETTER),
            f"POST {door}/redrive/g|t|0|5": httpx.Response(200, json={**LETTER, "handled": False}),
            f"POST {door}/discard/g|t|0|5": refused(422, "invalid-request", ("/reason", "too-short")),
        }
    )
    listed_letters = (await ministry.get("/operations/scoring/letters")).text
    assert 'href="/operations/scoring/letters/g%7Ct%7C0%7C5"' in listed_letters
    assert "Найдено: 1\N{NO-BREAK SPACE}сообщение." in listed_letters
    assert "&lt;script&gt;{" in (await ministry.get("/operations/scoring/letters/g%7Ct%7C0%7C5")).text
    redriven = await ministry.post("/operations/scoring/redrive/g%7Ct%7C0%7C5")
    assert redriven.headers["location"] == "/operations/scoring/letters/g%7Ct%7C0%7C5?done=still"
    discarded = await ministry.post("/operations/scoring/discard/g%7Ct%7C0%7C5", data={"reason": ""})
    assert (discarded.status_code, 'href="#reason"' in discarded.text) == (422, True)


async def test_a_letter_of_which_only_the_beginning_is_kept_is_not_offered_for_redriving(
    stage: Stage, ministry: httpx.AsyncClient
):
    cut = {"key": 1, "value": 20_000_000, "headers": 2, "sha256": "ab" * 32}
    stage.answers = Services({f"GET scoring {PLACE}": httpx.Response(200, json={**LETTER, "cut": cut})})
    page = (await ministry.get("/operations/scoring/letters/g%7Ct%7C0%7C5")).text
    assert ("байт данных в нём: 20000000" in page, "Обработать снова</button>" in page) == (True, False)
    assert "Отбросить</button>" in page


async def test_of_a_letter_that_was_discarded_the_page_says_that_what_was_sent_is_removed(
    stage: Stage, ministry: httpx.AsyncClient
):
    cut = {"key": 1, "value": 2, "headers": 2, "sha256": "ab" * 32}
    gone = {**LETTER, "state": "discarded", "reason": "чужие данные", "value": None, "headers": [], "cut": cut}
    stage.answers = Services({f"GET scoring {PLACE}": httpx.Response(200, json=gone)})
    page = (await ministry.get("/operations/scoring/letters/g%7Ct%7C0%7C5")).text
    assert "его содержание удалено. Байт данных в нём было: 2, SHA-256: <code>abab" in page
    assert "слишком велико" not in page


async def test_operators_pages_are_for_operators(stage: Stage):
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as client:
        assert (await client.get("/operations")).status_code == 403
        assert (await client.post("/operations/scoring/redrive/x")).status_code == 403
    async with stage.browser() as client:
        away = await client.get("/operations")
    assert (away.status_code, away.headers["location"]) == (303, "/login?next=%2Foperations")


LINE = {
    "id": "1", "of": "sources", "key": "gis-education", "at": "2026-12-01T04:00:00+00:00", "role": "regional_operator",
    "account": "operator-7", "action": "source.write", "correlation": "c", "before": {"name": "ГИС <b>"},
}  # fmt: skip


async def test_the_journal_says_who_changed_what_and_what_it_was(stage: Stage, ministry: httpx.AsyncClient):
    def answer(request: httpx.Request) -> httpx.Response:
        assert dict(request.url.params) == {"of": "sources", "key": "gis-education", "cursor": "here"}
        return listed(LINE, LINE | {"before": None, "role": "service"}, next="behind")

    stage.answers = Services({"GET monitoring /v1/operations/journal": answer})
    shown = await ministry.get("/operations/monitoring/journal?of=sources&key=gis-education&cursor=here")
    text = shown.text

    assert 'href="/operations/monitoring/journal?of=sources&amp;key=gis-education&amp;cursor=behind"' in text
    assert ("сама служба" in text, shown.headers["cache-control"]) == (True, "no-store")
    assert ("региональный оператор" in text, "operator-7" in text, "Источники" in text) == (True, True, True)
    assert ("ГИС &lt;b&gt;" in text, "не было: внесено впервые" in text) == (True, True)


async def test_what_a_change_became_is_told_by_the_next_line_about_the_same(stage: Stage, ministry: httpx.AsyncClient):
    other = LINE | {"key": "other", "before": {"name": "Другой"}}
    then = LINE | {"before": {"name": "ГИС", "revision": 1, "people": False}}
    lines = [LINE | {"before": LINE["before"] | {"revision": 2}}, other, then, LINE | {"before": None}]
    stage.answers = Services({"GET monitoring /v1/operations/journal": listed(*lines)})
    first = (await ministry.get("/operations/monitoring/journal")).text
    newest, beside, changed, made = first.partition("<tbody>")[2].split("</tr>")[:4]
    assert [text.count("Стало так, как сейчас.") for text in (newest, beside, changed, made)] == [1, 1, 0, 0]
    assert "name\nбыло: &#34;ГИС&#34;\nстало: &#34;ГИС &lt;b&gt;&#34;\n\npeople\nбыло: false\nстало: —</pre>" in changed
    assert "Что стало к следующей записи" in made
    assert "ГИС&#34;" in made
    further = (await ministry.get("/operations/monitoring/journal?cursor=x")).text
    assert "Стало так" not in further
    assert '?of=sources&amp;key=gis-education">Что стало</a>' in further


async def test_the_journal_names_the_command_that_an_operator_gave(stage: Stage, ministry: httpx.AsyncClient):
    by = LINE | {"role": "command", "account": "ivanov"}
    reset = by | {"of": "positions", "key": "scoring|t|0", "action": "positions reset", "before": {"next": 5}}
    restored = by | {"of": "restoring", "key": "2026-12-01T04:00:00+00:00", "action": "restore", "before": None}
    rebuilt = by | {"of": "cards", "key": "generation 2", "action": "scoring rebuild", "before": {"generation": 1}}
    stage.answers = Services({"GET scoring /v1/operations/journal": listed(reset, restored, rebuilt)})
    text = (await ministry.get("/operations/scoring/journal")).text
    assert [text.count(f"оператор командой «{one}» на сервере") for one in ("positions reset", "restore")] == [1, 1]
    words = ("Места чтения событий<br>", "Восстановление из копии<br>", "Пересчёт всех баллов<br>", "ivanov")
    assert [one for one in words if one not in text] == []
    assert "хранилище было пусто" in text
    assert "Стало так" not in text, "places move without a line"


async def test_a_journal_without_lines_says_since_when_there_is_one(stage: Stage, ministry: httpx.AsyncClient):
    stage.answers = Services({"GET roadmap /v1/operations/journal": listed()})
    assert "ведётся с версии 0.3.0" in (await ministry.get("/operations/roadmap/journal")).text
    assert "ведётся" not in (await ministry.get("/operations/roadmap/journal?key=r1")).text
