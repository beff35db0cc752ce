"""Cards as plain documents: dicts of strings and integers only, exact numbers as `3` or `"7/2"`."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from services.scoring.domain.card import Card, Held, ProcedureScore, Score

Exact = int | str
_FITS = 2**63


def exact_document(number: Fraction) -> Exact:
    """An integer that a 64-bit store holds, else the text of the fraction."""
    whole = number.denominator == 1 and -_FITS <= number.numerator < _FITS
    return number.numerator if whole else str(number)


@lru_cache(maxsize=16_384)
def exact_from(document: Exact) -> Fraction:
    """The number behind `exact_document`."""
    return Fraction(document)


def card_document(card: Card) -> dict[str, Any]:
    """A card as a document; absent things are left out."""
    scale = {"scale": card.scale} if card.scale else {}
    return scale | {
        "municipality": card.municipality,
        "period": card.period,
        "methodology": card.methodology,
        "revision": card.revision,
        "procedures": {key: _procedure_document(score) for key, score in card.procedures.items()},
        "scores": {key: _score_document(score) for key, score in card.scores.items()},
    }


def card_changes(before: Card, after: Card) -> dict[str, Any] | None:
    """What to set in the document of `before` to make it that of `after`, by dotted path.

    None where the whole document is to be written: the two name other procedures or groups, or a name has a dot.
    """
    if before.procedures.keys() != after.procedures.keys() or before.scores.keys() != after.scores.keys():
        return None
    if "." in "".join((*after.procedures, *after.scores)):
        return None
    changes: dict[str, Any] = {"methodology": after.methodology, "revision": after.revision}
    if after.scale != before.scale:
        changes["scale"] = after.scale
    for key, score in after.procedures.items():
        if score is not before.procedures[key]:
            changes[f"procedures.{key}"] = _procedure_document(score)
    for group, total in after.scores.items():
        if total is not before.scores[group]:
            changes[f"scores.{group}"] = _score_document(total)
    return changes


def card_from(document: Mapping[str, Any]) -> Card:
    """The card behind `card_document`; what else stands in the document is ignored."""
    return Card(
        municipality=document["municipality"],
        period=document["period"],
        methodology=document["methodology"],
        revision=document["revision"],
        procedures={key: _procedure_from(value) for key, value in document["procedures"].items()},
        scores={key: _score_from(value) for key, value in document["scores"].items()},
        scale=document.get("scale", 0),
    )


def share_from(document: Mapping[str, Any]) -> Fraction | None:
    """The share of a score in `card_document`; None unless scored."""
    return _share(document["points"], document["maximum"]) if document["state"] == "scored" else None


@lru_cache(maxsize=16_384)
def _share(points: Exact, maximum: Exact) -> Fraction:
    return exact_from(points) / exact_from(maximum)


def _present(**fields: object) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _held_document(held: Held) -> dict[str, Any]:
    return _present(
        result=held.result,
        revision=held.revision,
        recorded_at=held.recorded_at,
        status=held.status,
        points=None if held.points is None else exact_document(held.points),
        missing=list(held.missing) or None,
        reason=held.reason,
        act=held.act,
        values=list(held.values) or None,
    )


def _held_from(document: Mapping[str, Any]) -> Held:
    points = document.get("points")
    return Held(
        document["result"],
        document["revision"],
        document["recorded_at"],
        document["status"],
        None if points is None else exact_from(points),
        tuple(document.get("missing", ())),
        document.get("reason"),
        document.get("act"),
        tuple(document.get("values", ())),
    )


def _procedure_document(score: ProcedureScore) -> dict[str, Any]:
    return _present(
        state=score.state,
        maximum=exact_document(score.maximum),
        held=None if score.held is None else _held_document(score.held),
        others=[_held_document(held) for held in score.others] or None,
        reason=score.reason,
        act=score.act,
        stated=score.stated,
    )


def _procedure_from(document: Mapping[str, Any]) -> ProcedureScore:
    held = document.get("held")
    return ProcedureScore(
        document["state"],
        exact_from(document["maximum"]),
        None if held is None else _held_from(held),
        tuple(_held_from(other) for other in document.get("others", ())),
        document.get("reason"),
        document.get("act"),
        document.get("stated"),
    )


def _score_document(score: Score) -> dict[str, Any]:
    return _present(
        state=score.state,
        points=None if score.points is None else exact_document(score.points),
        maximum=None if score.maximum is None else exact_document(score.maximum),
        percent=score.percent,
        level=score.level,
        conflict=1 if score.level_conflict else None,
    )


def _score_from(document: Mapping[str, Any]) -> Score:
    state = document["state"]
    if state != "scored":
        return Score(state)
    points, maximum = exact_from(document["points"]), exact_from(document["maximum"])
    conflict = "conflict" in document
    share = points / maximum
    return Score(state, points, maximum, document["percent"], document.get("level"), conflict, share)
