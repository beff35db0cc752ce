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
from deploy.local.kafka.replicas import INSYNC, Held, differing, kept, refuse_fewer, refuse_to_shrink
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
        answer("\n".join(line(item) for item in items))
        for user, told in rights.items():
            answer(f"права {user}: {told['rights']}, выдано {told['granted']}, отозвано {told['taken']}")


def line(item: dict[str, Any]) -> str:
    """What was done with a topic, and what of it is not as declared all the same."""
    return "; ".join([f"{item['topic']}: {WORDS[item['result']]}", *item["warnings"]])


def apply(settings: Settings | None = None, *, path: Path = DECLARED) -> list[dict[str, Any]]:
    """Apply the declaration and report each topic: created, changed or unchanged; `warnings` say what differs still.

    Raises Failed, also where brokers are away that a new topic or partition needs; nothing is changed then.
    """
    where = settings or Settings.from_env()
    with kafka_asked(where.kafka_address):
        return asyncio.run(_apply(client(where), path))


def grant(settings: Settings) -> dict[str, dict[str, int]]:
    """Bring the rights to `deploy/acls.yaml`, where Kafka asks who somebody is; nothing elsewhere. Raises Failed."""
    return granting.apply(settings) if Login.of(settings) else {}


async def _apply(login: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    admin = AIOKafkaAdminClient(**login)
    try:
        await admin.start()
        held = await Held.told(admin)
        wanted = declared(path, brokers=len(held.brokers))
        refuse_to_shrink(wanted, held)
        refuse_fewer(wanted, held)
        results = await _create(admin, [topic for topic in wanted if topic.name not in held.topics])
        changed, warnings = await _change(admin, [topic for topic in wanted if topic.name in held.topics], held)
        results |= changed
        await _until_led(admin, set(results))
    finally:
        await admin.close()
    return [
        {"topic": topic.name, "result": results[topic.name], "warnings": warnings.get(topic.name, [])}
        for topic in wanted
    ]


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


async def _change(
    admin: AIOKafkaAdminClient, there: list[Topic], held: Held
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What became of each topic that there is, and what of it stays otherwise than declared."""
    configs = await _configs(admin, there)
    insync = {t.name: int(configs[t.name][INSYNC]) for t in there}
    grown = {t.name: t for t in there if t.partitions > held.partitions(t.name)}
    other = {
        t.name: t
        for t in (kept(t, held, insync[t.name]) for t in there)
        if any(configs[t.name].get(k) != v for k, v in t.config.items())
    }
    if grown:
        await admin.create_partitions({name: NewPartitions(topic.partitions) for name, topic in grown.items()})
    if other:
        own = await _configs(admin, list(other.values()), own=True)
        # Kafka takes the whole of a topic's settings: those that somebody else gave it are given again.
        wanted = [_resource(name, {**own[name], **topic.config}) for name, topic in other.items()]
        _refuse_the_refused(await admin.alter_configs(wanted))
    results = {t.name: "changed" if t.name in grown or t.name in other else "unchanged" for t in there}
    return results, {t.name: differing(t, held, insync[t.name]) for t in there}


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
    led: set[str] = set()
    try:
        async with asyncio.timeout(30):
            while led != names:
                topics = await admin.describe_topics(sorted(names))
                led = {one["topic"] for one in topics if _led(one["partitions"])}
                await asyncio.sleep(0.05)
    except TimeoutError:
        what = ", ".join(sorted(names - led)[:5])
        raise Failed(f"у разделов этих топиков нет ведущего: {what}", "смотрите docs/runbooks/kafka-away.md") from None


def _led(partitions: list[dict[str, Any]]) -> bool:
    return bool(partitions) and all(part["leader"] >= 0 for part in partitions)


def _resource(name: str, config: dict[str, str] | None) -> ConfigResource:
    return ConfigResource(ConfigResourceType.TOPIC, name, configs=config)
