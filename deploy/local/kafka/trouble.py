"""Kafka's trouble in words: who does not answer, who is not let in; its client stays silent meanwhile."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiokafka.errors import (
    AuthenticationFailedError,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
)

from deploy.local.processes import Failed

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLIENT = logging.getLogger("aiokafka")
_NOT_LET_IN = (AuthenticationFailedError, SaslAuthenticationFailed)
_NO_RIGHT = (ClusterAuthorizationFailedError, GroupAuthorizationFailedError, TopicAuthorizationFailedError)


@contextmanager
def kafka_asked(address: str, what: str = "") -> Iterator[None]:
    """Failed, saying what to do, where Kafka is away or refuses; `what` was not done then."""
    level = _CLIENT.level
    _CLIENT.setLevel(logging.CRITICAL)
    try:
        yield
    except KafkaError as error:
        told, remedy = _words(error)
        raise Failed(f"Kafka {address}: {f'{what}: ' if what else ''}{told}", remedy) from error
    finally:
        _CLIENT.setLevel(level)


def _words(error: KafkaError) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    if isinstance(error, KafkaConnectionError):
        return "не отвечает", "запустите платформу (./rsoko up) или проверьте RSOKO_KAFKA"
    if isinstance(error, _NOT_LET_IN):
        return "не принимает имя или пароль", "проверьте RSOKO_KAFKA_USER и его пароль"
    if isinstance(error, _NO_RIGHT):
        return "у пользователя нет прав", "проверьте, что RSOKO_KAFKA_USER — управляющий пользователь, и повторите"
    return f"отказ {type(error).__name__}", "повторите; если не поможет, смотрите журнал Kafka (./rsoko logs kafka)"
