"""Makes aiokafka expect what uvloop raises for a socket that has just been closed.

aiokafka 0.14 takes only OSError for a broken connection; uvloop raises RuntimeError when it is written to. The task
that refreshes metadata dies of it without a word, and at the next loss of the broker the consumer waits for ever.
"""

from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError

_genuine = AIOKafkaConnection.send


def expect_closed_sockets() -> None:
    """From now on a write to a closed socket is a broken connection; doing it again changes nothing."""
    AIOKafkaConnection.send = _send


def _send(self: AIOKafkaConnection, request: Any, expect_response: bool = True) -> Any:  # noqa: FBT001, FBT002 - as in aiokafka
    try:
        return _genuine(self, request, expect_response)
    except RuntimeError as error:
        self.close(reason=CloseReason.CONNECTION_BROKEN)
        raise KafkaConnectionError(f"Connection at {self.host}:{self.port} broken: {error}") from error
