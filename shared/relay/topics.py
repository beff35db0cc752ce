"""The partitions of topics; a topic that is missing, or not for us, is asked for seldom: it must not hold up others."""

import asyncio
import time
from collections.abc import Callable, Collection

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError

from shared.relay.handover import FORBIDDEN, HELD_SECONDS, UNKNOWN

# What is wrong with a topic, not with Kafka: other topics' rows go on.
TROUBLE = (UnknownTopicOrPartitionError, TopicAuthorizationFailedError)
# So long all that are not known yet are asked for, together.
ASKING = 1.0


class Topics:
    """What is known of the topics that rows go to."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._trouble: dict[str, tuple[str, float]] = {}

    async def find(
        self, producer: AIOKafkaProducer, names: Collection[str]
    ) -> tuple[dict[str, tuple[int, ...]], dict[str, str]]:
        """The partitions of these topics, and what is wrong with those that have none for us.

        KafkaConnectionError where Kafka does not say.
        """
        now = self._clock()
        trouble = {name: why for name in names if (why := self._known(name, now)) is not None}
        asked = [name for name in names if name not in trouble]
        found = dict(zip(asked, await asyncio.gather(*(_ask(producer, name) for name in asked)), strict=True))
        new = {name: answer for name, answer in found.items() if isinstance(answer, str)}
        self._trouble |= {name: (why, now + HELD_SECONDS) for name, why in new.items()}
        return {name: answer for name, answer in found.items() if not isinstance(answer, str)}, trouble | new

    def _known(self, name: str, now: float) -> str | None:
        """What was wrong with it a moment ago."""
        why, until = self._trouble.get(name, ("", now))
        return why if now < until else None


async def _ask(producer: AIOKafkaProducer, name: str) -> tuple[int, ...] | str:
    try:
        async with asyncio.timeout(ASKING):
            return tuple(sorted(await producer.partitions_for(name)))
    except TROUBLE as error:
        return why_of(error)
    except TimeoutError:
        # It was asked for again and again meanwhile: either Kafka says that there is none, or it says nothing.
        async with asyncio.timeout(ASKING):
            if not await producer.client.force_metadata_update():
                raise KafkaConnectionError(f"no word of {name}") from None
        return UNKNOWN


def why_of(error: BaseException) -> str:
    """What is wrong with a topic by how Kafka refuses it."""
    return FORBIDDEN if isinstance(error, TopicAuthorizationFailedError) else UNKNOWN
