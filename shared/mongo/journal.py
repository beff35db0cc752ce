"""The journal: who changed what was stored in place, when, and what it was before, in the commit of the change.

For what keeps no revisions or steps of its own. Rows are only added; operators read them: `GET /v1/operations/journal`.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from uuid_utils import uuid7

from shared.acting import who_acts
from shared.mongo.transaction import Document, Tx
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
    await tx.insert(JOURNAL, [line(collection, one, there.get(one), at=tx.now) for one in wanted])


def line(of: str, key: str, before: Mapping[str, Any] | None, *, at: datetime) -> Document:
    """One line, done for whoever acts now; for what is no document of a collection, `before` is said by the caller."""
    cause = named_cause()
    correlation = cause.correlation if cause else None
    told = {"of": of, "key": key, "at": at, **who_acts()._asdict(), "correlation": correlation, "before": before}
    return {"_id": str(uuid7()), **told}
