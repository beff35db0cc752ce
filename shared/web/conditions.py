"""What a request states beside its body: the revision it means, the key of its repeat, the page it wants."""

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header, Query, Request

from shared.kernel import Malformed, PreconditionRequired, Repeat, Stale
from shared.policy import the_policy
from shared.web.access import CurrentActor

_REVISION = re.compile(r'"(\d{1,15})"')
_TAG = r'(?:W/)?"[^"]*"'
_TAGS = re.compile(rf"{_TAG}(?:\s*,\s*{_TAG})*")
_VISIBLE = re.compile(r"[!-~]{1,255}")
_CHECK = 6
# What MongoDB stores of a number.
_GREATEST = 2**63
Part = type[str] | type[int] | type[datetime]

LARGEST_PAGE = 200
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="сколько записей на странице")]
Cursor = Annotated[str | None, Query(max_length=1024, description="продолжение: значение next прежнего ответа")]


IfMatch = Annotated[str | None, Header(description='прочитанная версия из ETag, например "1"')]
IfNoneMatch = Annotated[str | None, Header(description="*, если записи ещё не должно быть")]


async def named_revision(if_match: IfMatch = None) -> int | None:
    """The revision that the writer has read, None without the header.

    Of a list, the one that can be a revision's. Malformed for `*`, for what is no strong ETag, and for several
    revisions; Stale for an ETag that no revision has.
    """
    if if_match is None:
        return None
    told = if_match.strip()
    if told == "*":
        raise _no_revision("Вместо * передайте ETag")
    strong = [tag for tag in re.findall(_TAG, told) if tag[0] == '"'] if _TAGS.fullmatch(told) else []
    if not strong:
        raise _no_revision("Передайте ETag прочитанной записи в кавычках и без W/")
    found = {int(one[1]) for tag in strong if (one := _REVISION.fullmatch(tag))}
    if len(found) > 1:
        raise _no_revision("Назовите одну: ETag записи, которую вы прочитали")
    if not found:
        raise Stale("stale-revision", "Версия устарела", "Такой версии нет: прочитайте запись и её ETag снова.")
    return found.pop()


def _no_revision(remedy: str) -> Malformed:
    return Malformed("invalid-if-match", "Нужна определённая версия", f'{remedy}, например "1".')


async def expected_revision(if_match: IfMatch = None) -> int:
    """The same where the writer must name it: PreconditionRequired without the header."""
    found = await named_revision(if_match)
    if found is None:
        raise PreconditionRequired(
            "if-match-required",
            "Не сказано, какая версия меняется",
            'Прочитайте запись (GET) и передайте её ETag в If-Match, например "1".',
        )
    return found


async def condition(if_match: IfMatch = None, if_none_match: IfNoneMatch = None) -> int | None:
    """What a PUT says that it is written over: the revision that was read, 0 for nothing, None where it says neither.

    `If-Match: "0"` says the same as `If-None-Match: *`; Malformed for any other If-None-Match, or one that contradicts.
    """
    named = await named_revision(if_match)
    if if_none_match is None:
        return named
    if if_none_match.strip() != "*" or named not in {None, 0}:
        raise Malformed(
            "invalid-if-none-match",
            "Условие записи не узнано",
            "Для новой записи передайте If-None-Match: *, для изменения прочитанной — только If-Match с её ETag.",
        )
    return 0


NamedRevision = Annotated[int | None, Depends(named_revision)]
Condition = Annotated[int | None, Depends(condition)]
ExpectedRevision = Annotated[int, Depends(expected_revision)]


async def idempotency_key(
    request: Request,
    actor: CurrentActor,
    idempotency_key: Annotated[
        str | None,
        Header(description="ключ повтора: 1–255 видимых знаков ASCII; повтор с ним даёт тот же ответ"),
    ] = None,
) -> Repeat | None:
    """The idempotency key within its actor, role and place, and path, None without the header; Malformed for a bad one.

    A repeat says the same over the same revision: what is meant for another one is another request.
    """
    if idempotency_key is None:
        return None
    if not _VISIBLE.fullmatch(idempotency_key):
        raise Malformed("invalid-idempotency-key", "Ключ повтора не годится", "Нужно 1–255 видимых знаков ASCII.")
    own = orjson.dumps([actor.role, actor.subject, the_policy().place_of(actor)]).decode()
    scope = f"\n{request.method}\n{request.url.path}\n{idempotency_key}"
    over = request.headers.get("if-match", "").strip()
    said = f"{request.url.query}\n".encode() + await request.body()
    # Answers live for a day: on the day of the update the first of a repeat may lie under its account alone, whatever
    # revision it was over.
    before = _hashed(f"{actor.subject}{scope}".encode()), _hashed(said)
    return Repeat(_hashed(f"{own}{scope}".encode()), _hashed(over.encode() + said), before)


def _hashed(said: bytes) -> str:
    return hashlib.sha256(said).hexdigest()


Idempotency = Annotated[Repeat | None, Depends(idempotency_key)]


def _checksum(listing: str, payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_CHECK, person=listing.encode()[:16]).digest()


def write_cursor(listing: str, place: Any) -> str:
    """An opaque cursor: where the next page of `listing` begins (JSON values)."""
    payload = orjson.dumps(place)
    return base64.urlsafe_b64encode(_checksum(listing, payload) + payload).rstrip(b"=").decode()


def read_cursor(listing: str, cursor: str | None, *shape: Part, least: int | None = None) -> Any:
    """The place a cursor of this listing names, None without one; Malformed for a foreign or damaged one.

    A cursor is not signed, and what it says goes into queries: each part of the place is of the type that `shape`
    tells (an instant stays text). One part stands alone; several are a list, of at least `least` where that is told.
    """
    if cursor is None:
        return None
    place = _place(listing, cursor)
    parts = place if len(shape) > 1 else [place]
    whole = isinstance(parts, list) and (least or len(shape)) <= len(parts) <= len(shape)
    if whole and all(_fits(part, wanted) for part, wanted in zip(parts, shape, strict=False)):
        return place
    raise Malformed("invalid-cursor", "Продолжение списка не узнано", "Возьмите cursor из поля next прежнего ответа.")


def _place(listing: str, cursor: str) -> Any:
    """What a cursor says; None where it is damaged or another list's."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return orjson.loads(raw[_CHECK:]) if _checksum(listing, raw[_CHECK:]) == raw[:_CHECK] else None
    except (ValueError, binascii.Error):
        return None


def _fits(part: Any, wanted: Part) -> bool:
    """Whether a part of a place is a text, a number of 64 bits, or an instant that has a time in UTC."""
    if wanted is int:
        return isinstance(part, int) and not isinstance(part, bool) and -_GREATEST <= part < _GREATEST
    if wanted is str or not isinstance(part, str):
        return isinstance(part, str)
    try:
        instant = datetime.fromisoformat(part)
        return instant.tzinfo is not None and bool(instant.astimezone(UTC))
    except (ValueError, OverflowError):
        return False
