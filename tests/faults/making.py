"""Seeded making of what is reported: contents that never come twice, and records that are bad in a known way."""

import json
import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.faults.catalogue import municipalities, procedures
from tests.faults.history import Content, Headers, Key, Raw, Sent

TYPE = "ru.rsoko.intake.result.reported.v1"
SOURCE = "demo"
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
MAX_EVENT = 64 * 1024


class Maker:
    """Makes contents, bodies and records from one seed."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def content(self, procedure: str, *, withdrawable: bool = False) -> Content:
        """Values, now and then not applicable, or withdrawn where that is possible."""
        chance = self.rng.random()
        if withdrawable and chance < 0.1:
            return Content()
        if chance < 0.2:
            return Content(exempt=True)
        return Content(values={name: self._value(most) for name, most in procedures()[procedure].indicators.items()})

    def _value(self, most: int) -> str | None:
        if self.rng.random() < 0.05:
            return None
        # Four decimals make it most unlikely that a correction says what stands already.
        text = f"{(Decimal(self.rng.randrange(most * 10_000 + 1)) / 10_000).normalize():f}"
        return "0" if text == "-0" else text

    def words(self, content: Content) -> dict[str, Any]:
        """The content as a body says it."""
        if content.withdrawn:
            return {"withdrawn": True}
        if content.exempt:
            return {"not_applicable": {"reason": f"не участвовал ({self.uid()})", "act": "приказ № 1"}}
        return {"values": dict(content.values or {})}

    def uid(self) -> str:
        """An id of this seed."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def body(self, key: Key, content: Content, *, quiet: bool) -> dict[str, Any]:
        """The body of `POST /v1/results`."""
        named = {"procedure": key.procedure, "subject": {"municipality": key.municipality}, "period": key.period}
        return {**named, **self.words(content), "source": SOURCE, "notify": not quiet}

    def report(self, key: Key, content: Content, occurred_at: datetime, *, keyless: bool = False) -> tuple[Raw, Sent]:
        """A good record of the intake topic; some subjects by their code, the key always the same for a place."""
        subject = municipalities()[key.municipality] if self.rng.random() < 0.2 else key.municipality
        body = self._report_body(key, content, occurred_at) | {"subject": {"municipality": subject}}
        event = self.uid()
        odd: Headers = (("x-trace", None), ("x-\u00e9", b"\xff\xfe")) if self.rng.random() < 0.1 else ()
        raw = record(None if keyless else key.municipality, body, event, more=odd)
        return raw, Sent("report", key, event, content, occurred_at)

    def _report_body(self, key: Key, content: Content, occurred_at: datetime) -> dict[str, Any]:
        named = {"procedure": key.procedure, "subject": {"municipality": key.municipality}, "period": key.period}
        return {**named, **self.words(content), "occurred_at": occurred_at.isoformat()}

    def bad(self, key: Key, now: datetime) -> tuple[Raw, Sent]:
        """A record of some bad kind."""
        kind = self.rng.choice(sorted(BAD))
        codes, make = BAD[kind]
        body = self._report_body(key, self.content(key.procedure), BEGIN)
        raw = make(self, key, body, now)
        return raw, Sent(kind, codes=frozenset(codes))

    def reused(self, raw: Raw, sent: Sent) -> tuple[Raw, Sent]:
        """The id of a good event with another body."""
        assert sent.slot is not None
        body = self._report_body(sent.slot, self.content(sent.slot.procedure), BEGIN) | {"comment": self.uid()}
        again = Raw(raw.key, json.dumps(body).encode(), raw.headers)
        return again, Sent("reused-id", event=sent.event, codes=frozenset({"event-id-reused"}))


def record(key: str | None, body: dict[str, Any], event: str, *, kind: str = TYPE, more: Headers = ()) -> Raw:
    """A record in binary mode."""
    told = {"ce_specversion": "1.0", "ce_id": event, "ce_source": SOURCE, "ce_type": kind}
    headers = tuple((name, text.encode()) for name, text in told.items())
    return Raw(key.encode() if key else None, json.dumps(body).encode(), (*headers, *more))


Make = Callable[[Maker, Key, dict[str, Any], datetime], Raw]


def _random_bytes(maker: Maker, key: Key, body: dict[str, Any], now: datetime) -> Raw:
    del key, body, now
    return Raw(None, b"\xff\x00" + maker.rng.randbytes(200), ())


def _empty(maker: Maker, key: Key, body: dict[str, Any], now: datetime) -> Raw:
    del now
    return record(key.municipality, body, maker.uid())._replace(value=maker.rng.choice((None, b"")))


def _headers(change: Callable[[Headers], Headers]) -> Make:
    def make(maker: Maker, key: Key, body: dict[str, Any], now: datetime) -> Raw:
        del now
        found = record(key.municipality, body, maker.uid())
        return found._replace(headers=change(found.headers))

    return make


def _changed(**more: Any) -> Make:
    def make(maker: Maker, key: Key, body: dict[str, Any], now: datetime) -> Raw:
        del now
        return record(key.municipality, body | more, maker.uid())

    return make


def _typed(kind: str) -> Make:
    def make(maker: Maker, key: Key, body: dict[str, Any], now: datetime) -> Raw:
        del now
        return record(key.municipality, body, maker.uid(), kind=kind)

    return make


def _future(maker: Maker, key: Key, body: dict[str, Any], now: datetime) -> Raw:
    later = (now + timedelta(hours=maker.rng.randint(1, 100))).isoformat()
    return record(key.municipality, body | {"occurred_at": later}, maker.uid())


def _foreign_key(maker: Maker, key: Key, body: dict[str, Any], now: datetime) -> Raw:
    del now
    other = maker.rng.choice([one for one in sorted(municipalities()) if one != key.municipality])
    return record(other, body, maker.uid())


def _broken(maker: Maker, key: Key, body: dict[str, Any], now: datetime) -> Raw:
    del now
    found = record(key.municipality, body, maker.uid())
    return found._replace(value=(found.value or b"")[:-3] + maker.uid().encode())


# What each kind may be refused with.
BAD: dict[str, tuple[set[str], Make]] = {
    "random-bytes": ({"not-a-cloudevent"}, _random_bytes),
    "empty-value": ({"empty-value"}, _empty),
    "null-header": (
        {"not-a-cloudevent"},
        _headers(lambda h: tuple((n, None if n == "ce_source" else v) for n, v in h)),
    ),
    "not-utf8-header": (
        {"bad-header"},
        _headers(lambda h: (*h, ("ce_subject", b"\xff\xfe"))),
    ),
    "no-id": ({"not-a-cloudevent"}, _headers(lambda h: tuple(one for one in h if one[0] != "ce_id"))),
    "unknown-type": ({"unknown-type"}, _typed("ru.rsoko.intake.result.forgotten.v1")),
    "wrong-version": ({"unsupported-version"}, _typed("ru.rsoko.intake.result.reported.v2")),
    "over-the-limit": ({"too-large"}, _changed(comment="x" * MAX_EVENT)),
    "unknown-period": ({"unknown-period"}, _changed(period="1871")),
    "unknown-procedure": ({"unknown-procedure"}, _changed(procedure="phrenology")),
    "over-the-maximum": ({"out-of-range", "invalid-result"}, _changed(values={"i1": "99"}, not_applicable=None)),
    "future": ({"occurred-in-future"}, _future),
    "foreign-key": ({"foreign-key"}, _foreign_key),
    "broken-json": ({"malformed-json"}, _broken),
}
