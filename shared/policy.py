"""The one policy: which actor may do what with what, as written in `data/access.yaml`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from shared.kernel import Forbidden, Unauthenticated

PUBLIC = "public"
ACCESS = Path(__file__).resolve().parent.parent / "data" / "access.yaml"
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the role, who it is (`subject`), and what the token's claims `<attribute>_id` name.

    `expires` is the instant (seconds since the epoch) from which the doors refuse the token; never without one.
    """

    role: str = PUBLIC
    subject: str = PUBLIC
    attributes: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    scopes: frozenset[str] = frozenset()
    client_id: str | None = None
    name: str | None = None
    expires: float = math.inf

    @property
    def public(self) -> bool:
        """Whether nobody signed in."""
        return self.role == PUBLIC


NOBODY = Actor()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows somebody may see: all, or those whose attributes are these."""

    everything: bool
    attributes: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def covers(self, resource: Mapping[str, str | None]) -> bool:
        """Whether a row with these attributes is inside."""
        return self.everything or all(resource.get(name) == value for name, value in self.attributes.items())


EVERYTHING = Scope(everything=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one role needs for one action."""

    scope: str | None = None
    own: bool = False


class PolicyWrong(Exception):
    """The policy file contradicts itself or names what it does not declare."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The read policy; every decision is a look-up in it."""

    actions: Mapping[str, Mapping[str, Rule]]
    own: Mapping[str, Mapping[str, str]]
    roles: tuple[str, ...]

    def scope_of(self, actor: Actor, action: str) -> Scope:
        """The rows of `action` that the actor may touch; Unauthenticated or Forbidden where there are none."""
        rule = self._rule(actor, action)
        if rule is None or (rule.scope and rule.scope not in actor.scopes):
            raise _refusal(actor, action, scope=rule.scope if rule else None)
        if not rule.own:
            return EVERYTHING
        wanted = {theirs: actor.attributes.get(ours) for theirs, ours in self.own[actor.role].items()}
        named = {name: value for name, value in wanted.items() if value}
        if len(named) < len(wanted):
            raise _refusal(actor, action)
        return Scope(everything=False, attributes=named)

    def place_of(self, actor: Actor) -> dict[str, str]:
        """Those attributes of the actor that decide what is its own; other claims decide nothing."""
        known = self.own.get(actor.role, {}).values()
        return {name: actor.attributes[name] for name in sorted(known) if name in actor.attributes}

    def admits(self, actor: Actor, action: str) -> None:
        """The check at the door, before the resource is known: refused where none would be allowed."""
        self.scope_of(actor, action)

    def decide(self, actor: Actor, action: str, resource: Mapping[str, str | None]) -> None:
        """None where the actor may do this with this resource; Unauthenticated or Forbidden otherwise."""
        if not self.scope_of(actor, action).covers(resource):
            raise _refusal(actor, action)

    def _rule(self, actor: Actor, action: str) -> Rule | None:
        rules = self.actions[action]
        if actor.role not in self.roles:
            return rules.get("everyone")
        return rules.get(actor.role) or rules.get("signed-in") or rules.get("everyone")


def _refusal(actor: Actor, action: str, *, scope: str | None = None) -> Forbidden | Unauthenticated:
    if actor.public:
        return Unauthenticated(
            "unauthenticated", "Нужен вход", "Передайте токен доступа в заголовке Authorization: Bearer …"
        )
    need = f"; токену нужно право (scope) «{scope}»" if scope else ""
    detail = f"Действие «{action}» не разрешено роли «{actor.role}» для этих данных{need}."
    return Forbidden("forbidden", "Недостаточно прав", detail, extra={"action": action})


def _read_rule(action: str, role: str, told: Any) -> Rule:
    if told == "any":
        return Rule()
    if told == "own":
        return Rule(own=True)
    if isinstance(told, dict) and told and not told.keys() - {"scope", "own"}:
        return Rule(scope=told.get("scope"), own=bool(told.get("own")))
    raise PolicyWrong(f"{action}: {role}: unknown rule {told!r}")


def read_policy(document: Mapping[str, Any]) -> Policy:
    """A policy from its document; PolicyWrong names the first wrong line."""
    roles, own = tuple(document["roles"]), document["own"]
    actions: dict[str, dict[str, Rule]] = {}
    for action, lines in document["actions"].items():
        if unknown := lines.keys() - {*roles, "signed-in", "everyone"}:
            raise PolicyWrong(f"{action}: unknown roles {sorted(unknown)}")
        actions[action] = {role: _read_rule(action, role, told) for role, told in lines.items()}
        if helpless := {role for role, rule in actions[action].items() if rule.own} - own.keys():
            raise PolicyWrong(f"{action}: nothing is declared as own of {sorted(helpless)}")
    return Policy(actions=actions, own=own, roles=roles)


@cache
def the_policy(path: Path = ACCESS) -> Policy:
    """The policy of the platform, read once."""
    return read_policy(yaml.safe_load(path.read_text(encoding="utf-8")))


def decide(actor: Actor, action: str, resource: Mapping[str, str | None]) -> None:
    """None where the actor may do this with this resource; Unauthenticated or Forbidden otherwise."""
    the_policy().decide(actor, action, resource)


def actor_may(actor: Actor, action: str, resource: Mapping[str, str | None]) -> bool:
    """The same as a question."""
    try:
        decide(actor, action, resource)
    except (Forbidden, Unauthenticated):
        return False
    return True


def account_for(reader: Actor, kept: str) -> dict[str, str]:
    """`{"account": …}` of what is kept as `role:account`, for whoever is shown accounts; nothing for anybody else."""
    account = kept.partition(":")[2]
    return {"account": account} if account and sees_accounts(reader) else {}


def sees_accounts(reader: Actor) -> bool:
    """Whether it is shown which account did something: whoever reads the journal of changes, which has them, too."""
    return actor_may(reader, "operations.read", {})


def scope_of(actor: Actor, action: str) -> Scope:
    """The rows of `action` that the actor may touch; Unauthenticated or Forbidden where there are none."""
    return the_policy().scope_of(actor, action)
