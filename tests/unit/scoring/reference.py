"""An independent reference: the rules of scoring in plain fractions and plain loops, no product code."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Any

Event = dict[str, Any]
Places = dict[tuple[str, str], Event]
Acts = AbstractSet[tuple[str, str]]


def in_force(events: list[Event]) -> dict[tuple[str, str], Event]:
    """(municipality, procedure) -> the event that counts, in one period."""
    last: dict[str, Event] = {}
    for event in events:
        if event["result"] not in last or last[event["result"]]["revision"] < event["revision"]:
            last[event["result"]] = event
    places: dict[tuple[str, str], Event] = {}
    for event in sorted(last.values(), key=lambda one: (one["at"], one["result"])):
        if event.get("values") is not None or event.get("exempt"):
            places[event["municipality"], event["procedure"]] = event
    return places


def relative_points(rule: dict[str, Any], maximum: Fraction, value: Fraction, best: Fraction) -> Fraction:
    value, best = max(value, Fraction(0)), max(best, Fraction(0))
    if rule.get("better", "higher") == "higher":
        return maximum * value / best if best else Fraction(0)
    if best == 0:
        return maximum if value == 0 else Fraction(0)
    return maximum * best / value


def indicator_points(rule: dict[str, Any], maximum: Fraction, text: str, best: Fraction | None = None) -> Fraction:
    value = Fraction(text)
    if rule["kind"] == "relative":
        assert best is not None
        points = relative_points(rule, maximum, value, best)
    elif rule["kind"] == "direct":
        points = value
    elif rule["kind"] == "linear":
        low, high = Fraction(rule["from"]), Fraction(rule["to"])
        points = maximum * (value - low) / (high - low)
    else:
        assert rule["kind"] == "steps", "say here, in plain fractions, what the new kind gives"
        points = Fraction(rule.get("below", 0))
        for threshold, worth in rule["steps"]:
            if value >= Fraction(threshold):
                points = Fraction(worth)
    return min(max(points, Fraction(0)), maximum)


def best_values(document: dict[str, Any], places: Places, acts: Acts) -> dict[tuple[str, str], Fraction]:
    """(procedure, indicator) -> the best value among those to whom the procedure applies, of relative rules."""
    bests: dict[tuple[str, str], Fraction] = {}
    for group in document["groups"]:
        for part in group["procedures"]:
            for one in part["indicators"]:
                if one["rule"]["kind"] != "relative":
                    continue
                values = [
                    Fraction(event["values"][one["key"]])
                    for (municipality, key), event in places.items()
                    if key == part["key"] and (key, municipality) not in acts and not event.get("exempt")
                    if event["values"].get(one["key"]) is not None
                ]
                if values:
                    lower = one["rule"].get("better") == "lower"
                    bests[part["key"], one["key"]] = min(values) if lower else max(values)
    return bests


def procedure(document: dict[str, Any], part: dict[str, Any], *, places: Places, municipality: str, acts: Acts) -> Any:
    """("scored", points) | "no_data" | "not_applicable"."""
    event = places.get((municipality, part["key"]))
    if (part["key"], municipality) in acts:
        return "not_applicable"
    if event is None:
        for entry in document["applicability"]:
            if entry["procedure"] == part["key"] and municipality in entry["municipalities"]:
                return "not_applicable"
        return "no_data"
    if event.get("exempt"):
        return "not_applicable"
    bests = best_values(document, places, acts)
    points = [
        indicator_points(
            one["rule"], Fraction(one["maximum"]), event["values"][one["key"]], bests.get((part["key"], one["key"]))
        )
        for one in part["indicators"]
        if event["values"].get(one["key"]) is not None
    ]
    return ("scored", sum(points, Fraction(0))) if points else "no_data"


def level(percent: int) -> str:
    return "low" if percent < 30 else "medium" if percent < 60 else "above_average" if percent < 90 else "high"


def sums(
    document: dict[str, Any], places: Places, municipality: str, acts: Acts
) -> tuple[dict[str, tuple[Fraction, Fraction]], Fraction]:
    """group -> (points, maximum) where anything is scored; and the maxima that do not apply."""
    scored: dict[str, tuple[Fraction, Fraction]] = {}
    gone = Fraction(0)
    for group in document["groups"]:
        parts = group["procedures"]
        got = [procedure(document, part, places=places, municipality=municipality, acts=acts) for part in parts]
        out = [Fraction(part["maximum"]) for part, one in zip(parts, got, strict=True) if one == "not_applicable"]
        points = [one[1] for one in got if isinstance(one, tuple)]
        gone += sum(out)
        if points:
            whole = sum((Fraction(part["maximum"]) for part in parts), Fraction(0))
            scored[group["key"]] = (sum(points, Fraction(0)), whole - sum(out))
    return scored, gone


def table(
    document: dict[str, Any], events: list[Event], period: str, acts: Acts = frozenset()
) -> dict[str, dict[str, dict[str, Any]]]:
    """group -> municipality -> {points, maximum, percent, level, rank}, of the scored ones, in one period."""
    places = in_force([one for one in events if one["period"] == period and one["municipality"]])
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for municipality in {municipality for municipality, _ in places}:
        scored, gone = sums(document, places, municipality, acts)
        for group, (points, maximum) in scored.items():
            found.setdefault(group, {})[municipality] = row(points, maximum)
        if scored:
            points = sum((points for points, _ in scored.values()), Fraction(0))
            declared = Fraction(document["overall"]["maximum"]) - gone
            found.setdefault("overall", {})[municipality] = row(points, declared)
    for rows in found.values():
        shares = {one["points"] / one["maximum"] for one in rows.values()}
        for one in rows.values():
            one["rank"] = 1 + sum(1 for share in shares if share > one["points"] / one["maximum"])
    return found


def row(points: Fraction, maximum: Fraction) -> dict[str, Any]:
    percent = int(100 * points / maximum + Fraction(1, 2))
    percent = min(percent, 100)
    return {"points": points, "maximum": maximum, "percent": percent, "level": level(percent)}
