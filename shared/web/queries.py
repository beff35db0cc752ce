"""Queries say what is known, and each thing once: a mistyped filter answered everything, a mistyped flag wrote."""

from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query

# Whether each parameter may be given several times.
Parameters = Mapping[str, bool]


def parameters_of(dependant: Dependant) -> Parameters:
    """The query parameters of a route."""
    found = [one for one in get_flat_params(dependant) if isinstance(one.field_info, Query)]
    return {one.alias: get_origin(one.field_info.annotation) is list for one in found}


def wrong_parameters(request: Request, known: Parameters) -> list[dict[str, Any]]:
    """Those of a query that its route does not know, or takes once only, as the validator would tell them."""
    if not request.scope["query_string"]:
        return []
    counted = Counter(name for name, _ in request.query_params.multi_items())
    return [
        _wrong("unknown_parameter", name, _remedy(name, known))
        if name not in known
        else _wrong("repeated_parameter", name, "")
        for name, count in counted.items()
        if name not in known or (count > 1 and not known[name])
    ]


def _wrong(kind: str, name: str, remedy: str) -> dict[str, Any]:
    return {"type": kind, "loc": ("query", name), "input": name, "ctx": {"remedy": remedy}}


def _remedy(name: str, known: Parameters) -> str:
    if not known:
        return "У этого действия нет параметров: уберите его."
    near = get_close_matches(name.lower(), known, n=1)
    return f"Возможно, {near[0]}?" if near else f"Уберите его. Есть: {', '.join(sorted(known))}."
