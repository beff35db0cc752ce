"""A form sent again counts once: the key that it bears until somebody knows what became of it."""

import secrets
from collections.abc import Mapping
from typing import Any

from services.portal.clients import REUSED, Answer

FIELD = "key"


def fresh_key() -> str:
    """The key of a form that nobody has sent yet."""
    return secrets.token_urlsafe(16)


def key_of(form: Mapping[str, Any]) -> str:
    """The key that a form was sent with; empty where it bears none."""
    return str(form.get(FIELD) or "")


def key_again(key: str, refused: Answer) -> str:
    """The key of a form that comes back: its own, for what was not answered in time may have been done.

    Another one only where that is known, and the form says something else by now: then it is a request of its own.
    """
    taken = refused.problem is not None and refused.problem.code == REUSED
    return key if key and not taken else fresh_key()


def repeated(key: str) -> dict[str, str]:
    """The header that makes a second click the same request."""
    return {"Idempotency-Key": key} if key else {}
