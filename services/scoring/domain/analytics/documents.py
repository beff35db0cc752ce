"""Analytics documents as plain data for the store."""

from collections.abc import Mapping
from typing import Any

from services.scoring.domain.analytics.document import Document, Frozen, Text

Row = dict[str, Any]


def row_of(document: Document) -> Row:
    """A document as it is kept."""
    frozen = document.frozen
    return {
        "_id": document.id,
        "procedure": document.procedure,
        "period": document.period,
        "version": document.version,
        "state": document.state,
        "revision": document.revision,
        "reason": document.reason,
        "before": document.before,
        "created_at": document.created_at,
        "created_by": document.created_by,
        "texts": {key: _text(text) for key, text in document.texts.items()},
        "frozen": None
        if frozen is None
        else {"content": frozen.content, "digest": frozen.digest, "as_of": frozen.as_of, "by": frozen.by},
    }


def document_from(row: Mapping[str, Any]) -> Document:
    """The document behind `row_of`."""
    frozen = row["frozen"]
    return Document(
        id=row["_id"],
        procedure=row["procedure"],
        period=row["period"],
        version=row["version"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        state=row["state"],
        revision=row["revision"],
        reason=row["reason"],
        before=row["before"],
        texts={key: _text_from(text) for key, text in row["texts"].items()},
        frozen=None if frozen is None else Frozen(**frozen),
    )


def _text(text: Text) -> Row:
    blocks = [{"kind": kind, "lines": list(lines)} for kind, lines in text.blocks]
    return {"blocks": blocks, "by": text.by, "at": text.at}


def _text_from(row: Mapping[str, Any]) -> Text:
    return Text(tuple((one["kind"], tuple(one["lines"])) for one in row["blocks"]), row["by"], row["at"])
