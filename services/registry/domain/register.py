"""What imported rows change in a register, whatever it holds: new, changed or the same, over what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, fields, replace
from typing import Any, ClassVar, Protocol, TypeVar

from services.registry.domain.rows import Outcome, check_read, refuse, status_of
from shared.kernel import Change, Event


class Registered(Protocol):
    """The state of one thing in a register; `revision` 0 is not stored yet."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def id(self) -> str: ...

    @property
    def revision(self) -> int: ...


S = TypeVar("S", bound=Registered)


@dataclass(frozen=True, slots=True)
class Register:
    """What it tells of a new thing and of a changed one, where they are listed, what a refusal calls them."""

    new: type[Event]
    changed: type[Event]
    listed: str
    what: str

    def take(
        self, rows: Sequence[tuple[S, int | None]], stored: Mapping[str, S]
    ) -> tuple[list[Change[S]], list[Outcome]]:
        """What the rows change, each with the revision that was read.

        A row that says what is stored tells nothing; refused as a whole where one changes what nobody has read.
        """
        changes = [self.decide(stored.get(wanted.id), wanted) for wanted, _ in rows]
        outcomes = [_outcome(stored.get(change.state.id), change.state) for change in changes]
        unread = [
            error
            for number, ((_, expected), outcome) in enumerate(zip(rows, outcomes, strict=True))
            for error in check_read(f"/items/{number}", outcome, expected, listed=self.listed)
        ]
        refuse(unread, what=self.what)
        return changes, outcomes

    def decide(self, stored: S | None, wanted: S) -> Change[S]:
        """New: registered. Different: changed, the next revision. The same: nothing is told."""
        if stored is None:
            state = replace(wanted, revision=1)
            return Change(state, (self.new(**_facts(state)),))
        if replace(wanted, revision=stored.revision) == stored:
            return Change(stored)
        state = replace(wanted, revision=stored.revision + 1)
        return Change(state, (self.changed(**_facts(state)),))


def _outcome(before: Registered | None, state: Registered) -> Outcome:
    return Outcome(state.id, state.revision, status_of(before.revision if before else None, state.revision))


def _facts(state: Registered) -> dict[str, Any]:
    return {one.name: getattr(state, one.name) for one in fields(state)}
