"""What was recorded since a draft about those whose objections wait for an answer or a correction."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from services.portal.page import Visitor
from services.portal.pages.every import every
from services.portal.show.objections import Recorded

Told = Mapping[str, Any]


async def recorded(visitor: Visitor, edition: Told, waiting: Sequence[Told]) -> Recorded:
    """The results of each municipality by themselves: the region's schools report meanwhile, too."""
    since, period = edition["as_of"], {"period": edition["period"]}
    if not waiting:
        return Recorded(since, {})
    asked = {whose: period | about | {"changed_after": since} for whose, about in _about(waiting).items()}
    acts, *results = await asyncio.gather(
        visitor.get("scoring", "/v1/applicability", params=period),
        *(every(visitor, "monitoring", "/v1/results", params) for params in asked.values()),
    )
    return Recorded(since, dict(zip(asked, results, strict=True)), acts.items)


def _about(waiting: Sequence[Told]) -> dict[str, dict[str, str]]:
    """What to ask for, by municipality: one procedure where all its objections name that one."""
    named: dict[str, set[str | None]] = {}
    for one in waiting:
        named.setdefault(one["municipality"]["id"], set()).add(one["procedure"])
    return {whose: {"municipality": whose} | _only(procedures) for whose, procedures in named.items()}


def _only(procedures: set[str | None]) -> dict[str, str]:
    first, *others = procedures
    return {"procedure": first} if first and not others else {}
