"""How municipalities and organisations are shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.registry.domain import Municipality, Organization


def municipality_view(state: Municipality, others: Mapping[str, Municipality], on: date) -> dict[str, Any]:
    """A municipality with its name, kind and code of the day; `others` are those that its links lead to."""
    shown = state.shown_on(on)
    return {
        "id": state.id,
        "name": shown.name,
        "kind": shown.kind,
        "oktmo": shown.oktmo,
        "region": state.region,
        "valid_from": shown.valid_from,
        "valid_to": shown.valid_to,
        "history": [one.model_dump() for one in state.history],
        "succession": [
            link.model_dump() | {"municipality": named(others[link.municipality], on)} for link in state.succession
        ],
        "centre": state.centre,
        "population": state.population,
        "children": state.children,
        "latitude": state.latitude,
        "longitude": state.longitude,
        "tile_col": state.tile_col,
        "tile_row": state.tile_row,
        "revision": state.revision,
    }


def named(state: Municipality, on: date) -> dict[str, str]:
    """A municipality inside another answer."""
    shown = state.shown_on(on)
    return {"id": state.id, "name": shown.name, "oktmo": shown.oktmo}


def organization_view(state: Organization, owners: Mapping[str, Municipality], on: date) -> dict[str, Any]:
    """An organisation with the municipality it belongs to."""
    owner = owners.get(state.municipality) if state.municipality is not None else None
    return {
        "id": state.id,
        "name": state.name,
        "kind": state.kind,
        "municipality": named(owner, on) if owner else None,
        "owner": state.owner,
        "source_id": state.source_id,
        "region": state.region,
        "valid_from": state.valid_from,
        "valid_to": state.valid_to,
        "revision": state.revision,
    }
