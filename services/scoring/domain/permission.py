"""Permitted uses: which procedures of a rating may not be used for scoring municipalities, and what act says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SCORING = "municipality_scoring"
NOT_PERMITTED = "use-not-permitted"


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a procedure may be used for, by which act; None: it was not told."""

    uses: frozenset[str] | None = None
    act: str | None = None


def permitted_from(procedure: Mapping[str, Any]) -> Permitted:
    """The permitted uses of a described procedure; one known by its name alone says nothing of them."""
    uses = procedure.get("permitted_uses")
    return Permitted(None if uses is None else frozenset(uses), procedure.get("act"))


def flags(procedures: Iterable[str], permitted: Mapping[str, Permitted]) -> list[dict[str, Any]]:
    """A flag for each of these procedures that is scored without permission, in their order."""
    nothing = Permitted()
    return [
        {"procedure": key, "code": NOT_PERMITTED, "act": found.act}
        for key in procedures
        if (found := permitted.get(key, nothing)).uses is not None and SCORING not in found.uses
    ]
