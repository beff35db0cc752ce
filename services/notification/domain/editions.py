"""What notification is told of publication: steps of an edition as a whole and for each municipality, objections."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from services.notification.domain.facts import GroupChange, Standing

DRAFTED, PUBLISHED, WITHDRAWN = "edition_drafted", "edition_published", "edition_withdrawn"
FROZEN = "edition_frozen"
RAISED, ANSWERED = "objection_raised", "objection_answered"
EDITION_KINDS = (DRAFTED, FROZEN, PUBLISHED, WITHDRAWN, RAISED, ANSWERED)
# Whose a step of the whole edition is: no municipality's, so that none of them sees it.
WHOLE = "-"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a step comes to for all municipalities together; `moved` is null where no edition was before."""

    total: int
    placed: int
    moved: int | None = None
    objections: int = 0


@dataclass(frozen=True, slots=True)
class EditionFact:
    """One step of an edition, for one municipality or as a whole; days are ISO texts, what a step has not is null.

    `objections`: how many of the municipality's were left open and are closed by this step. `digest`: the step as a
    whole, which whoever sees all municipalities is told of instead. `region`: of a step of the whole; null in what was
    kept before it was told.
    """

    kind: str
    id: str
    municipality: str
    period: str
    edition: str
    before: Standing | None = None
    after: Standing | None = None
    reply_until: str | None = None
    act_number: str | None = None
    act_date: str | None = None
    objection: str | None = None
    group: str | None = None
    procedure: str | None = None
    indicator: str | None = None
    decision: str | None = None
    result: str | None = None
    result_revision: int | None = None
    applicability: str | None = None
    objections: int = 0
    digest: str | None = None
    counts: Counts | None = None
    previous: str | None = None
    region: str | None = None

    @property
    def abroad(self) -> bool:
        """Whether it is of another region than the home one: then its edition is called by the region, too."""
        return bool(self.region) and self.edition.startswith(f"{self.region}-")

    @property
    def changes(self) -> tuple[GroupChange, ...]:
        """The overall score in the edition before and in this one; none where there was no edition before."""
        if self.before is None or self.after is None:
            return ()
        return (GroupChange("overall", self.before, self.after),)

    def document(self) -> dict[str, Any]:
        """A plain document of it."""
        plain = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _PARTS}
        standings = {name: getattr(self, name) for name in _STANDINGS}
        counts = {"counts": asdict(self.counts) if self.counts else None}
        return plain | counts | {name: one.document() if one else None for name, one in standings.items()}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The fact behind a document (fields of an item beside it are left out, later ones may be missing)."""
        named: dict[str, Any] = {one.name: document[one.name] for one in fields(cls) if one.name in document}
        for name in _STANDINGS:
            named[name] = Standing(**named[name]) if named.get(name) else None
        named["counts"] = Counts(**named["counts"]) if named.get("counts") else None
        return cls(**named)


_STANDINGS = ("before", "after")
_PARTS = (*_STANDINGS, "counts")


def step_id(edition: str, kind: str) -> str:
    """The identity of a step of an edition as a whole."""
    return f"{edition}:{kind}"
