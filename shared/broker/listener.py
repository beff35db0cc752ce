"""What a service listens to: a group, how each type of each topic is read, and the use case that takes a batch."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from shared.batch import Batch
from shared.envelope import Opened
from shared.kernel import Event

Reader = Callable[[Opened], Any]
Handle = Callable[[Batch[Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Listener:
    """One consumer group of a service.

    `readers` are found by the topic first, then by the type: who may write to one topic tells nothing of another's.
    `foreign` marks a topic that others write to: there an unknown type is refused (on our own topics it is
    acknowledged and counted, so that a newer writer does not stop an older reader).
    `pause`: seconds to the next batch after one that was not full, for work that nobody waits for: what comes close
    together is one transaction then, while a single record after a quiet time is taken at once.
    """

    group: str
    readers: Mapping[str, Mapping[str, Reader]]
    handle: Handle
    dlq: str
    foreign: bool = False
    max_records: int = 500
    pause: float = 0.0

    @property
    def topics(self) -> list[str]:
        """What is read, in the order of the names."""
        return sorted(self.readers)


def reader_of(event: type[Event]) -> Reader:
    """Reads the data of one of our own event types."""

    def read(opened: Opened) -> Event:
        return event.model_validate_json(opened.data)

    return read


def listen_to(
    group: str,
    events: Sequence[type[Event]],
    handle: Handle,
    *,
    own: Mapping[type[Event], Reader] = MappingProxyType({}),
    max_records: int = 500,
    pause: float = 0.0,
) -> Listener:
    """A listener to event types of our own services, each on its topic; `own` readers for those not read whole."""
    readers: dict[str, dict[str, Reader]] = {}
    for event in events:
        readers.setdefault(event.topic(), {})[event.TYPE] = own.get(event) or reader_of(event)
    return Listener(
        group=group,
        readers=readers,
        handle=handle,
        dlq=f"{group}.dlq",
        max_records=max_records,
        pause=pause,
    )
