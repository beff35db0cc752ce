"""Noting, in the transaction that stores their results, which schools must be judged again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.scoring.domain import Fact
from shared.kernel import Cause
from shared.mongo import Tx, UpdateOne

PENDING = "school_pending"
EVERY = "*"
NOBODY = Cause("")


def note_of(school: str, cause: Cause, *, loud: bool) -> UpdateOne:
    """The note that a school has news; a loud one stays loud."""
    told = {"correlation": cause.correlation, "causation": cause.causation}
    change: dict[str, Any] = {"$inc": {"n": 1}, "$set": told}
    if loud:
        change["$set"] = told | {"loud": True}
    else:
        change["$setOnInsert"] = {"loud": False}
    return UpdateOne({"_id": school}, change, upsert=True)


def note_again(school: str, cause: Cause) -> UpdateOne:
    """The note that a school must be judged again without news; one that has some stays noted by what brought them."""
    first = {"correlation": cause.correlation, "causation": cause.causation, "loud": False}
    return UpdateOne({"_id": school}, {"$inc": {"n": 1}, "$setOnInsert": first}, upsert=True)


async def note_schools(tx: Tx, facts: Iterable[Fact]) -> None:
    """Note the organisations that these new facts are about."""
    news: dict[str, tuple[Cause, bool]] = {}
    for fact in facts:
        if fact.organization is not None:
            _, loud = news.get(fact.organization, (NOBODY, False))
            news[fact.organization] = (fact.cause, loud or not fact.quiet)
    await tx.write(PENDING, [note_of(school, cause, loud=loud) for school, (cause, loud) in news.items()])


async def note_described(tx: Tx, procedures: Sequence[Mapping[str, Any]], cause: Cause = NOBODY) -> None:
    """Note all schools where a newer description says other things of schools than the stored one."""
    if not procedures:
        return
    keys = sorted({one["_id"] for one in procedures})
    stored = {row["_id"]: row for row in await tx.find("procedures", {"_id": {"$in": keys}})}
    if any(_differs(one, stored.get(one["_id"])) for one in procedures):
        await tx.write(PENDING, [note_of(EVERY, cause, loud=False)])


def _differs(told: Mapping[str, Any], stored: Mapping[str, Any] | None) -> bool:
    if stored is None:
        return bool(told.get("school"))
    return bool(stored["revision"] < told["revision"]) and _of_schools(stored) != _of_schools(told)


def _of_schools(row: Mapping[str, Any]) -> Any:
    """What lists and signs take from a description; nothing where it is not for schools."""
    return (row["school"], row.get("indicators", [])) if row.get("school") else None
