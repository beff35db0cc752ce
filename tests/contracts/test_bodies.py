"""Bodies of requests: whatever stands in a field, reading it ends in a refusal or in a value, never in a crash."""

import importlib
import pkgutil
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import services

# What a careless or hostile client writes where something else is meant.
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**40, 1.5, float("nan"), float("inf"), "", " ", "\0", "2022-02-30", "9" * 400, "ё" * 5000,
    [], [[]], [{}], [None], ["a", "a"], {}, {"": None}, {"a": {"a": []}},
)  # fmt: skip


def _modules() -> list[str]:
    """What doors are made of, but for the shapes of their answers (`told`)."""
    found = pkgutil.walk_packages(services.__path__, "services.")
    return sorted(one.name for one in found if ".api" in one.name and ".told" not in one.name)


def _bodies() -> dict[str, type[BaseModel]]:
    """Every model that a door reads, by module and name."""
    found: dict[str, type[BaseModel]] = {}
    for name in _modules():
        for one in vars(importlib.import_module(name)).values():
            if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == name:
                found[f"{name.removeprefix('services.')}.{one.__name__}"] = one
    return found


BODIES = _bodies()


def _tried(body: type[BaseModel], given: object) -> str:
    """What reading this ends in, other than a value or a refusal."""
    try:
        body.model_validate(given)
    except ValidationError:
        return ""
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{given!r:.80}: {error!r:.80}"
    return ""


@pytest.mark.parametrize("name", BODIES)
def test_odd_values_are_refused_and_not_stumbled_over(name: str) -> None:
    body = BODIES[name]
    given = [{field.alias or key: odd} for key, field in body.model_fields.items() for odd in ODD]
    assert [said for one in [*ODD, *given] if (said := _tried(body, one))] == []


def test_the_bodies_of_every_service_with_a_surface_are_here() -> None:
    assert {name.partition(".")[0] for name in BODIES} >= {"registry", "monitoring", "scoring", "roadmap"}
