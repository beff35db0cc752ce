"""Who reads an inbox, and which of its items."""

from dataclasses import dataclass
from datetime import datetime

from shared.policy import Scope


@dataclass(frozen=True, slots=True)
class Reader:
    """A person and the municipalities that the person may see."""

    subject: str
    scope: Scope

    @property
    def id(self) -> str:
        """Reading everything counts within a scope: a person who changes it has read nothing of the new one."""
        within = ",".join(f"{name}={value}" for name, value in sorted(self.scope.attributes.items()))
        return f"{self.subject}|{within or '*'}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which items of an inbox; `before` is the feed number that the page begins under."""

    municipality: str | None = None
    kind: str | None = None
    period: str | None = None
    since: datetime | None = None
    before: int | None = None
    limit: int = 50
