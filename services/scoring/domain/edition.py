"""The methodology's format: a document (YAML or JSON) becomes a `Methodology`, or every error is named."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.scoring.domain.edition_parts import (
    LAST_PERCENT,
    LAST_POINT,
    read_bands,
    read_exemptions,
    read_groups,
)
from services.scoring.domain.methodology import Bands, Methodology
from services.scoring.domain.place import RESERVED_SINCE, UNBOUNDED_ONCE, Place
from services.scoring.domain.yaml_text import read_yaml, refused
from shared.kernel import FieldError, number_text

LAST_YEAR = 2999
SCHEMA_NAME = "schema.json"
_FIELDS = ("id", "title", "in_force", "levels", "overall", "groups", "applicability")


def read_methodology(document: Any, lines: Mapping[str, int] | None = None) -> Methodology:
    """The methodology that a plain document describes.

    Refused (`invalid-methodology`) with every wrong place: JSON pointer, code, message (with the line where
    `lines` knows it), remedy.
    """
    methodology, errors = _parse(document, lines or {})
    if errors or methodology is None:
        raise refused(*errors)
    return methodology


def stored_methodology(document: Any) -> Methodology:
    """The methodology of a document that was accepted once: what is refused only since then does not matter."""
    methodology, errors = _parse(document, {})
    errors = [one for one in errors if one.code not in {UNBOUNDED_ONCE, RESERVED_SINCE}]
    if errors or methodology is None:
        raise refused(*errors)
    return methodology


def methodology_from_yaml(text: str) -> tuple[Methodology, dict[str, Any]]:
    """A methodology and its plain document (for the store) from YAML; refused as `read_methodology`."""
    parsed = read_yaml(text)
    methodology = read_methodology(parsed.data, parsed.lines)
    return methodology, storable(parsed.data)


def _parse(document: Any, lines: Mapping[str, int]) -> tuple[Methodology | None, list[FieldError]]:
    errors: list[FieldError] = []
    root = Place(document, "", lines, errors)
    return (_read(root) if root.fields(*_FIELDS) else None), errors


def storable(value: Any) -> Any:
    """Plain data as the store and JSON keep it: decimals as texts, written in one way."""
    if isinstance(value, Mapping):
        return {str(key): storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    return number_text(Fraction(value)) if isinstance(value, Decimal) else value


def _read(root: Place) -> Methodology | None:
    groups = read_groups(root.at("groups"))
    first, last, act = _in_force(root.at("in_force"))
    declared, points_bands = _overall(root.at("overall"))
    percent_bands = read_bands(root.at("levels"), LAST_PERCENT)
    known = {procedure.key for group in groups for procedure in group.procedures}
    exemptions = read_exemptions(root.at("applicability"), known)
    key, title = root.at("id").key(), root.at("title").text()
    if key == SCHEMA_NAME:
        root.at("id").wrong("duplicate-key", f"«{key}» — имя схемы формата", "Назовите иначе")
    if percent_bands is None:
        return None
    return Methodology(
        id=key,
        title=title,
        first=first,
        last=last,
        groups=groups,
        percent_bands=percent_bands,
        declared=declared,
        overall_points_bands=points_bands,
        exemptions=exemptions,
        act=act,
    )


def _overall(place: Place) -> tuple[Fraction | None, Bands | None]:
    """The declared overall maximum and the overall bands in points; both may be absent."""
    if place.empty or not place.fields("maximum", "points_levels"):
        return None, None
    maximum, bands = place.at("maximum"), place.at("points_levels")
    return (
        None if maximum.empty else maximum.maximum(LAST_POINT),
        None if bands.empty else read_bands(bands, LAST_POINT),
    )


def _in_force(place: Place) -> tuple[int, int | None, str | None]:
    """The years in force and the act; `to` is open, and the act not named, where it is absent or null."""
    if not place.fields("from", "to", "act"):
        return 0, None, None
    first = place.at("from").whole(LAST_YEAR)
    last = None if place.at("to").empty else place.at("to").whole(LAST_YEAR)
    if first is not None and last is not None and last < first:
        place.at("to").wrong("empty-range", "to раньше, чем from", "Поменяйте годы местами")
    act = place.at("act")
    return first or 0, last, None if act.empty else act.text()
