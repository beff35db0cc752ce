"""Bodies of requests: whatever stands in a field, reading it ends in a refusal or in a value, never in a crash."""

import importlib
import pkgutil
from datetime import date
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import services
from deploy.local import STORED

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


def _days() -> dict[str, TypeAdapter[Any]]:
    """Every field that means a day, by its model."""
    fields = {f"{name}.{key}": one for name, body in BODIES.items() for key, one in body.model_fields.items()}
    return {name: TypeAdapter(one.rebuild_annotation()) for name, one in fields.items() if _is_day(one.annotation)}


def _is_day(annotation: Any) -> bool:
    return annotation is date or any(_is_day(one) for one in get_args(annotation))


DAYS = _days()


@pytest.mark.parametrize("name", DAYS)
@pytest.mark.parametrize("given", ["1665360000", 1665360000, "2022-10-10T00:00:00Z", "20221010", "10.10.2022"])
def test_nothing_but_a_day_is_taken_for_a_day(name: str, given: object) -> None:
    """A field that takes more is `date` and should be `IsoDay` (shared/web); shapes of answers stand in `api/told`."""
    assert str(DAYS[name].validate_python("2022-10-10")) == "2022-10-10"
    with pytest.raises(ValidationError):
        DAYS[name].validate_python(given)


def test_days_are_looked_for_where_they_are() -> None:
    assert len(DAYS) > 10


def test_the_bodies_of_every_service_with_a_surface_are_here() -> None:
    assert {name.partition(".")[0] for name in BODIES} >= {*STORED}
