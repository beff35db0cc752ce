"""A row of the table of access, and the actors that rows name together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.people import PUBLIC

STAFF = ("ministry", "operator")
MUNICIPALITIES = ("own municipality", "foreign municipality")
SCHOOLS = ("own school", "foreign school")
SYSTEMS = ("own system", "foreign system")
POWERLESS = "system without scopes"
SIGNED_IN = (*STAFF, "assessor", *MUNICIPALITIES, *SCHOOLS, "expert", *SYSTEMS, POWERLESS)
EVERYBODY = (PUBLIC, *SIGNED_IN)
READERS = tuple(who for who in SIGNED_IN if who != POWERLESS)
NOTHING: Mapping[str, Any] = {"json": {}}


@dataclass(frozen=True, slots=True)
class Row:
    """One request to one endpoint and the status of everybody who is not turned away."""

    service: str
    endpoint: str
    allowed: Mapping[str, int]
    request: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    note: str = ""

    @property
    def method(self) -> str:
        """The method of the endpoint."""
        return self.endpoint.partition(" ")[0]

    @property
    def route(self) -> str:
        """The path of the endpoint with its parameters' names."""
        return self.endpoint.partition(" ")[2]

    def expected(self, who: str) -> int:
        """The status that somebody gets."""
        return self.allowed.get(who, 401 if who == PUBLIC else 403)

    def __str__(self) -> str:
        return f"{self.service} {self.endpoint} {self.note}".strip()


def each(status: int, *groups: tuple[str, ...] | str, **others: int) -> dict[str, int]:
    """The same status for all of these, and other ones for some."""
    names = [who for group in groups for who in ((group,) if isinstance(group, str) else group)]
    return dict.fromkeys(names, status) | {name.replace("_", " "): told for name, told in others.items()}
