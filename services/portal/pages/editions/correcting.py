"""What was recorded since a draft about those whose objections wait for an answer or a correction."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from services.portal.clients import Answer
from services.portal.page import Visitor
from services.portal.pages.every import every
from services.portal.show.objections import Offered, Recorded

Told = Mapping[str, Any]


async def corrections(visitor: Visitor, edition: Told, waiting: Sequence[Told]) -> tuple[Answer, Mapping[str, Offered]]:
    """The catalogue of procedures, and what may be named as a correction, by the id of each objection that waits.

    The results of each municipality are asked for by themselves: the region's schools report meanwhile, too.
    """
    catalogue = visitor.get("monitoring", "/v1/procedures")
    if not waiting:
        return await catalogue, {}
    since, period = _drafted_at(edition), {"period": edition["period"]}
    asked = {whose: period | about | {"changed_after": since} for whose, about in _about(waiting).items()}
    procedures, acts, *results = await asyncio.gather(
        catalogue,
        visitor.get("scoring", "/v1/applicability", params=period),
        *(every(visitor, "monitoring", "/v1/results", params) for params in asked.values()),
    )
    found = Recorded(since, dict(zip(asked, results, strict=True)), acts, procedures)
    return procedures, {one["id"]: found.about(one) for one in waiting}


def _drafted_at(edition: Told) -> str:
    """When the draft went out; what was recorded before is in it, but for what scoring heard later (named by API)."""
    return str(next(step["at"] for step in reversed(edition["history"]) if step["state"] == edition["state"]))


def _about(waiting: Sequence[Told]) -> dict[str, dict[str, str]]:
    """What to ask for, by municipality: one procedure where all its objections name that one."""
    named: dict[str, set[str | None]] = {}
    for one in waiting:
        named.setdefault(one["municipality"]["id"], set()).add(one["procedure"])
    return {whose: {"municipality": whose} | _only(procedures) for whose, procedures in named.items()}


def _only(procedures: set[str | None]) -> dict[str, str]:
    first, *others = procedures
    return {"procedure": first} if first and not others else {}
