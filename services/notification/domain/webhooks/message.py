"""A message as it leaves: its body, and the headers of Standard Webhooks that sign it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import Webhook as Signer

from shared.exactjson import write

TEST = "test"
SECRET_BYTES = 32


def body_of(kind: str, at: datetime, data: Any) -> str:
    """The JSON of a message: kind, the moment of what it tells, the same data as on the live stream."""
    return write({"type": kind, "timestamp": at.isoformat(), "data": data}).decode()


def headers_of(message: str, body: str, secrets: Sequence[str], *, now: datetime) -> dict[str, str]:
    """The headers of one attempt; a signature for each secret, so that a rotation interrupts nobody."""
    signatures = [Signer(secret).sign(message, now, body) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": "rsoko-webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
