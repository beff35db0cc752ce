"""The demo's story: which correction to make, following it hop by hop, and telling it in Russian."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import httpx
from aiokafka import AIOKafkaConsumer

from deploy.cli.advice import advised, falls, next_deadlines, where_to_click
from deploy.local import Failed
from deploy.local.kafka.logins import client as kafka_client

if TYPE_CHECKING:
    from deploy.cli.api import Api
    from deploy.local import Settings

PERIOD = "2022"
WITHIN = 20.0
REASON = "Уточнение сведений: показатель пересчитан по подтверждающим документам"
LEVELS = {"low": "низкий", "medium": "средний", "above_average": "выше среднего", "high": "высокий"}
GROUPS = {
    "overall": "общая оценка",
    "conditions": "создание условий",
    "results": "результаты",
    "processes": "рабочие процессы",
}
HOPS = (
    ("accepted", "мониторинг принял исправление (HTTP 201)"),
    ("result", "событие о результате пришло в Kafka"),
    ("score", "оценка пересчитана, событие о ней в Kafka"),
    ("notified", "уведомление пришло в живую ленту министерства"),
    ("advised", "рекомендация подготовлена, событие о ней в Kafka"),
)


@dataclass(slots=True)
class Correction:
    """One result and the values it will get."""

    result: dict[str, Any]
    values: dict[str, Any]
    indicator: str
    municipality: dict[str, Any]


@dataclass(slots=True)
class Followed:
    """When each hop was seen (seconds since the request) and what it carried."""

    seen: dict[str, float] = field(default_factory=dict)
    revision: dict[str, Any] = field(default_factory=dict)
    change: dict[str, Any] = field(default_factory=dict)
    item: dict[str, Any] = field(default_factory=dict)
    inboxes: dict[str, int] = field(default_factory=dict)
    drafted: list[dict[str, Any]] = field(default_factory=list)


def choose(api: Api) -> Correction:
    """A correction that moves a municipality past another: one that also lowers its level, where there is one."""
    rating = api.get("scoring", f"/v1/ratings/{PERIOD}", group="overall")
    rows = rating["rows"]
    shares = {row["municipality"]["id"]: Fraction(row["points"]) / Fraction(row["maximum"]) for row in rows}
    candidates = []
    for row in rows:
        for points in (1, 2):
            after = (Fraction(row["points"]) - points) / Fraction(row["maximum"])
            before = shares[row["municipality"]["id"]]
            if any(after < share < before for share in shares.values()):
                falls = int(after * 100 + Fraction(1, 2)) < (30, 60, 90)[_band(row["percent"])]
                candidates.append((not falls, points, row["rank"], row))
    for _, points, _, row in sorted(candidates, key=lambda one: one[:3]):
        found = _correctable(api, row["municipality"], points)
        if found is not None:
            return found
    raise Failed("нет исправления, которое изменило бы места", "загрузите данные заново: ./rsoko load region")


def _band(percent: int) -> int:
    return sum(percent >= border for border in (60, 90))


def _correctable(api: Api, municipality: dict[str, Any], points: int) -> Correction | None:
    """A result of this municipality with an indicator that can lose so many points."""
    found = api.every("monitoring", "/v1/results", municipality=municipality["id"], period=PERIOD)
    for result in sorted(found, key=lambda one: str(one["procedure"])):
        for indicator, value in (result["values"] or {}).items():
            if value is not None and Fraction(value) >= points:
                values = {**result["values"], indicator: str(int(Fraction(value)) - points)}
                return Correction(result, values, indicator, municipality)
    return None


async def follow(api: Api, correction: Correction) -> Followed:
    """Post the correction and watch its events and its notification arrive."""
    followed = Followed()
    topics = ("monitoring.result.v1", "scoring.score.v1", "roadmap.recommendation.v1")
    consumer = AIOKafkaConsumer(*topics, **kafka_client(api.settings), auto_offset_reset="latest", fetch_max_wait_ms=50)
    await consumer.start()
    try:
        await consumer.seek_to_end()
        async with asyncio.timeout(WITHIN), httpx.AsyncClient(timeout=WITHIN) as client:
            headers = {"Authorization": f"Bearer {api.token}"}
            url = api.url("notification", "/v1/stream")
            async with client.stream("GET", url, headers=headers) as stream:
                await _post_and_watch(api, correction, followed, consumer=consumer, stream=stream, client=client)
    except TimeoutError:
        missing = [words for hop, words in HOPS if hop not in followed.seen]
        raise Failed(f"не дождались за {WITHIN:g} с: {', '.join(missing)}", "посмотрите ./rsoko status") from None
    finally:
        await consumer.stop()
    for role, own in (("ministry", {}), ("municipality", {"municipality_id": correction.municipality["id"]})):
        followed.inboxes[role] = _inbox(api, role, own, followed)
    return followed


async def _post_and_watch(
    api: Api,
    correction: Correction,
    followed: Followed,
    *,
    consumer: AIOKafkaConsumer,
    stream: httpx.Response,
    client: httpx.AsyncClient,
) -> None:
    began = time.perf_counter()
    watching = asyncio.gather(
        _watch_topics(consumer, correction, followed, began=began), _watch_stream(stream, correction, followed, began)
    )
    answer = await client.post(
        api.url("monitoring", f"/v1/results/{correction.result['id']}/revisions"),
        headers={"Authorization": f"Bearer {api.token}", "If-Match": f'"{correction.result["revision"]}"'},
        json={
            "values": correction.values,
            "reason": REASON,
        },
    )
    followed.seen["accepted"] = time.perf_counter() - began
    if answer.is_error:
        watching.cancel()
        raise Failed(f"исправление не принято: {answer.text}")
    followed.revision = answer.json()
    await watching


async def _watch_topics(
    consumer: AIOKafkaConsumer, correction: Correction, followed: Followed, *, began: float
) -> None:
    """Until the result and the score are told, and a recommendation for each group whose level it lowered.

    In whatever order they come: between topics Kafka promises none.
    """
    heard: list[dict[str, Any]] = []
    async for record in consumer:
        body = json.loads(record.value)
        if body.get("result") == correction.result["id"]:
            followed.seen["result"] = time.perf_counter() - began
        elif any(cause["result"] == correction.result["id"] for cause in body.get("causes", ())):
            followed.seen["score"] = time.perf_counter() - began
            followed.change = body
        elif body.get("municipality") == correction.municipality["id"] and "recommendation" in body:
            heard.append(body)
        if followed.change and "result" in followed.seen:
            revision = followed.change["revision"]
            followed.drafted = [one for one in heard if one["score_revision"] == revision]
            if len(followed.drafted) == falls(followed.change):
                break
    if followed.drafted:
        followed.seen["advised"] = time.perf_counter() - began


async def _watch_stream(stream: httpx.Response, correction: Correction, followed: Followed, began: float) -> None:
    async for line in stream.aiter_lines():
        if line.startswith("data:") and correction.result["id"] in line:
            followed.seen["notified"] = time.perf_counter() - began
            followed.item = json.loads(line.removeprefix("data:"))
            return


def _inbox(api: Api, role: str, own: dict[str, str], followed: Followed) -> int:
    """How many items about this change stand in the inbox of one who may see it."""
    page = api.of(role, **own).get("notification", "/v1/inbox")
    return sum(item["id"] == followed.item["id"] for item in page["items"])


def told(api: Api, correction: Correction, followed: Followed, settings: Settings) -> str:
    """The story in Russian: what changed, of whom, why, who was told, what to do, how fast, where to look."""
    name = correction.municipality["name"]
    cause = _cause(api, correction)
    old = correction.result["values"][correction.indicator]
    new = correction.values[correction.indicator]
    lines = [
        "",
        f"Пришло исправление: {name}, {PERIOD} год, {cause}: {old} → {new}",
        f"  результат {correction.result['id']}, версия {followed.revision['revision']}",
        "Что изменилось:",
        *(f"  {_change(change)}" for change in followed.change["changes"]),
        "Кого это касается:",
        f"  уведомление «{followed.item['title']}»",
        *next_deadlines(followed.item),
        f"  во входящих муниципалитета: {followed.inboxes['municipality']}",
        f"  во входящих министерства: {followed.inboxes['ministry']}",
        *advised(api, followed.drafted, followed.item),
        "Сколько это заняло, мс от отправки:",
        *(f"  {followed.seen[hop] * 1000:7.1f}  {words}" for hop, words in HOPS if hop in followed.seen),
        "Где посмотреть:",
        *(
            f"  {words}: {settings.url(service)}{path}"
            for words, service, path in (
                ("рейтинг", "scoring", f"/v1/ratings/{PERIOD}?group=overall"),
                ("описание API мониторинга", "monitoring", "/docs"),
                ("описание API оценки", "scoring", "/docs"),
                ("описание событий", "scoring", "/asyncapi"),
                ("показатели работы", "scoring", "/metrics"),
            )
        ),
        *where_to_click(settings, correction.municipality),
    ]
    return "\n".join(lines)


def _cause(api: Api, correction: Correction) -> str:
    """The procedure and its indicator by the names that people know them by."""
    procedure = api.get("monitoring", f"/v1/procedures/{correction.result['procedure']}")
    named = {one["key"]: one["name"] for one in procedure["indicators"]}
    return f"процедура «{procedure['name']}», «{named.get(correction.indicator, correction.indicator)}»"


def _change(change: dict[str, Any]) -> str:
    before, after = change["before"], change["after"]
    fell = before["level"] != after["level"]
    level = f"уровень {LEVELS.get(before['level'], '—')} → " if fell else "уровень прежний, "
    return (
        f"{GROUPS.get(change['group'], change['group'])}: "
        f"{before['points']} → {after['points']} из {after['maximum']}, "
        f"{before['percent']} % → {after['percent']} %, "
        f"{level}{LEVELS.get(after['level'], '—')}, "
        f"место {before['rank']} → {after['rank']}"
    )
