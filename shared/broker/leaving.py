"""Leaving a group on an orderly stop: the coordinator is told, so that the others go on within a heartbeat.

aiokafka sends no LeaveGroup for a static member, so that a restart within the session keeps its partitions. A stop that
was asked for should not leave them alone until the session ends. The coordinator takes a leave by member id from static
members too. A crash sends nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.group import LeaveGroupRequest

from shared.telemetry import log

PATIENCE = 2.0


def leave_when_closed(consumers: Iterable[AIOKafkaConsumer | None]) -> None:
    """Let these consumers leave their groups as the last thing before they close.

    To be called when a stop begins: the batch in hand is still stored, and heartbeats go on until the leave itself.
    """
    for consumer in consumers:
        coordinator: Any = getattr(consumer, "_coordinator", None)
        if hasattr(coordinator, "_maybe_leave_group"):
            coordinator._maybe_leave_group = _leaving(coordinator)  # noqa: SLF001 - aiokafka has no other way


def _leaving(coordinator: Any) -> Callable[[], Awaitable[None]]:
    async def leave() -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await _leave(coordinator)
        except (KafkaError, OSError, TimeoutError) as error:
            # The session ends by itself; the others then go on some seconds later.
            log.warning("consumer.not-left", group=coordinator.group_id, error=repr(error))
        coordinator.reset_generation()

    return leave


async def _leave(coordinator: Any) -> None:
    if coordinator.generation <= 0:
        return
    request = LeaveGroupRequest(coordinator.group_id, coordinator.member_id)
    answer = await coordinator._send_req(request)  # noqa: SLF001 - as above
    if answer.error_code:
        raise for_code(answer.error_code)
    log.info("consumer.left", group=coordinator.group_id)
