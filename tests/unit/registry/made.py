"""The pieces of imports of municipalities, for tests of the registry."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from services.registry.domain import Municipality, MunicipalityRow, import_municipalities
from services.registry.events import DatedName, MunicipalityKind, SuccessionLink
from shared.kernel import Refused

REFORM = date(2025, 1, 1)


def name(
    text: str = "Троицкий МР",
    *,
    code: str = "75654000",
    since: date = date(2006, 1, 1),
    until: date | None = None,
    kind: MunicipalityKind = "municipal_district",
) -> DatedName:
    return DatedName(name=text, kind=kind, oktmo=code, valid_from=since, valid_to=until)


def unit(known_as: str = "74-troitsky-mr", *names: DatedName, **more: Any) -> Municipality:
    return Municipality(id=known_as, region="74", history=names or (name(),), **more)


def row(*given: Any, flat: bool = False, expected: int | None = None, **more: Any) -> MunicipalityRow:
    return MunicipalityRow(unit(*given, **more), flat, expected)


def link(other: str, kind: Any = "join", role: Any = "predecessor", on: date = REFORM) -> SuccessionLink:
    return SuccessionLink(kind=kind, municipality=other, role=role, on=on)


def refused(rows: list[MunicipalityRow], known: Sequence[Municipality] = ()) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        import_municipalities(rows, {one.id: one for one in known})
    assert caught.value.code == "invalid-import"
    for error in caught.value.errors:
        assert error.message.endswith(".")
        assert error.remedy
    return {(error.pointer, error.code) for error in caught.value.errors}
