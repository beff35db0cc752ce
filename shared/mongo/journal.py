"""The journal: who changed what was stored in place, when, and what it was before, in the commit of the change.

For what keeps no revisions or steps of its own. Rows are only added; operators read them: `GET /v1/operations/journal`.
"""

from collections.abc import Collection, Iterable

from uuid_utils import uuid7

from shared.acting import who_acts
from shared.mongo.transaction import Tx
from shared.telemetry import named_cause

JOURNAL = "journal"


async def journal(tx: Tx, collection: str, ids: Iterable[str], *, without: Collection[str] = ()) -> None:
    """To be called before these documents are written: keeps them as they are, none where they are new.

    `without`: the fields that must not outlive the document.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return
    rows = await tx.find(collection, {"_id": {"$in": wanted}})
    there = {row["_id"]: {name: told for name, told in row.items() if name not in without} for row in rows}
    cause = named_cause()
    row = {
        "of": collection,
        "at": tx.now,
        **who_acts()._asdict(),
        "correlation": cause.correlation if cause else None,
    }
    await tx.insert(JOURNAL, [{"_id": str(uuid7()), "key": one, **row, "before": there.get(one)} for one in wanted])
