"""Reported items, held procedures and years, as the tests of the expert community make them."""

from datetime import UTC, date, datetime
from typing import Any

from services.scoring.domain.community import Found, HeldProcedure, Item, Told, Year, indicators
from services.scoring.usecases.community import the_definitions

NOW = datetime(2023, 1, 10, tzinfo=UTC)
YEAR = 2022
PERSON = "018f0c2e-0000-7000-8000-{:012d}"
SAYS: dict[str, dict[str, Any]] = {
    "normative_document": {"title": "Положение об экспертах", "number": "12-п", "current": True},
    "procedure": {"procedure": "riko", "title": None, "with_registered_experts": True, "uses_content": True},
    "assessed_specialist": {"expert": PERSON.format(1), "percent": "61", "in_register": True},
    "register_entry": {"expert": PERSON.format(1), "trained": True, "involved": True},
    "material": {
        "title": "Сборник кейсов", "form": "methodical_material", "approved": True,
        "approved_after_discussion": True, "about_expertise": True, "by_registered": True,
    },
    "publication_link": {"title": "Статья об опыте", "form": "article", "level": "regional", "url": None},
    "none": {"of": "normative_document"},
}  # fmt: skip


def told(kind: str, *, year: int = YEAR, on: date | None = None, **says: Any) -> Told:
    return Told(year, kind, SAYS[kind] | says, on or date(year, 6, 1), "приказ управления № 5")


def item(number: int, kind: str, *, year: int = YEAR, withdrawn: bool = False, **says: Any) -> Item:
    return Item(f"i{number}", "m1", told(kind, year=year, **says), 1, "municipality:m1", NOW, withdrawn=withdrawn)


def held(key: str) -> HeldProcedure:
    return HeldProcedure(key, f"Процедура {key}", f"result-{key}", "2022-04-01", "gis-education")


def found(*items: Item, held_: tuple[HeldProcedure, ...] = (), before: tuple[Item, ...] = ()) -> dict[str, Found]:
    year = Year(YEAR, items, held_)
    made = indicators(the_definitions(), year, Year(YEAR - 1, before))
    return {one.definition.code: one for one in made}
