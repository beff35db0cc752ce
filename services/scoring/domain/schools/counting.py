"""Which of several results of one school, procedure and year counts; lists, signs and clusters choose by it alike."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

Place = TypeVar("Place", bound=Hashable)
One = TypeVar("One")


class Claim(NamedTuple):
    """What decides it: one in force before a withdrawn one, then the later period, then the id; the greatest counts."""

    in_force: bool
    period: str
    result: str


def claim_of(row: Mapping[str, Any]) -> Claim:
    """The claim of a stored fact; withdrawn is what neither has values nor says that the procedure did not apply."""
    in_force = row.get("values") is not None or row.get("not_applicable") is not None
    return Claim(in_force, row["period"], row["result"])


def counted(
    results: Iterable[One], *, place: Callable[[One], Place], claim: Callable[[One], Claim]
) -> dict[Place, One]:
    """At every place the one that counts; each result is there once, in its last revision."""
    found: dict[Place, One] = {}
    for one in results:
        held = found.get(place(one))
        if held is None or claim(held) < claim(one):
            found[place(one)] = one
    return found
