"""The words every service thinks in: events, changes, refusals, exact numbers; no I/O, no business noun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

PREFIX = "ru.rsoko."
S = TypeVar("S")
NOTHING: Mapping[str, str] = MappingProxyType({})


class Event(BaseModel):
    """A fact in the past tense, told to others; the payload of one CloudEvent.

    `TYPE` is `ru.rsoko.<service>.<aggregate>.<participle>.v<major>`; a reader ignores fields it does not know.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    TYPE: ClassVar[str]

    @property
    def key(self) -> str:
        """The id whose facts are kept in order (the Kafka key)."""
        raise NotImplementedError

    @classmethod
    def topic(cls) -> str:
        """`<service>.<aggregate>.v<major>`, the topic that this type travels on."""
        service, aggregate, _, version = cls.TYPE.removeprefix(PREFIX).split(".")
        return f"{service}.{aggregate}.{version}"


@dataclass(frozen=True, slots=True)
class Change(Generic[S]):
    """What a decision gives: the new state and what it tells; no events when nothing changed."""

    state: S
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong place of an input: a JSON pointer, a stable code, what is wrong and how to mend it (Russian)."""

    pointer: str
    code: str
    message: str
    remedy: str = ""


class Kind(Enum):
    """Why something is refused; the doors turn it into a status, a retry or a dead letter."""

    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    STALE = "stale"
    PRECONDITION = "precondition"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    INVALID = "invalid"
    TOO_MANY = "too-many"


class Refused(Exception):
    """A business "no": a stable kebab-case code, a Russian title and detail, the wrong fields."""

    kind: ClassVar[Kind] = Kind.INVALID

    def __init__(
        self,
        code: str,
        title: str,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.title = title
        self.detail = detail or title
        self.errors = tuple(errors)
        self.extra = dict(extra or {})


class Malformed(Refused):
    """The input cannot be read at all."""

    kind = Kind.MALFORMED


class Unauthenticated(Refused):
    """Nobody, or somebody we cannot believe."""

    kind = Kind.UNAUTHENTICATED


class Forbidden(Refused):
    """Somebody known who may not do this."""

    kind = Kind.FORBIDDEN


class NotFound(Refused):
    """The named thing is not there, or not for this reader."""

    kind = Kind.NOT_FOUND


class Conflict(Refused):
    """The state says otherwise."""

    kind = Kind.CONFLICT


class Stale(Refused):
    """The reader's version is not the stored one (If-Match)."""

    kind = Kind.STALE


class PreconditionRequired(Refused):
    """The version to change was not named (If-Match is missing)."""

    kind = Kind.PRECONDITION


def check_expected(expected: int | None, stored: int | None, *, read: str, changes: bool = True) -> None:
    """Whether a writer may write over what is stored (None: nothing), by the revision that was read (0: nothing).

    Stale over another one. Who names none makes something new, or repeats what is stored (`changes` is false);
    PreconditionRequired for anything else. `read` is the address where the thing is read.
    """
    if expected == (stored or 0) or (expected is None and not (stored and changes)):
        return
    if expected is None:
        detail = f"Запись уже есть. Прочитайте её (GET {read}) и передайте её ETag в If-Match."
        raise PreconditionRequired("if-match-required", "Не сказано, какая версия меняется", detail)
    there = f"Сейчас версия {stored}, а в условии названа {expected}" if stored else "Записи ещё нет"
    detail = f"{there}. Прочитайте её снова: GET {read}." if stored else f"{there}: нечего прочитать и изменить."
    raise Stale("stale-revision", "Версия устарела", detail, extra={"revision": stored or 0})


class TooLarge(Refused):
    """Over a limit of size."""

    kind = Kind.TOO_LARGE


class Unsupported(Refused):
    """A media type that is not taken here."""

    kind = Kind.UNSUPPORTED


class TooMany(Refused):
    """Over a limit of rate; `extra["retry_after"]` says in how many seconds to come back."""

    kind = Kind.TOO_MANY


class Unavailable(Exception):
    """Something technical that we stand on is away for now; nothing was half-written; come back later."""

    def __init__(self, what: str, retry_after: int = 2) -> None:
        super().__init__(what)
        self.what = what
        self.retry_after = retry_after


def exact(value: str | int | Decimal | Fraction) -> Fraction:
    """The exact number behind `"1.5"`, `"1/3"`, `2` or a Decimal; never called with a float."""
    return Fraction(value)


def number_text(value: Fraction) -> str:
    """A decimal string where the number has a finite one ("1.5", "74"), else the fraction ("1/3")."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, digits = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        digits = max(digits, count)
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    scaled = value.numerator * 10**digits // value.denominator
    sign, body = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(digits + 1, "0")
    return f"{sign}{body[:-digits]}.{body[-digits:]}"


def plural(number: int, forms: tuple[str, str, str]) -> str:
    """The Russian form that follows a whole number: 1 балл, 2 балла, 5 баллов, 11 баллов, 21 балл."""
    tens, ones = abs(number) % 100, abs(number) % 10
    if 11 <= tens <= 14 or ones == 0 or ones >= 5:  # noqa: PLR2004 - the grammar's own numbers
        return forms[2]
    return forms[0] if ones == 1 else forms[1]


@dataclass(frozen=True, slots=True)
class Cause:
    """What an event follows from: one correlation id from the first request on, the message before it, the trace."""

    correlation: str
    causation: str | None = None
    traceparent: str | None = None


class Repeat(NamedTuple):
    """By what a change that may be asked for again is known: its key, and the digest that tells it from another one.

    `before`: the key and the digest by which an earlier version of the platform kept the answer.
    """

    key: str
    digest: str
    before: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message was read: topic, partition, offset."""

    topic: str
    partition: int
    offset: int


class Heard(NamedTuple, Generic[S]):
    """An event as it was received, with its identity (`source` + `id`) and what it follows from.

    One for each record read: a named tuple is made four times faster than a frozen dataclass.
    """

    event: S
    id: str
    source: str
    cause: Cause
    origin: Origin
    key: str | None = None
    sequence: int | None = None
    extensions: Mapping[str, str] = NOTHING
