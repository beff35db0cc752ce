"""What notification is told, in its own words: changed scores, changed ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Standing:
    """A score of a group at one moment; points, maximum, share are exact strings, all null unless scored."""

    state: str
    points: str | None = None
    maximum: str | None = None
    share: str | None = None
    percent: int | None = None
    level: str | None = None
    rank: int | None = None

    def own(self) -> tuple[object, ...]:
        """What belongs to the municipality itself: everything but the rank, which others move too."""
        return self.state, self.points, self.maximum, self.share, self.percent, self.level

    def document(self) -> dict[str, Any]:
        """A plain document of it (`dataclasses.asdict` costs ten times as much, for each of thousands)."""
        return {
            "state": self.state,
            "points": self.points,
            "maximum": self.maximum,
            "share": self.share,
            "percent": self.percent,
            "level": self.level,
            "rank": self.rank,
        }


@dataclass(frozen=True, slots=True)
class GroupChange:
    """One group (or `overall`) before and after."""

    group: str
    before: Standing
    after: Standing

    @property
    def own(self) -> bool:
        """Whether more than the rank changed."""
        return self.before.own() != self.after.own()

    def document(self) -> dict[str, Any]:
        """A plain document of it."""
        return {"group": self.group, "before": self.before.document(), "after": self.after.document()}


@dataclass(frozen=True, slots=True)
class ResultCause:
    """The revision of a result that moved the score; `withdrawn`: it takes the result back (None: not told)."""

    result: str
    revision: int
    procedure: str
    withdrawn: bool | None = None

    def document(self) -> dict[str, Any]:
        """A plain document of it."""
        told = {"result": self.result, "revision": self.revision, "procedure": self.procedure}
        return told | {"withdrawn": self.withdrawn}


def causes_document(causes: Sequence[ResultCause]) -> dict[str, Any]:
    """The fields that keep causes: 0.2.0 takes three of each and fails at a further one, so what it lacks is beside."""
    kept = [{"result": one.result, "revision": one.revision, "procedure": one.procedure} for one in causes]
    return {"causes": kept, "causes_withdrawn": [one.withdrawn for one in causes]}


def causes_of(document: Mapping[str, Any]) -> tuple[ResultCause, ...]:
    """The causes that a document keeps; some say themselves whether they withdraw."""
    beside = document.get("causes_withdrawn") or [None] * len(document["causes"])
    return tuple(
        ResultCause(**{"withdrawn": told, **one}) for one, told in zip(document["causes"], beside, strict=True)
    )


@dataclass(frozen=True, slots=True)
class RuleCause:
    """An edition of the methodology, or an applicability act stated or withdrawn, that moved the score."""

    kind: str
    id: str
    procedure: str | None = None
    act: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """A municipality's score of a period changed; `revision` grows by one per told change."""

    municipality: str
    period: str
    revision: int
    methodology: str
    changes: tuple[GroupChange, ...]
    causes: tuple[ResultCause, ...]
    causes_count: int
    data_at: datetime
    quiet: bool = False
    rules: tuple[RuleCause, ...] = ()
    methodology_title: str | None = None

    @property
    def id(self) -> str:
        """The natural identity of a told change."""
        return f"{self.municipality}:{self.period}:{self.revision}"

    @property
    def edition(self) -> str:
        """What people call the edition of the methodology; its id where scoring did not tell its title yet."""
        return self.methodology_title or self.methodology

    def document(self) -> dict[str, Any]:
        """A plain document of it; only what is not quiet is ever kept."""
        return {
            "municipality": self.municipality,
            "period": self.period,
            "revision": self.revision,
            "methodology": self.methodology,
            "methodology_title": self.methodology_title,
            "changes": [change.document() for change in self.changes],
            **causes_document(self.causes),
            "causes_count": self.causes_count,
            "data_at": self.data_at,
            "rules": [asdict(rule) for rule in self.rules],
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The fact behind a document (fields of an item beside it are left out)."""
        changes = tuple(
            GroupChange(change["group"], Standing(**change["before"]), Standing(**change["after"]))
            for change in document["changes"]
        )
        return cls(
            municipality=document["municipality"],
            period=document["period"],
            revision=document["revision"],
            methodology=document["methodology"],
            methodology_title=document.get("methodology_title"),
            changes=changes,
            causes=causes_of(document),
            causes_count=document["causes_count"],
            data_at=document["data_at"],
            rules=tuple(RuleCause(**rule) for rule in document.get("rules", ())),
        )


@dataclass(frozen=True, slots=True)
class RatingFact:
    """Overall ranks of a region and period moved; `id` is the identity of the event, as a rating has no revision.

    `region` is none in what was told before regions were kept apart.

    `sequence` is the event's number among those of its period; it is of no use once the fact is told.

    `quiet`: by history alone, which is loaded without alarming anybody.
    """

    id: str
    period: str
    data_at: datetime
    moved: int
    sequence: int | None = field(default=None, compare=False)
    region: str | None = None
    quiet: bool = False

    def document(self) -> dict[str, Any]:
        """A plain document of it, as it is told, but for region and quiet: 0.2.0 fails at a field unknown to it."""
        return {"id": self.id, "period": self.period, "data_at": self.data_at, "moved": self.moved}


@dataclass(frozen=True, slots=True)
class DatedName:
    """A municipality's name and OKTMO code from a day to the day before another (ISO dates)."""

    name: str
    oktmo: str | None
    valid_from: str
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class NameFact:
    """How something is called, by its `kind`; `history` has one entry where names are not dated.

    `region`: of a municipality; null in what was kept before it was heard of.
    """

    kind: str
    key: str
    revision: int
    history: tuple[DatedName, ...]
    region: str | None = None

    @property
    def id(self) -> str:
        """The identity among names of all kinds."""
        return f"{self.kind}:{self.key}"
