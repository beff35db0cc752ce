"""The effect of measures: how a procedure's share changed, beside the median change of comparable municipalities."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median
from types import MappingProxyType
from typing import Literal

from services.scoring.domain.card import ProcedureScore

State = Literal["compared", "not_comparable", "no_data", "not_applicable", "did_not_exist"]
NO_REFORMS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Changed:
    """One municipality: its shares and their change, and the median change of the others that can be compared.

    `reason` is the reform that keeps it from being compared.
    """

    municipality: str
    state: State
    before: Fraction | None = None
    after: Fraction | None = None
    change: Fraction | None = None
    others: Fraction | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured: by which edition, each municipality's score of the procedure; `gone` did not exist then."""

    period: str
    methodology: str | None
    scores: Mapping[str, ProcedureScore]
    gone: Collection[str] = ()


def comparable(before: Measured, after: Measured) -> bool:
    """Whether both periods were measured by one edition of the methodology."""
    return before.methodology is not None and before.methodology == after.methodology


def changes(before: Measured, after: Measured, reforms: Mapping[str, str] = NO_REFORMS) -> list[Changed]:
    """Every municipality that has a score in either period, by id; never a zero where nothing can be compared.

    `reforms` says of whom the territory became another between the periods, and how.
    """
    named = sorted(before.scores.keys() | after.scores.keys())
    gone = {*before.gone, *after.gone}
    rows = [_changed(one, before.scores.get(one), after.scores.get(one), gone=one in gone) for one in named]
    hindered = reforms.keys() if comparable(before, after) else set(named)
    rows = [
        _incomparable(one, reforms) if one.state == "compared" and one.municipality in hindered else one for one in rows
    ]
    ordered = sorted(one.change for one in rows if one.change is not None)
    return [one if one.change is None else replace(one, others=median_without(ordered, one.change)) for one in rows]


def middle(rows: list[Changed]) -> Fraction | None:
    """The median change of all compared municipalities; none where there are none."""
    told = [one.change for one in rows if one.change is not None]
    return Fraction(median(told)) if told else None


def median_without(ordered: Sequence[Fraction], one: Fraction) -> Fraction | None:
    """The median of ascending numbers without one of them; none where no other is left."""
    place, left = bisect_left(ordered, one), len(ordered) - 1
    if not left:
        return None
    low, high = (ordered[at + (at >= place)] for at in ((left - 1) // 2, left // 2))
    return (low + high) / 2


def _incomparable(one: Changed, reforms: Mapping[str, str]) -> Changed:
    return replace(one, state="not_comparable", change=None, reason=reforms.get(one.municipality))


def _changed(municipality: str, before: ProcedureScore | None, after: ProcedureScore | None, *, gone: bool) -> Changed:
    then, now = before.share if before else None, after.share if after else None
    if then is not None and now is not None:
        return Changed(municipality, "compared", then, now, now - then)
    apart = any(one is not None and one.state == "not_applicable" for one in (before, after))
    state: State = "did_not_exist" if gone else "not_applicable" if apart else "no_data"
    return Changed(municipality, state, then, now)
