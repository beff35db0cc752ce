"""Where partitions end, counted with what others have written and not yet committed."""

import copy
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.fetcher import READ_UNCOMMITTED


async def true_ends(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> Mapping[TopicPartition, int]:
    """The next offset of each; KafkaTimeoutError where no leader says it within the consumer's patience.

    Who reads only what is committed is told where the oldest open transaction begins.

    aiokafka asks for ends under the consumer's own isolation; a copy of what asks shares its connections.
    """
    asking = copy.copy(consumer._fetcher)  # noqa: SLF001 - there is no other way
    asking._isolation_level = READ_UNCOMMITTED  # noqa: SLF001 - as above
    found: Mapping[TopicPartition, int] = await asking.end_offsets(
        list(partitions),
        consumer._request_timeout_ms,  # noqa: SLF001 - what aiokafka gives its own questions
    )
    return found
