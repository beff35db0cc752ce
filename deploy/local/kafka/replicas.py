"""What a cluster holds: its brokers, those that are away included, and what must not be done while they are away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from deploy.local.processes import Failed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from aiokafka.admin import AIOKafkaAdminClient

    from deploy.local.kafka.declared import Topic

INSYNC = "min.insync.replicas"
# So many names say what is meant.
NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The brokers that answer, and of each topic the brokers that hold its partitions, whether they answer or not."""

    answering: frozenset[int]
    topics: Mapping[str, Sequence[frozenset[int]]]

    @classmethod
    def described(cls, brokers: Iterable[Mapping[str, Any]], topics: Iterable[Mapping[str, Any]]) -> Self:
        """Read what Kafka tells of its brokers and of all topics, its own ones too; those with an error are absent."""
        found = {
            one["topic"]: [frozenset(part["replicas"]) for part in one["partitions"]]
            for one in topics
            if not one["error_code"]
        }
        return cls(answering=frozenset(one["node_id"] for one in brokers), topics=found)

    @classmethod
    async def told(cls, admin: AIOKafkaAdminClient) -> Self:
        """Ask Kafka."""
        return cls.described((await admin.describe_cluster())["brokers"], await admin.describe_topics())

    @property
    def brokers(self) -> frozenset[int]:
        """The brokers that there are: who answers, and whom any partition names. Kafka tells only who answers."""
        return self.answering.union(*(part for parts in self.topics.values() for part in parts))

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has; 0 where there is none of this name."""
        return len(self.topics.get(topic, ()))

    def replication(self, topic: str) -> int:
        """How many replicas the partition of a topic has that has fewest."""
        return min(len(part) for part in self.topics[topic])


def refuse_fewer(wanted: Iterable[Topic], held: Held, gone: Collection[str] = ()) -> None:
    """Failed where a topic or a partition would have to be made while fewer brokers answer than it has replicas.

    Kafka makes it with those that answer, and gives it no more replicas when the others are back. `gone`: the topics
    that are to be deleted and made anew; they still tell which brokers there are.
    """
    there = held.topics.keys() - set(gone)
    needed = {
        topic.name: held.replication(topic.name) if topic.name in there else topic.replication
        for topic in wanted
        if topic.name not in there or topic.partitions > held.partitions(topic.name)
    }
    if short := sorted(name for name, replicas in needed.items() if replicas > len(held.answering)):
        away = ", ".join(str(one) for one in sorted(held.brokers - held.answering))
        names = ", ".join(short[:NAMED]) + (" и другие" if len(short) > NAMED else "")
        raise Failed(
            f"брокеров Kafka {len(held.brokers)}, не отвечают: {away}. Не хватает копий, чтобы создать топики или"
            f" добавить разделы: {names}; ничего не изменено",
            "верните эти брокеры (docs/runbooks/kafka-away.md) и повторите; если брокера больше не будет, перенесите"
            " его разделы на другие (kafka-reassign-partitions)",
        )


def refuse_to_shrink(wanted: Iterable[Topic], held: Held, gone: Collection[str] = ()) -> None:
    """Failed where a topic has more partitions than declared, unless it is `gone`: deleted and made anew."""
    for topic in wanted:
        has = held.partitions(topic.name)
        if has > topic.partitions and topic.name not in gone:
            raise Failed(
                f"разделов у топика {topic.name}: {has}, описано {topic.partitions}; уменьшить их число нельзя",
                "верните прежнее число в deploy/topics.yaml или заведите топик следующей версии",
            )


def kept(topic: Topic, held: Held, insync: int) -> Topic:
    """The declaration of a topic that there is, with a `min.insync.replicas` not below the one that it has.

    Nor above its replicas, unless it is so already: nothing could be written to it.
    """
    raised = min(int(topic.config[INSYNC]), held.replication(topic.name))
    return replace(topic, config={**topic.config, INSYNC: str(max(raised, insync))})


def differing(topic: Topic, held: Held, insync: int) -> list[str]:
    """What of a topic that there is stays otherwise than declared, in words: its replicas, a higher min.insync."""
    replicas, told = held.replication(topic.name), []
    if replicas != topic.replication:
        told.append(f"копий каждого раздела {replicas}, описано {topic.replication} (kafka-reassign-partitions)")
    if insync > int(topic.config[INSYNC]):
        told.append(f"{INSYNC} {insync}, описано {topic.config[INSYNC]}: сам не понижаю")
    return told
