"""Makes aiokafka take the word of a partition's leader only, on what Kafka has.

From version 11 of Fetch on any replica answers (KIP-392, which we do not use): a broker that came back with an empty
disk, asked by who still takes it for the leader, then says that an offset is out of range that the leader has. Of
version 10 it says that it does not lead, and aiokafka asks who does.
"""

import asyncio

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.protocol.fetch import FetchRequest

# The newest version of Fetch that only leaders answer; Kafka 4 takes 4 to 17, aiokafka speaks up to 11.
LEADERS_ONLY = 10
# What asking who leads may take.
PATIENCE = 10.0


def ask_leaders_only() -> None:
    """From now on every fetch is one that followers refuse; doing it again changes nothing."""
    FetchRequest._CLASSES = tuple(one for one in FetchRequest._CLASSES if one.API_VERSION <= LEADERS_ONLY)  # noqa: SLF001 - there is no setting


def leader_of(consumer: AIOKafkaConsumer, partition: TopicPartition) -> int | None:
    """The broker that leads, as far as this consumer knows."""
    leader: int | None = consumer._client.cluster.leader_for_partition(partition)  # noqa: SLF001 - there is no other way
    return leader


async def learn_leaders(consumer: AIOKafkaConsumer) -> bool:
    """Ask Kafka anew who leads; false where nobody says."""
    try:
        async with asyncio.timeout(PATIENCE):
            return bool(await consumer._client.force_metadata_update())  # noqa: SLF001 - as above
    except TimeoutError:
        return False
