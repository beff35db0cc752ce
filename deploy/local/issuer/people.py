"""Who may sign in locally: one demo user of every role, and the systems that send results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SYSTEM_SCOPES = ("results:write", "results:read", "ratings:read", "events:write")
NAMES = {
    "ministry": "Министерство образования",
    "regional_operator": "Региональный центр оценки качества",
    "assessor": "Орган оценки квалификации",
    "municipality": "Муниципальный орган управления образованием",
    "organization": "Образовательная организация",
    "expert": "Эксперт",
    "system": "Региональная информационная система",
}
ATTRIBUTE = {"municipality": "municipality_id", "organization": "organization_id", "expert": "expert_id"}
CLIENTS = {"gis-education": "gis-education-secret", "demo": "demo-secret"}
EXAMPLES = {
    "municipality": "74-zlatoustovsky-go",
    "organization": "74-uslovnaya-shkola-00001",
    "expert": "expert-1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody a token may be issued to: subject, role, and the attributes of the role as claims."""

    subject: str
    role: str
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


class UnknownPerson(ValueError):
    """No demo user answers to this description; the text says what is missing, in Russian."""


def person(role: str, attributes: Mapping[str, str] | None = None) -> Person:
    """Describe a user of a role; the role's own id (municipality, organization, expert) must be given."""
    given = {name: value for name, value in (attributes or {}).items() if value}
    if role not in NAMES or role == "system":
        raise UnknownPerson(f"нет роли «{role}»; есть: {', '.join(NAMES)}")
    needed = ATTRIBUTE.get(role)
    if needed and needed not in given:
        raise UnknownPerson(f"роли {role} нужен идентификатор: {needed}")
    own = given.get(needed or "", "")
    return Person(
        subject=f"{role}:{own}" if own else role,
        role=role,
        name=f"{NAMES[role]} ({own})" if own else NAMES[role],
        attributes=given,
    )


def system(client: str) -> Person:
    """Describe a system client."""
    return Person(subject=client, role="system", name=client)


def parse(subject: str) -> Person:
    """Read a subject as the login page writes it: `ministry`, `municipality:<id>`."""
    role, _, own = subject.partition(":")
    return person(role, {ATTRIBUTE[role]: own} if role in ATTRIBUTE else None)


def demo() -> list[Person]:
    """List the users the login page offers."""
    return [parse(f"{role}:{EXAMPLES.get(role, '')}") for role in NAMES if role != "system"]
