"""The region's municipalities as the registry tells them."""

from datetime import date
from typing import Any

from deploy.local.region import read_region as read_data
from services.portal.show.region import read_region

TODAY = date(2026, 11, 29)


def told(id_: str, *history: dict[str, Any], **other: Any) -> dict[str, Any]:
    """A municipality with the last of its names, as the registry answers."""
    nothing = dict.fromkeys(("population", "tile_col", "tile_row"))
    return {"id": id_, "history": list(history), **nothing, **history[-1], **other}


def named(name: str, oktmo: str, kind: str = "municipal_okrug", *, since: str, until: str | None = None) -> Any:
    """A dated name."""
    return {"name": name, "oktmo": oktmo, "kind": kind, "valid_from": since, "valid_to": until}


ITEMS = [told(one["id"], *one["history"]) | dict(one) for one in read_data().municipalities]
REGION = read_region(ITEMS, {}, TODAY)
