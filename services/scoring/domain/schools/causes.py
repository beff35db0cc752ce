"""By which results a school entered or left a list, also where it became ordinary and nothing speaks of it any more."""

from collections.abc import Iterable

from services.scoring.domain.period import period_year
from services.scoring.domain.schools.lists import USED, Evidence, Verdict
from services.scoring.domain.schools.reading import SET
from services.scoring.events import ResultCause

Verdicts = Iterable[Verdict]


def causes_of(before: Verdicts, after: Verdicts, criteria: Iterable[str]) -> tuple[ResultCause, ...]:
    """The results that moved these criteria, each once."""
    was, now = {one.key: one for one in before}, {one.key: one for one in after}
    found = {
        (one.result, one.revision): ResultCause(result=one.result, revision=one.revision, procedure=one.procedure)
        for key in criteria
        for one in _moved(key, was, now)
    }
    return tuple(found.values())


def _moved(key: str, was: dict[str, Verdict], now: dict[str, Verdict]) -> tuple[Evidence, ...]:
    """What a criterion rests on now; of one that rests on nothing any more, what took it there.

    A set may have lost a criterion, or moved its own limits: then what it rested on is all there is to name.
    """
    before, after = was.get(key), now.get(key)
    if after is not None and _rests_on(after):
        return _rests_on(after)
    assert before is not None, "what entered a list rests on something now, what left it was there before"
    if after is None:
        return _rests_on(before)
    if after.criterion != SET:
        return _changed(before, after) or _rests_on(before)
    moved = [
        one.key for one in now.values()
        if one.span == after.span and one.criterion != SET and one.key in was and was[one.key].state != one.state
    ]  # fmt: skip
    return tuple(one for each in moved for one in _moved(each, was, now)) or _rests_on(before)


def _rests_on(verdict: Verdict) -> tuple[Evidence, ...]:
    """What makes a school low, strong or silent; that it is ordinary rests on nothing that could have moved it."""
    return () if verdict.state == "neither" else verdict.reasons


def _changed(before: Verdict, after: Verdict) -> tuple[Evidence, ...]:
    """Results that say other things than before; else, of a strong criterion, those that joined and are not strong."""
    held = {_place(one): one for one in after.looked}
    told = [(one, held.get(_place(one))) for one in _rests_on(before)]
    changed = tuple(now for was, now in told if now is not None and _says(now) != _says(was))
    joined = (one for one in after.looked if one.state in USED and one.state != before.state)
    return changed or (tuple(joined) if before.state == "strong" else ())


def _place(one: Evidence) -> tuple[str, int]:
    return one.procedure, period_year(one.period)


def _says(one: Evidence) -> tuple[str, int, str]:
    return one.result, one.revision, one.state
