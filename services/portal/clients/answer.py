"""What another service answered: a body, a problem in its own words, or nothing at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.portal.clients.wording import GENERAL, STALE, detail_for_people, place_for_people, title_for_people

OK, ERROR, NOT_FOUND, UNAUTHENTICATED, FORBIDDEN = 200, 400, 404, 401, 403
BROKEN, AWAY = 500, 503
# The keys of repeats are the portal's own: what is wrong with one is said in words about the form.
REUSED = "idempotency-key-reused"
REUSED_TITLE = "Эта форма уже принята с другим содержанием"
REUSED_DETAIL = "Первая отправка дошла. Посмотрите, что записано; отправленное ещё раз станет отдельной записью."


@dataclass(frozen=True, slots=True)
class WrongField:
    """One wrong place of what was sent: a JSON pointer, a code, Russian words."""

    pointer: str
    code: str
    message: str
    remedy: str = ""

    def called(self, label: str = "") -> str:
        """The message as it stands away from its field: with the field's label, unless it names what is wrong."""
        if not label or self.message not in GENERAL:
            return self.message
        return f"{label}: {self.message[:1].lower()}{self.message[1:]}"


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as the service words it (RFC 9457); `document` is the whole of it."""

    code: str
    title: str
    detail: str
    errors: tuple[WrongField, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stale(self) -> bool:
        """Whether somebody else was quicker."""
        return self.code == STALE


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `status` 0 where the service did not answer; `body` is JSON, or bytes where it is not (`raw`)."""

    service: str
    title: str
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether there is what was asked for."""
        return OK <= self.status < ERROR

    @property
    def away(self) -> bool:
        """Whether the service did not answer, or broke: come back later."""
        return self.status == 0 or self.status >= BROKEN

    @property
    def page_status(self) -> int:
        """The status of a page that stands on this answer: 200, 503 where nothing came, else the refusal's own."""
        return OK if self.ok else AWAY if self.away else self.status

    @property
    def missing(self) -> bool:
        """Whether the thing is not there, or not for this reader."""
        return self.status == NOT_FOUND

    @property
    def barred(self) -> bool:
        """Whether this reader may not see it."""
        return self.status in {UNAUTHENTICATED, FORBIDDEN}

    @property
    def etag(self) -> str | None:
        """The revision's ETag, for If-Match."""
        return self.headers.get("etag")

    @property
    def items(self) -> list[Any]:
        """The items of a list, empty where there was no such answer."""
        found = self.body.get("items") if self.ok and isinstance(self.body, dict) else None
        return found if isinstance(found, list) else []

    @property
    def problem(self) -> Problem | None:
        """The refusal, None where nothing was refused; a silent service has words of its own."""
        if self.ok:
            return None
        if self.away:
            detail = f"{self.title}: нет ответа. Повторите через минуту."
            return Problem("service-away", "Часть сведений сейчас недоступна", detail)
        return _problem(self.body if isinstance(self.body, dict) else {}, self.status)


def _problem(told: Mapping[str, Any], status: int) -> Problem:
    if told.get("code") == REUSED:
        return Problem(REUSED, REUSED_TITLE, REUSED_DETAIL, document=told)
    errors = tuple(_wrong(one) for one in told.get("errors") or () if isinstance(one, dict))
    title, code = str(told.get("title") or "Запрос не принят"), str(told.get("code") or f"status-{status}")
    detail = detail_for_people(code, title, str(told.get("detail") or title))
    return Problem(code, title_for_people(code, title), detail, errors, told)


def _wrong(told: Mapping[str, Any]) -> WrongField:
    pointer, code, message, remedy = (str(told.get(name, "")) for name in ("pointer", "code", "message", "remedy"))
    return WrongField(pointer, code, *place_for_people(code, message, remedy))


def read_answer(service: str, title: str, response: httpx.Response) -> Answer:
    """What came over HTTP; JSON that cannot be read counts as no answer."""
    body: Any = response.content
    if "json" in response.headers.get("content-type", ""):
        try:
            body = json.loads(response.content)
        except ValueError:
            return Answer(service, title, 0)
    return Answer(service, title, response.status_code, body, dict(response.headers), response.content)
