"""How an import is kept: states, what they tell and the remembered answer, in one transaction."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from services.registry.domain import Municipality, Organization, Outcome
from shared.kernel import Cause, Change
from shared.mongo import Document, InsertOne, ReplaceOne, Tx
from shared.mongo.journal import journal

S = TypeVar("S", Municipality, Organization)
Decided = tuple[Sequence[Change[S]], Sequence[Outcome]]


def report_of(outcomes: Sequence[Outcome]) -> Document:
    """The report of an import: a line for each row, and how many of each kind."""
    counts = dict.fromkeys(("registered", "changed", "unchanged"), 0)
    for one in outcomes:
        counts[one.status] += 1
    items = [
        {"index": number, "id": one.id, "status": one.status, "revision": one.revision}
        for number, one in enumerate(outcomes)
    ]
    return {"items": items, "counts": counts}


async def keep(
    tx: Tx, collection: str, decided: Decided[S], *, document: Callable[[S], Document], cause: Cause
) -> Document:
    """Write what changed and tell it; the counter makes imports of a collection follow one another."""
    changes, outcomes = decided
    fresh = [change for change in changes if change.events]
    if fresh:
        await tx.next_number(f"imports:{collection}")
    await journal(tx, collection, [change.state.id for change in fresh])
    operations: list[object] = []
    for change in fresh:
        written = {**document(change.state), "at": tx.now}
        before = {"_id": written["_id"], "revision": change.state.revision - 1}
        operations.append(InsertOne(written) if change.state.revision == 1 else ReplaceOne(before, written))
        for event in change.events:
            tx.tell(event, cause)
    await tx.write(collection, operations)
    return report_of(outcomes)
