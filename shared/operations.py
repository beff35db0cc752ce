"""The operators' door of every service: the outbox, dead letters, redrive and discard, the journal of changes."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.letters import NEWEST, SHOWN, Letters
from shared.mongo import Document
from shared.mongo.journal import JOURNAL
from shared.policy import Actor
from shared.relay import outbox_state
from shared.web.access import may
from shared.web.answers import JsonAnswer, page
from shared.web.conditions import Cursor, Limit, read_cursor, write_cursor
from shared.web.exact import router as make_router
from shared.web.shapes import PageShape, Shape, WrongShape, answers

router = make_router("/v1/operations", tag="operations")
Reader = Annotated[Actor, Depends(may("operations.read"))]
Operator = Annotated[Actor, Depends(may("operations.act"))]
LISTING = "dead-letters"
# What a stored document has for the platform itself.
INNER = {"_id", "v", "n", "told", "reported"}


class Discard(BaseModel):
    """Why a dead letter is given up."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=1000)


class OutboxAnswer(Shape):
    """Messages not sent yet, the wait of the oldest in seconds, whether this process sends."""

    unpublished: int
    oldest_age_seconds: float
    leading: bool


class LetterOrigin(Shape):
    """Where in Kafka the message lies."""

    topic: str
    partition: int
    offset: int


class LetterAnswer(Shape):
    """A dead letter in short; `reason` says why it was given up.

    `received_at`: when it came first; `tried_at`, `attempts`: when it was handled last, and how many times in vain.
    `decided_by`, `decided_at`: the account that had it handled again or gave it up, and when.
    """

    id: str
    group: str
    code: str
    message: str
    source: str | None
    event: str | None
    state: Literal["new", "redriven", "discarded"]
    origin: LetterOrigin
    received_at: datetime
    tried_at: datetime
    attempts: int
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


class LetterPage(PageShape[LetterAnswer]):
    """A page of dead letters."""


class CutLetter(Shape):
    """What was sent where not all of it is kept: bytes of key and value, headers, SHA-256 of the value.

    Of what is too large even to be unpacked `headers` and `sha256` are not known.
    """

    key: int
    value: int
    headers: int | None
    sha256: str | None


class WholeLetter(LetterAnswer):
    """A dead letter with all that was sent, as text or hex; `cut` where only its beginning or nothing is kept."""

    errors: list[WrongShape]
    key: str | None
    value: str | None
    headers: list[tuple[str, str | None]]
    cut: CutLetter | None


class RedrivenLetter(LetterAnswer):
    """A dead letter after another attempt."""

    handled: bool


class JournalLine(Shape):
    """One change of what is stored in place: of which register (`of`) what (`key`), by whom, when, and what it was.

    `role` is `service` where no request asked, `command` where an operator's command did (`account` is that of the
    machine then, `action` the command). `before` is null where it was new. What it became is the `before` of the next
    line about it, or what is there.
    """

    id: str
    of: str
    key: str
    at: datetime
    role: str
    account: str | None
    action: str | None
    correlation: str | None
    before: dict[str, Any] | None


class JournalPage(PageShape[JournalLine]):
    """A page of the journal."""


@router.get("/outbox", operation_id="read_outbox", responses=answers(OutboxAnswer))
async def read_outbox(request: Request, _: Reader) -> Response:
    """How many messages wait to be sent, and for how long the oldest has waited."""
    depth, age = await outbox_state(request.app.state.platform.database)
    relay = request.app.state.platform.relay
    return JsonAnswer({"unpublished": depth, "oldest_age_seconds": round(age, 3), "leading": relay.leading})


@router.get("/dead-letters", operation_id="list_dead_letters", responses=answers(LetterPage))
async def list_dead_letters(
    request: Request,
    _: Reader,
    *,
    state: Annotated[str | None, Query(pattern="^(new|redriven|discarded)$")] = None,
    code: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """What could not be handled, newest first."""
    place = read_cursor(LISTING, cursor, datetime, str)
    after = (datetime.fromisoformat(place[0]), place[1]) if place else None
    rows, more = await _letters(request).page(state=state, code=code, after=after, limit=limit)
    following = write_cursor(LISTING, [more[0].isoformat(), more[1]]) if more else None
    return page(request, [_summary(row) for row in rows], following=following)


@router.get("/dead-letters/{letter:path}", operation_id="read_dead_letter", responses=answers(WholeLetter))
async def read_dead_letter(request: Request, letter: str, _: Reader) -> Response:
    """One dead letter whole: key, value and headers as text where they are UTF-8, else as hex."""
    row = await _letters(request).one(letter)
    raw = {
        "errors": row["errors"],
        "key": _shown(row["key"]),
        "value": _shown(row["value"]),
        "headers": [[name, _shown(value)] for name, value in row["headers"]],
        "cut": row.get("cut"),
    }
    return JsonAnswer(_summary(row) | raw)


@router.post("/redrive/{letter:path}", operation_id="redrive_dead_letter", responses=answers(RedrivenLetter))
async def redrive_dead_letter(request: Request, letter: str, actor: Operator) -> Response:
    """Handle a dead letter again, in its own group only; says what came of it. What is handled stays as it is."""
    row = await _letters(request).redrive(letter, by=actor.subject)
    return JsonAnswer(_summary(row) | {"handled": row["state"] == "redriven"})


@router.post("/discard/{letter:path}", operation_id="discard_dead_letter", responses=answers(LetterAnswer))
async def discard_dead_letter(request: Request, letter: str, body: Discard, actor: Operator) -> Response:
    """Give a dead letter up, with a reason that stays; what was sent goes, its sizes and SHA-256 stay."""
    return JsonAnswer(_summary(await _letters(request).discard(letter, body.reason, by=actor.subject)))


@router.get("/journal", operation_id="list_journal", responses=answers(JournalPage))
async def list_journal(
    request: Request,
    _: Reader,
    *,
    of: Annotated[str | None, Query(max_length=100)] = None,
    key: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Who changed what is stored in place, and what it was before, newest first."""
    place = read_cursor(JOURNAL, cursor, datetime, str)
    where: dict[str, Any] = {name: one for name, one in (("of", of), ("key", key)) if one is not None}
    if place is not None:
        at, line = datetime.fromisoformat(place[0]), place[1]
        where["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": line}}]
    rows = await request.app.state.platform.database.find(JOURNAL, where, sort=NEWEST, limit=limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    following = write_cursor(JOURNAL, [last["at"].isoformat(), last["_id"]]) if last else None
    return page(request, [_line(row) for row in rows[:limit]], following=following)


def _line(row: Document) -> dict[str, Any]:
    before = row["before"]
    told = {name: row[name] for name in ("of", "key", "at", "role", "account", "action", "correlation")}
    plain = before and {name: one for name, one in before.items() if name not in INNER}
    return {"id": row["_id"], **told, "before": plain}


def _letters(request: Request) -> Letters:
    platform = request.app.state.platform
    return Letters(platform.database, platform.consumers)


def _summary(row: Document) -> dict[str, Any]:
    return {
        "id": row["_id"],
        **{name: row.get(name) for name in SHOWN},
        "origin": {"topic": row["topic"], "partition": row["partition"], "offset": row["offset"]},
        "received_at": row["at"],
        "tried_at": row.get("tried_at", row["at"]),
        "attempts": row.get("attempts", 1),
        "reason": row.get("discard_reason"),
        "decided_by": row.get("discarded_by") or row.get("redriven_by"),
        "decided_at": row.get("changed_at"),
    }


def _shown(raw: bytes | None) -> str | None:
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "hex:" + raw.hex()
