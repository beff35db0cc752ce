"""The embedded broker: which coordinator answers for which group, and what its configuration promises."""

from pathlib import Path

from deploy.local.kafka import OFFSETS_PARTITIONS, configuration, partition_of, probes


def test_a_group_is_found_where_a_real_broker_keeps_it() -> None:
    seen_on_a_broker = {"monitoring": 1, "monitoring.intake": 3, "scoring": 3, "notification": 3}
    assert {group: partition_of(group, 5) for group in seen_on_a_broker} == seen_on_a_broker


def test_every_partition_of_the_offsets_has_a_group_that_asks_after_it() -> None:
    names = probes(OFFSETS_PARTITIONS)
    assert [partition_of(name, OFFSETS_PARTITIONS) for name in names] == list(range(OFFSETS_PARTITIONS))


def test_the_offsets_are_kept_in_small_segments() -> None:
    assert "offsets.topic.segment.bytes=1048576\n" in configuration(port=1, data=Path("data"))
