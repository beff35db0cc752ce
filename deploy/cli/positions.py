"""`./rsoko positions`: where each group stands in its topics, and a new place for a halted one."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli.show import AsJson, answer, answer_json
from deploy.cli.stores import commanded, reached
from deploy.local import STORED, Failed, Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from shared.broker.places import Places, Standing

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
PLACES = ("beginning", "end")
REASONS = {
    "other-cluster": "другой кластер Kafka: хранится {stored}, сейчас {found}",
    "other-topic": "топик создан заново: хранится {stored}, сейчас {found}",
    "out-of-range": "место {stored} вне записей топика ({found})",
}
Group = Annotated[str, typer.Argument(metavar="ГРУППА", help="группа: scoring, monitoring.intake, …")]
Topic = Annotated[str, typer.Option("--topic", help="топик: monitoring.result.v1, …")]
Partition = Annotated[int | None, typer.Option("--partition", min=0, help="раздел; без него — все разделы топика")]
To = Annotated[str, typer.Option("--to", help="beginning — с начала, end — с новых (прежние пропустить) или номер")]
Yes = Annotated[bool, typer.Option("--yes", help="не переспрашивать")]


@app.callback()
def positions() -> None:
    """Места групп: до какой записи каждая служба обработала раздел топика."""


@app.command("list")
def list_positions(
    group: Annotated[str | None, typer.Argument(metavar="ГРУППА", help="группа; без неё — все")] = None,
    *,
    json: AsJson = False,
) -> None:
    """Показать хранимое место, что есть в Kafka, отставание и причину остановки; код выхода 1, если что-то стоит."""
    services = (_service(group),) if group else STORED
    rows = [_shown(one) for name in services for one in _run(name, lambda places: places.standings(group=group))]
    if group and not rows:
        raise Failed(f"нет группы «{group}» с хранимыми местами", "группы показывает ./rsoko positions list")
    if json:
        answer_json({"items": rows})
    else:
        answer("\n".join(_line(row) for row in rows) or "хранимых мест нет")
    raise typer.Exit(1 if any(row["halted"] for row in rows) else 0)


@app.command("reset")
def reset(
    group: Group, *, topic: Topic, to: To, partition: Partition = None, yes: Yes = False, json: AsJson = False
) -> None:
    """Поставить остановленную группу на другое место; работающую группу сначала остановите.

    С начала — безопасно: уже учтённое узнаётся и ничего не меняет. Записи до места end не будут обработаны никогда.
    После этого перезапустите рабочие процессы службы.
    """
    target = to if to in PLACES else _offset(to)
    if not yes:
        _ask(f"Группа «{group}», топик {topic}, раздел {'любой' if partition is None else partition}: место {to}?")
    with commanded("positions reset"):
        done = _run(_service(group), lambda places: places.reset(group, topic, partition=partition, to=target))
    rows = [_shown(one) for one in done]
    if json:
        answer_json({"items": rows})
    else:
        answer("\n".join(_line(row) for row in rows))
        answer(f"готово; перезапустите рабочие процессы службы {_service(group)}, если они запущены")


def _offset(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Failed(f"«{text}» — не место", "укажите beginning, end или номер записи")
    return int(text)


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise Failed("нужно подтверждение, а спросить некого", "добавьте --yes")
    if not typer.confirm(question):
        raise Failed("ничего не изменено")


def _service(group: str) -> str:
    name = group.partition(".")[0]
    if name not in STORED:
        raise Failed(f"нет группы «{group}»", "группы показывает ./rsoko positions list")
    return name


def _shown(one: Standing) -> dict[str, Any]:
    why = one.halted
    return {
        "group": one.group,
        "topic": one.partition.topic,
        "partition": one.partition.partition,
        "stored": one.next,
        "begin": one.begin,
        "end": one.end,
        "lag": one.lag,
        "halted": None if why is None else {"reason": why.reason, "stored": why.stored, "found": why.found},
    }


def _line(row: dict[str, Any]) -> str:
    span = "нет в Kafka" if row["end"] is None else f"{row['begin']}..{row['end']}"
    why = row["halted"]
    state = REASONS[why["reason"]].format(**why) if why else f"отставание {row['lag']}"
    return f"{row['group']}\t{row['topic']}\t{row['partition']}\t{row['stored']}\t{span}\t{state}"


def _run(service: str, work: Callable[[Places], Awaitable[list[Standing]]]) -> list[Standing]:
    from deploy.local.kafka.trouble import kafka_asked
    from shared.kernel import Refused

    settings = Settings.from_env()

    async def whole() -> list[Standing]:
        async with _places(settings, service) as places:
            return await work(places)

    try:
        with reached("positions"), kafka_asked(settings.kafka_address):
            return asyncio.run(whole())
    except Refused as no:
        raise Failed(no.title, no.detail) from no


@asynccontextmanager
async def _places(settings: Settings, service: str) -> AsyncIterator[Places]:
    from aiokafka import AIOKafkaConsumer
    from aiokafka.admin import AIOKafkaAdminClient

    from deploy.local.kafka.logins import client
    from shared.broker.places import Places
    from shared.mongo import Mongo

    login = client(settings)
    mongo = Mongo(settings.mongo_uri, by="positions-cli")
    admin, consumer = AIOKafkaAdminClient(**login), AIOKafkaConsumer(isolation_level="read_committed", **login)
    try:
        await admin.start()
        await consumer.start()
        yield Places(mongo.database(service), consumer, admin)
    finally:
        await consumer.stop()
        await admin.close()
        mongo.close()
