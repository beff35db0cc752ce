"""The declared topics hold what the architecture promises of them."""

from deploy.local.kafka.declared import declared
from deploy.local.settings import STORED

MIB = 2**20


def test_state_topics_are_compacted_and_kept_for_ever() -> None:
    topics = {topic.name: topic.config for topic in declared(brokers=1)}
    for name in ("registry.municipality.v1", "registry.organization.v1", "monitoring.procedure.v1"):
        assert topics[name]["cleanup.policy"] == "compact"
        assert topics[name]["retention.ms"] == "-1"


def test_event_topics_keep_thirty_days() -> None:
    topics = {topic.name: topic.config for topic in declared(brokers=1)}
    for name in ("monitoring.result.v1", "monitoring.intake.v1", "scoring.score.v1", "scoring.rating.v1"):
        assert topics[name]["retention.ms"] == str(30 * 24 * 3600 * 1000)


def test_every_group_has_a_dead_letter_topic_with_room_above_any_source() -> None:
    topics = {topic.name: int(topic.config["max.message.bytes"]) for topic in declared(brokers=1)}
    letters = {f"{group}.dlq" for group in STORED} | {"monitoring.intake.v1.dlq"}
    assert letters == {name for name in topics if name.endswith(".dlq")}
    largest = max(size for name, size in topics.items() if name not in letters)
    assert all(topics[name] > largest >= MIB for name in letters)


def test_replicas_are_no_more_than_brokers() -> None:
    assert {topic.replication for topic in declared(brokers=1)} == {1}
    assert {topic.config["min.insync.replicas"] for topic in declared(brokers=1)} == {"1"}
    assert {topic.replication for topic in declared(brokers=5)} == {3}
    assert {topic.config["min.insync.replicas"] for topic in declared(brokers=5)} == {"2"}
