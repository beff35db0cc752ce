"""Brings the rights of a secured Kafka to the declared ones: missing ones granted, others taken back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from deploy.local.kafka.logins import client
from deploy.local.kafka.rights import Right, users
from deploy.local.kafka.trouble import kafka_asked
from deploy.local.processes import Failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy.local.settings import Settings

# Codes of the protocol; what is not among them (another pattern, a denial) is nothing that we ever grant.
ANY, LITERAL, ALLOW = 1, 3, 3
KINDS = {"topic": 2, "group": 3}
DEEDS = {"read": 3, "write": 4}
NO_AUTHORIZER = 54
EVERYWHERE = "*"


def apply(settings: Settings) -> dict[str, dict[str, int]]:
    """Grant and take back; per user how many rights it has, how many are new, how many were taken. Raises Failed.

    Only the users of `deploy/acls.yaml` are touched. Every other user keeps what somebody gave it.
    """
    with kafka_asked(settings.kafka_address, "права не применены"):
        return asyncio.run(_apply(settings))


async def _apply(settings: Settings) -> dict[str, dict[str, int]]:
    admin = AIOKafkaAdminClient(**client(settings))
    try:
        await admin.start()
        told = {}
        for user, wanted in users().items():
            present = await _present(admin, user)
            for right in sorted(wanted - present):
                await _grant(admin, right)
            for right in sorted(present - wanted):
                await _take(admin, right)
            told[user] = {"rights": len(wanted), "granted": len(wanted - present), "taken": len(present - wanted)}
        return told
    finally:
        await admin.close()


async def _present(admin: AIOKafkaAdminClient, user: str) -> set[Right]:
    """Every right of a user; one that we could not have granted is told by its codes."""
    answer = await admin._send_request(  # noqa: SLF001 - aiokafka knows these requests and has no method for them
        DescribeAclsRequest(ANY, None, ANY, f"User:{user}", None, ANY, ANY)
    )
    _check(answer.error_code, answer.error_message)
    return set(_rights(user, answer.resources))


def _rights(user: str, resources: Iterable[Any]) -> Iterable[Right]:
    kinds, deeds = ({code: word for word, code in codes.items()} for codes in (KINDS, DEEDS))
    for kind, name, pattern, rows in resources:
        for _, host, deed, permission in rows:
            if (pattern, host, permission) != (LITERAL, EVERYWHERE, ALLOW) or kind not in kinds or deed not in deeds:
                raise Failed(
                    f"у пользователя {user} есть право, которого нет в deploy/acls.yaml и которое заведено не нами: "
                    f"вид {kind}, «{name}», действие {deed}",
                    "уберите его (kafka-acls.sh --remove) и повторите",
                )
            yield Right(user, kinds[kind], name, deeds[deed])


async def _grant(admin: AIOKafkaAdminClient, right: Right) -> None:
    answer = await admin._send_request(CreateAclsRequest(*_words(right)))  # noqa: SLF001 - as above
    for code, message in answer.creation_responses:
        _check(code, message)


async def _take(admin: AIOKafkaAdminClient, right: Right) -> None:
    answer = await admin._send_request(DeleteAclsRequest(*_words(right)))  # noqa: SLF001 - as above
    for code, message, _ in answer.filter_responses:
        _check(code, message)


def _words(right: Right) -> tuple[Any, ...]:
    user, kind, name, deed = right
    return KINDS[kind], name, LITERAL, f"User:{user}", EVERYWHERE, DEEDS[deed], ALLOW


def _check(code: int, message: str | None) -> None:
    if code == NO_AUTHORIZER:
        raise Failed(
            "Kafka не проверяет прав: к ней входят по паролю, но включённого authorizer.class.name нет",
            "включите StandardAuthorizer на брокерах и повторите",
        )
    if code:
        raise for_code(code)(message)
