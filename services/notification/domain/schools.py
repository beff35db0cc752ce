"""What notification is told of school lists: a school that entered or left the list of low results; ids only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from services.notification.domain.facts import GroupChange, ResultCause, causes_document, causes_of

LISTED, DELISTED = "school_listed", "school_delisted"
SCHOOL_KINDS = (LISTED, DELISTED)
# Whose a school of the ministry is: nobody's among the municipalities, so that none of them sees it.
NOBODYS = "-"


@dataclass(frozen=True, slots=True)
class SchoolFact:
    """A school entered (left) the list by these criteria, each `<span>.<criterion>`."""

    kind: str
    id: str
    municipality: str
    period: str
    school: str
    criteria: tuple[str, ...]
    thresholds: str
    causes: tuple[ResultCause, ...]
    causes_count: int

    @property
    def changes(self) -> tuple[GroupChange, ...]:
        """No score of a municipality changes by it."""
        return ()

    def document(self) -> dict[str, Any]:
        """A plain document of it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "municipality": self.municipality,
            "period": self.period,
            "school": self.school,
            "criteria": list(self.criteria),
            "thresholds": self.thresholds,
            **causes_document(self.causes),
            "causes_count": self.causes_count,
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The fact behind a document (fields of an item beside it are left out)."""
        return cls(
            kind=document["kind"],
            id=document["id"],
            municipality=document["municipality"],
            period=document["period"],
            school=document["school"],
            criteria=tuple(document["criteria"]),
            thresholds=document["thresholds"],
            causes=causes_of(document),
            causes_count=document["causes_count"],
        )


def schools_of(facts: Iterable[object]) -> list[str]:
    """The schools that some of these are about, each once."""
    return list(dict.fromkeys(fact.school for fact in facts if isinstance(fact, SchoolFact)))
