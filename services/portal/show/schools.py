"""Schools in words: why one is on a list, what a sign says, how both are to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from services.portal.clients.paths import path
from services.portal.show.numbers import NBSP, PLACES, number
from services.portal.show.words import period
from shared.kernel import number_text

USUAL = "low_results"
LISTS = {USUAL: "Низкие результаты", "strong": "Сильные школы", "signs": "Признаки необъективности"}
SPANS = {"year": "за год", "three_years": "за три года"}
STATES = {
    "low": "низкие результаты",
    "strong": "высокие результаты",
    "neither": "без особенностей",
    "too_few": "данных слишком мало для вывода",
    "not_comparable": "сравнить не с чем",
    "not_applicable": "процедура не применялась",
    "no_data": "нет данных",
}
SPEAKING = frozenset({"low", "strong", "neither"})
MEASURES = {
    "low_share": "доля низких результатов",
    "high_share": "доля отметок «4» и «5»",
    "mean_share": "средняя доля максимального балла",
}
COMPARISONS = {"at_least": "не меньше", "at_most": "не больше"}
# The criterion of all others together.
SET = "set"
PERCENT = 100
LEAST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the list, the year, perhaps a municipality, and where the page begins."""

    shown: str
    period: str
    municipality: str = ""
    cursor: str = ""

    def address(self, **other: str) -> str:
        """The page with something else asked."""
        told = {"shown": self.shown, "period": self.period, "municipality": self.municipality} | other
        return f"/schools?{urlencode({name: text for name, text in told.items() if text})}"

    def school(self, school: str, year: str) -> str:
        """The page of a school in a year, which leads back to this list; the usual one is not named."""
        kept = {"shown": "" if self.shown == USUAL else self.shown, "municipality": self.municipality}
        told = {"period": year} | {name: text for name, text in kept.items() if text}
        return f"{path('schools', school)}?{urlencode(told)}"


def elsewhere(told: Mapping[str, Any], asked: Asked) -> Sequence[str]:
    """The years that schools have results of, the latest first, where the year asked for is none of them."""
    years: Sequence[str] = told.get("years", ())
    return () if asked.period.rpartition("-")[2] in years else years


def reason(told: Mapping[str, Any]) -> str:
    """One result behind a verdict: `ВПР…, 2022 год: доля низких результатов 35,8 % (порог: не меньше 30 %)`."""
    head = f"{told['title']}, {period(told['period'])}: "
    if told["measure"] is None:
        return head + STATES[told["state"]]
    limit = f"{COMPARISONS[told['comparison']]} {_percent(number_text(Fraction(told['threshold']) * PERCENT))}"
    people = f", участников {told['participants']}" if told["participants"] is not None else ""
    return f"{head}{MEASURES[told['measure']]} {_percent(told['percent'])} (порог: {limit}){people}"


def _percent(told: str) -> str:
    """With all its places: rounded, a share could seem to lie on the other side of its threshold."""
    return f"{number(told, max(PLACES, len(told.partition('.')[2])))}{NBSP}%"


def probability(told: str) -> str:
    """A probability to four places; one that would be shown as nothing is called less than the last of them."""
    return "меньше 0,0001" if Decimal(told) < LEAST else number(str(round(Decimal(told), 4)))


def criterion(told: Mapping[str, Any]) -> str:
    """A criterion with its span."""
    return f"{told['title']}, {SPANS[told['span']]}"


def brief(criteria: Sequence[Mapping[str, Any]]) -> str:
    """Criteria in one line, each once with its spans: `Низкие результаты: русский язык (за год, за три года).`"""
    found: dict[str, dict[str, list[str]]] = {}
    for one in criteria:
        title = _lowered(one["title"])
        found.setdefault(one["state"], {}).setdefault(title, []).append(SPANS[one["span"]])
    lines = []
    for state, some in found.items():
        named = [f"{title} ({', '.join(spans)})" for title, spans in some.items()]
        lines.append(f"{STATES[state]}: {', '.join(named)}")
    text = "; ".join(lines)
    return f"{text[:1].upper()}{text[1:]}."


def by_period(factors: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Factors of a profile by their year, in the order told."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in factors:
        found.setdefault(one["period"], []).append(one)
    return list(found.items())


def told_of(profile: Mapping[str, Any]) -> list[str]:
    """The years of a profile that the school itself told something of; others stand there by the years before."""
    return [one["period"] for one in profile["years"] if one["levels"]]


def judged(profile: Mapping[str, Any]) -> list[str]:
    """The years of a profile in which the year's own results say something under a criterion."""
    return [
        one["period"] for one in profile["years"]
        if any(said["span"] == "year" and said["state"] in SPEAKING for said in one["criteria"])
    ]  # fmt: skip


def named(periods: Sequence[str]) -> str:
    """Periods in one line: `2022 год, 2021 год`."""
    return ", ".join(map(period, periods))


def _lowered(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def ids(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """The schools that a page names, each once, in order: entries and the partners inside them."""
    found: dict[str, None] = {}
    for item in items:
        found[item["school"]["id"]] = None
        found |= dict.fromkeys(one["school"]["id"] for one in item.get("pairs", ()))
    return list(found)
