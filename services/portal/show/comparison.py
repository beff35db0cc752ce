"""Two scores beside each other in words: who is ahead, by how much, and what makes most of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.portal.clients import Problem, WrongField
from services.portal.show.numbers import NBSP, day, number, short_moment
from services.portal.show.words import STATES, period

Told = Mapping[str, Any]
HUNDRED = 100
NAMED = 3
TINY = f"меньше{NBSP}"
# The fields of the forms by the pointers of a refusal.
FIELDS = {"/with": "with", "/with_period": "with_period", "/as_of": "on"}


@dataclass(frozen=True, slots=True)
class Term:
    """What one part makes of the difference: both sides in words, percentage points, the terms below."""

    title: str
    a: str
    b: str
    whole: Fraction
    words: str
    of_points: str
    of_maximum: str
    below: Sequence["Term"] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """One table: its difference in words, by how much that is, the terms by size, whether maxima play a part."""

    title: str
    difference: str
    by: str
    exact: str
    turn: str
    terms: Sequence[Term]
    maxima: bool


def share_points(told: str | Fraction) -> str:
    """A difference of shares as percentage points: `+4,21`, `−0,5`, `0`; `≈` where it is rounded, half up."""
    exact = Fraction(told) * HUNDRED
    rounded = Fraction((abs(exact) * HUNDRED * 2 + 1) // 2, HUNDRED)
    sign = "+" if exact > 0 else "−" if exact < 0 else ""
    if exact and not rounded:
        return f"{sign}{TINY}0,01"
    return ("" if rounded == abs(exact) else "≈") + sign + number(str(rounded))


def _by(whole: Fraction) -> str:
    """`на 4,21`, `менее чем на 0,01`: how far one is from the other, whichever is ahead."""
    words = share_points(abs(whole)).replace("+", "")
    return f"менее чем на {words.removeprefix(TINY)}" if words.startswith(TINY) else f"на {words}"


def compared(told: Told, title: str) -> Compared:
    """One table of a comparison; the biggest terms first."""
    terms = by_size(told.get("terms", ()))
    exact = told["difference"]
    whole = Fraction(exact or 0)
    return Compared(
        title=title,
        difference="" if exact is None else share_points(whole),
        by=_by(whole),
        exact=number_or_fraction(exact),
        turn="same" if not whole else "better" if whole > 0 else "worse",
        terms=terms,
        maxima=any(Fraction(one["of_maximum"]) for one in told.get("terms", ())),
    )


def by_size(terms: Iterable[Told]) -> list[Term]:
    """Terms in words, the biggest first, equal ones in the edition's order."""
    return sorted((_term(one) for one in terms), key=lambda one: -abs(one.whole))


def _term(one: Told) -> Term:
    return Term(
        title=one["title"],
        a=_side(one["a"]),
        b=_side(one["b"]),
        whole=Fraction(one["difference"]),
        words=share_points(one["difference"]),
        of_points=share_points(one["of_points"]),
        of_maximum=share_points(one["of_maximum"]),
        below=[below for below in by_size(one.get("terms", ())) if below.whole],
    )


def _side(one: Told) -> str:
    if one["points"] is None:
        return STATES[one["state"]]
    return number(one["points"]) + (f" из {number(one['maximum'])}" if one["maximum"] else "")


def number_or_fraction(told: str | None) -> str:
    """The exact share as it is told, with a comma and a true minus."""
    return "" if told is None else told.replace(".", ",").replace("-", "−")


def sides(told: Told) -> tuple[str, str]:
    """What the two sides are called: by name, and where that is the same by period, else by instant."""
    a, b = told["a"], told["b"]
    if a["municipality"]["id"] != b["municipality"]["id"]:
        return a["municipality"]["name"], b["municipality"]["name"]
    if a["period"] != b["period"]:
        return period(a["period"]), period(b["period"])
    return f"на {short_moment(a['as_of'])}", f"на {short_moment(b['as_of'])}"


def most_of(terms: Sequence[Term]) -> list[Term]:
    """The terms worth a sentence: the biggest ones that are not nothing."""
    return [one for one in terms if one.whole][:NAMED]


def procedures_of(told: Told) -> list[Told]:
    """The terms of all procedures of the overall difference, where they are told."""
    return [below for group in told["overall"].get("terms", ()) for below in group.get("terms", ())]


def to_come(on: str, today: date) -> Problem | None:
    """The refusal of a day that has not begun yet: nobody knows what will be known then."""
    try:
        later = date.fromisoformat(on) > today
    except ValueError:
        return None  # scoring says how a day is written
    if not later:
        return None
    wrong = WrongField("/as_of", "in-the-future", "Этот день ещё не наступил.", f"Выберите день не позже {day(today)}.")
    return Problem("invalid-comparison", "Сравнить не с чем", "", (wrong,))


def nothing_there(problem: Problem, asked: Mapping[str, str], on: str) -> Problem:
    """What is not there to compare with, at the field that asks for it."""
    title = "Сравнить не с чем"
    if "as_of" in asked:
        message = f"К началу этого дня ({_day(on)}) данных ещё не было."
        return Problem(
            problem.code, title, "", (WrongField("/as_of", "no-data", message, "Выберите более поздний день."),)
        )
    pointer = "/with" if "with" in asked else "/with_period"
    return Problem(problem.code, title, "", (WrongField(pointer, "no-data", f"{problem.title}."),))


def _day(told: str) -> str:
    try:
        return day(date.fromisoformat(told))
    except ValueError:
        return told
