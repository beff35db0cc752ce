"""`./rsoko topics apply`: bring the topics of the cluster to `deploy/topics.yaml`, its rights to `deploy/acls.yaml`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import typer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from deploy.cli.show import AsJson, answer, answer_json
from deploy.local import Failed, Settings
from deploy.local.kafka import granting
from deploy.local.kafka.declared import DECLARED, Topic, declared
from deploy.local.kafka.logins import Login, client
from deploy.local.kafka.trouble import kafka_asked

# What DescribeConfigs calls the source of a setting that was given to the topic itself.
OF_THE_TOPIC = 1
WORDS = {"created": "создан", "changed": "изменён", "unchanged": "без изменений"}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="Топики Kafka.")


@app.callback()
def topics() -> None:
    """Топики Kafka, как они описаны в deploy/topics.yaml."""


@app.command("apply")
def apply_command(*, json: AsJson = False) -> None:
    """Создать недостающие топики, поправить настройки, добавить разделы (уменьшить их нельзя).

    Если к Kafka входят по паролю, привести права пользователей к deploy/acls.yaml.
    """
    settings = Settings.from_env()
    items, rights = apply(settings), grant(settings)
    if json:
        answer_json({"items": items, "rights": rights})
    else:
        answer("\n".join(f"{item['topic']}: {WORDS[item['result']]}" for item in items))
        for user, told in rights.items():
            answer(f"права {user}: {told['rights']}, выдано {told['granted']}, отозвано {told['taken']}")


def apply(settings: Settings | None = None, *, path: Path = DECLARED) -> list[dict[str, str]]:
    """Apply the declaration and report each topic: created, changed or unchanged. Raises Failed."""
    where = settings or Settings.from_env()
    with kafka_asked(where.kafka_address):
        return asyncio.run(_apply(client(where), path))


def grant(settings: Settings) -> dict[str, dict[str, int]]:
    """Bring the rights to `deploy/acls.yaml`, where Kafka asks who somebody is; nothing elsewhere. Raises Failed."""
    return granting.apply(settings) if Login.of(settings) else {}


async def _apply(login: dict[str, Any], path: Path) -> list[dict[str, str]]:
    admin = AIOKafkaAdminClient(**login)
    try:
        await admin.start()
        brokers = len((await admin.describe_cluster())["brokers"])
        wanted = declared(path, brokers=brokers)
        present = {topic["topic"]: topic for topic in await admin.describe_topics() if not topic["error_code"]}
        _refuse_to_shrink(wanted, present)
        results = await _create(admin, [topic for topic in wanted if topic.name not in present])
        results |= await _change(admin, [topic for topic in wanted if topic.name in present], present)
        await _until_led(admin, set(results))
    finally:
        await admin.close()
    return [{"topic": topic.name, "result": results[topic.name]} for topic in wanted]


async def _create(admin: AIOKafkaAdminClient, missing: list[Topic]) -> dict[str, str]:
    if missing:
        new = [
            NewTopic(topic.name, topic.partitions, topic.replication, topic_configs=topic.config) for topic in missing
        ]
        answered = await admin.create_topics(new)
        for name, code, *detail in answered.topic_errors:
            if code:
                raise Failed(f"топик {name} не создан: {for_code(code).__name__} {detail}")
    return {topic.name: "created" for topic in missing}


async def _change(admin: AIOKafkaAdminClient, kept: list[Topic], present: dict[str, dict[str, Any]]) -> dict[str, str]:
    configs = await _configs(admin, kept)
    grown = {t.name: t for t in kept if t.partitions > len(present[t.name]["partitions"])}
    other = {t.name: t for t in kept if any(configs[t.name].get(k) != v for k, v in t.config.items())}
    if grown:
        await admin.create_partitions({name: NewPartitions(topic.partitions) for name, topic in grown.items()})
    if other:
        own = await _configs(admin, list(other.values()), own=True)
        # Kafka takes the whole of a topic's settings: those that somebody else gave it are given again.
        wanted = [_resource(name, {**own[name], **topic.config}) for name, topic in other.items()]
        _refuse_the_refused(await admin.alter_configs(wanted))
    return {t.name: "changed" if t.name in grown or t.name in other else "unchanged" for t in kept}


def _refuse_the_refused(answers: list[Any]) -> None:
    """Kafka refuses settings one topic at a time, and the client does not look."""
    for code, message, _, name in (resource for answered in answers for resource in answered.resources):
        if code:
            raise Failed(f"настройки топика {name} не изменены: {for_code(code).__name__} {message or ''}".rstrip())


async def _configs(admin: AIOKafkaAdminClient, kept: list[Topic], *, own: bool = False) -> dict[str, dict[str, str]]:
    """The settings of these topics, or only the `own` ones: given to the topic itself and told to everybody."""
    if not kept:
        return {}
    answers = await admin.describe_configs([_resource(topic.name, None) for topic in kept])
    return {
        resource[3]: {
            entry[0]: entry[1] for entry in resource[4] if not own or (entry[3] == OF_THE_TOPIC and not entry[4])
        }
        for answered in answers
        for resource in answered.resources
    }


async def _until_led(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    """Wait until every partition has a leader, so that the first send does not meet a retry."""
    async with asyncio.timeout(30):
        while True:
            topics = await admin.describe_topics(sorted(names))
            if all(part["leader"] >= 0 for topic in topics for part in topic["partitions"] or [{"leader": -1}]):
                return
            await asyncio.sleep(0.05)


def _resource(name: str, config: dict[str, str] | None) -> ConfigResource:
    return ConfigResource(ConfigResourceType.TOPIC, name, configs=config)


def _refuse_to_shrink(wanted: list[Topic], present: dict[str, dict[str, Any]]) -> None:
    for topic in wanted:
        has = len(present[topic.name]["partitions"]) if topic.name in present else 0
        if has > topic.partitions:
            raise Failed(
                f"разделов у топика {topic.name}: {has}, описано {topic.partitions}; уменьшить их число нельзя",
                "верните прежнее число в deploy/topics.yaml или заведите топик следующей версии",
            )
