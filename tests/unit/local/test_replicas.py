"""What is decided of topics while brokers are away, over descriptions as Kafka gives them."""

from typing import Any

import pytest

from deploy.local.kafka.declared import Topic, declared
from deploy.local.kafka.replicas import INSYNC, Held, differing, kept, refuse_fewer, refuse_to_shrink
from deploy.local.processes import Failed

OFFSETS = ("__consumer_offsets", [[1, 2, 3], [2, 3, 1]])


def held(answering: list[int], *topics: tuple[str, list[list[int]]]) -> Held:
    brokers = [{"node_id": one, "host": "127.0.0.1", "port": 9092, "rack": None} for one in answering]
    return Held.described(brokers, [described(name, parts) for name, parts in topics])


def described(name: str, parts: list[list[int]], error: int = 0) -> dict[str, Any]:
    partitions = [
        {"error_code": 0, "partition": number, "leader": replicas[0], "replicas": replicas, "isr": replicas[:1]}
        for number, replicas in enumerate(parts)
    ]
    return {"error_code": error, "topic": name, "is_internal": name.startswith("__"), "partitions": partitions}


def topic(brokers: int, partitions: int = 2) -> Topic:
    """One of ours as it is declared for so many brokers."""
    found = declared(brokers=brokers)[0]
    return Topic(name="one", partitions=partitions, replication=found.replication, config=found.config)


def test_brokers_that_are_away_are_known_by_what_they_hold() -> None:
    assert held([1], OFFSETS).brokers == {1, 2, 3}
    assert held([2, 3], ("one", [[2, 3], [3, 4]])).brokers == {2, 3, 4}


def test_a_first_start_takes_the_brokers_that_answer_for_all() -> None:
    nothing = held([1])
    assert nothing.brokers == {1}
    refuse_fewer(declared(brokers=len(nothing.brokers)), nothing)


def test_a_topic_that_kafka_cannot_describe_is_none() -> None:
    assert Held.described([{"node_id": 1}], [described("one", [], error=3)]).topics == {}


@pytest.mark.parametrize("answering", [[1], [1, 3]])
def test_nothing_is_made_with_fewer_replicas_than_with_all_brokers(answering: list[int]) -> None:
    away = held(answering, OFFSETS)
    with pytest.raises(
        Failed, match=r"брокеров Kafka 3, не отвечают: 2.*создать топики.*: one; ничего не изменено"
    ) as told:
        refuse_fewer([topic(len(away.brokers))], away)
    assert "верните эти брокеры" in told.value.remedy
    assert ("2, 3." in told.value.message) is (answering == [1])


def test_nor_is_a_partition_added() -> None:
    away = held([1, 2], ("one", [[1, 2, 3], [2, 3, 1]]))
    with pytest.raises(Failed, match=r"не отвечают: 3.*добавить разделы: one"):
        refuse_fewer([topic(3, partitions=3)], away)
    refuse_fewer([topic(3, partitions=2)], away)


def test_a_topic_that_is_to_be_deleted_counts_as_missing_and_still_names_its_brokers() -> None:
    three = ("one", [[1, 2, 3], [2, 3, 1]])
    with pytest.raises(Failed, match=r"брокеров Kafka 3, не отвечают: 3.*создать топики.*: one; ничего"):
        refuse_fewer([topic(3)], held([1, 2], three), gone=["one"])
    refuse_fewer([topic(3)], held([1, 2, 3], three), gone=["one"])
    refuse_to_shrink([topic(3, partitions=1)], held([1, 2, 3], three), gone=["one"])
    with pytest.raises(Failed, match=r"разделов у топика one: 2, описано 1"):
        refuse_to_shrink([topic(3, partitions=1)], held([1, 2, 3], three))


def test_brokers_enough_for_the_replicas_will_do() -> None:
    refuse_fewer([topic(4)], held([1, 2, 4], ("other", [[1, 2, 3], [2, 3, 4]])))


def test_few_of_many_missing_topics_are_named() -> None:
    with pytest.raises(Failed, match=r"разделы: (\S+, ){4}\S+ и другие; ничего"):
        refuse_fewer(declared(brokers=3), held([1], OFFSETS))


@pytest.mark.parametrize(
    ("replicas", "brokers", "has", "becomes"),
    [
        ([1, 2, 3], 3, 2, "2"),
        ([1, 2, 3], 3, 1, "2"),  # lowered once: raised again
        ([1], 1, 2, "2"),  # declared 1 of one broker, given 2 by hand
        ([1, 2, 3], 3, 3, "3"),
        ([1], 3, 1, "1"),  # made with one broker: with 2 nobody could write to it
        ([1, 2], 3, 1, "2"),
    ],
)
def test_what_is_kept_is_never_lowered_and_never_raised_above_the_replicas(
    replicas: list[int], brokers: int, has: int, becomes: str
) -> None:
    given = topic(brokers)
    config = kept(given, held([1], ("one", [replicas, replicas])), has).config
    assert config == {**given.config, INSYNC: becomes}


def test_what_stays_otherwise_than_declared_is_named() -> None:
    assert differing(topic(3), held([1], ("one", [[1, 2, 3], [2, 3, 1]])), 2) == []
    [replicas] = differing(topic(3), held([1, 2, 3], ("one", [[1, 2, 3], [3, 1]])), 2)
    assert replicas.startswith("копий каждого раздела 2, описано 3")
    [insync] = differing(topic(1), held([1], ("one", [[1], [1]])), 2)
    assert insync == "min.insync.replicas 2, описано 1: сам не понижаю"
