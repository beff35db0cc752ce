"""Items and indicators as readers see them."""

from typing import Any

from services.scoring.domain.community.definitions import Definitions
from services.scoring.domain.community.indicators import Found, Line, Lines
from services.scoring.domain.community.item import ABOUT, Item, Revision
from services.scoring.domain.facts import instant_text
from services.scoring.domain.methodology import half_up
from shared.kernel import number_text

Document = dict[str, Any]
# A share of fewer persons would tell others of single ones.
PERSONS_FROM = 5
FEW = "мало специалистов: не показывается"


def item_view(item: Item) -> Document:
    """An item in the shape of the API, with the revisions before."""
    past = [_view(one) for one in item.past]
    return {"id": item.id, "municipality": item.municipality, **_view(item.present), "past": past}


def _view(one: Revision) -> Document:
    """A revision as it is shown; of who reported it only the role is said."""
    told = one.told
    return {
        "revision": one.revision,
        "year": told.year,
        "kind": told.kind,
        "says": dict(told.says),
        "on": told.on.isoformat(),
        "source": told.source,
        "reason": one.reason,
        "by": one.by.partition(":")[0],
        "recorded_at": instant_text(one.recorded_at),
        "state": "withdrawn" if one.withdrawn else "in_force",
    }


def found_view(found: Found, definitions: Definitions) -> Document:
    """An indicator with every counted item."""
    return summary_view(found, definitions) | {
        "point": found.definition.point,
        "threshold": found.definition.threshold,
        "numerator": _lines(found.numerator),
        "denominator": _lines(found.denominator),
        "before": _lines(found.before),
        "unreported": list(found.unreported),
    }


def summary_view(found: Found, definitions: Definitions) -> Document:
    """An indicator with the counts of its parts only; `percent` is of a share, rounded half up."""
    one, value = found.definition, found.value
    percent = half_up(value * 100) if value is not None and one.kind == "share" else None
    return {
        "code": one.code,
        "criterion": one.criterion,
        "criterion_title": definitions.criteria[one.criterion],
        "title": one.title,
        "kind": one.kind,
        "unit": one.unit,
        "state": found.state,
        "reason": found.reason,
        "value": None if value is None else number_text(value),
        "percent": percent,
        "counted": _count(found.numerator),
        "of": _count(found.denominator),
        "year_before": _count(found.before),
    }


def compared_view(found: Found, definitions: Definitions) -> Document:
    """The same for readers of another municipality: without the numbers of an indicator of few persons."""
    shown = summary_view(found, definitions)
    of_persons = ABOUT.get(found.definition.of) == "expert"
    if not (of_persons and shown["of"] and shown["of"] < PERSONS_FROM):
        return shown
    return shown | {"value": None, "percent": None, "counted": None, "of": None, "reason": FEW}


def _count(lines: Lines | None) -> int | None:
    return None if lines is None else len(lines.items)


def _lines(lines: Lines | None) -> Document | None:
    if lines is None:
        return None
    return {"title": lines.title, "count": len(lines.items), "items": [line_view(one) for one in lines.items]}


def line_view(line: Line) -> Document:
    """A counted item: what, id, day, source, and where it comes from."""
    return {
        "what": line.what,
        "id": line.id,
        "date": line.on,
        "source": line.source,
        "origin": line.origin,
        "reported_by": line.reported,
    }
