"""Sources: the systems that report results, which procedures each may report and which clients speak for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.kernel import Change


@dataclass(frozen=True, slots=True)
class Source:
    """A registered system; `procedures` is None where it may report every procedure."""

    key: str
    name: str
    procedures: tuple[str, ...] | None
    clients: tuple[str, ...] = ()
    revision: int = 1

    def may_report(self, procedure: str) -> bool:
        """Whether results of this procedure are taken from it."""
        return self.procedures is None or procedure in self.procedures


def register(
    current: Source | None,
    *,
    key: str,
    name: str,
    procedures: Sequence[str] | None,
    clients: Sequence[str],
) -> Change[Source]:
    """Set a source's description; the same again changes nothing. Nobody else hears of sources."""
    wanted = Source(
        key=key,
        name=name,
        procedures=None if procedures is None else tuple(sorted(set(procedures))),
        clients=tuple(sorted(set(clients))),
    )
    if current is None:
        return Change(wanted)
    if replace(wanted, revision=current.revision) == current:
        return Change(current)
    return Change(replace(wanted, revision=current.revision + 1))
