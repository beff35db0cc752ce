"""How each service is, for operators: readiness in words, lag, outbox, dead letters."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.clients import Answer, Readiness
from services.portal.show.numbers import number
from services.portal.show.words import counted

RECORD = ("запись", "записи", "записей")
MESSAGE = ("сообщение", "сообщения", "сообщений")
SECOND = ("секунда", "секунды", "секунд")
STATES = {
    "ready": ("✓", "готова"),
    "degraded": ("!", "работает с ограничениями"),
    "unready": ("✗", "не готова"),
    "away": ("✗", "не отвечает"),
}
WHY = {
    "mongodb": "база данных не отвечает",
    "started": "ещё запускается",
    "not-draining": "останавливается",
    "consuming": "события Kafka пока не читаются",
    "relay": "события пока не отправляются в Kafka",
    "positions": "чтение событий остановлено: сохранённое место не подходит",
}
LETTERS = {"new": "ждёт решения", "redriven": "обработано повторно", "discarded": "отброшено"}
LAG, LAG_SECONDS = "rsoko_consumer_lag_records", "rsoko_consumer_lag_seconds"


@dataclass(frozen=True, slots=True)
class Health:
    """One service as the operators' table shows it; None for what is not known now."""

    name: str
    title: str
    state: str
    sign: str
    words: str
    why: Sequence[str]
    lag: str | None
    outbox: str | None
    letters: str | None


def health_of(readiness: Readiness, metrics: Answer, outbox: Answer, letters: Answer) -> Health:
    """The state of a service from its readiness, its metrics, its outbox and its open dead letters.

    Those are the service's, whichever process answers; its metrics count them only where it listens to events.
    """
    sign, words = STATES[readiness.state]
    figures = list(samples(metrics.body)) if metrics.ok and isinstance(metrics.body, bytes) else None
    return Health(
        name=readiness.name,
        title=readiness.title,
        state=readiness.state,
        sign=sign,
        words=words,
        why=[WHY.get(one, one) for one in readiness.why],
        lag=None if figures is None else lag_words(figures),
        outbox=outbox_words(outbox.body) if outbox.ok else None,
        letters=letters_words(letters) if letters.ok else None,
    )


def samples(exposition: bytes) -> Iterator[tuple[str, float]]:
    """The name (with labels) and value of each sample of a metrics page in the text format of Prometheus."""
    for line in exposition.decode("utf-8", "replace").splitlines():
        name, _, value = line.rpartition(" ")
        if name and not line.startswith("#"):
            try:
                yield name, float(value)
            except ValueError:
                continue


def total(figures: Sequence[tuple[str, float]], name: str) -> float:
    """The sum over all labels."""
    return sum(value for labelled, value in _of(figures, name))


def _of(figures: Sequence[tuple[str, float]], name: str) -> list[tuple[str, float]]:
    return [(one, value) for one, value in figures if one.partition("{")[0] == name and math.isfinite(value)]


def lag_words(figures: Sequence[tuple[str, float]]) -> str:
    """How far behind the events the slowest partition is."""
    if not _of(figures, LAG):
        return "ответивший процесс событий не читает"
    records = int(total(figures, LAG))
    age = max((value for _, value in _of(figures, LAG_SECONDS)), default=0.0)
    if not records:
        return "нет"
    return f"{counted(records, RECORD)}, {_seconds(age)}"


def outbox_words(told: Mapping[str, Any]) -> str:
    """How many messages wait to be sent, and for how long the oldest has waited."""
    waiting = int(told["unpublished"])
    if not waiting:
        return "нет"
    return f"{counted(waiting, MESSAGE)}, старшему {_seconds(float(told['oldest_age_seconds']))}"


def letters_words(listed: Answer) -> str:
    """How many dead letters a page lists, and whether there are more."""
    count = number(str(len(listed.items)))
    return f"больше {count}" if listed.body.get("next") else count


def _seconds(age: float) -> str:
    return counted(round(age), SECOND) if age >= 1 else f"{number(str(round(age, 1)))} с"
