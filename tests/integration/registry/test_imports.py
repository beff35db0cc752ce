"""Imports on a real MongoDB: what is kept, what is told, repeats and imports at once."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from services.registry.domain import Municipality, MunicipalityRow, Organization, OrganizationRow
from services.registry.events import DatedName, SuccessionLink
from services.registry.usecases import Registry
from shared.kernel import Cause, NotFound, Refused, Repeat
from shared.mongo import Database
from shared.mongo.client import Document
from tests.plans import looking

CAUSE = Cause("correlation-1")
SINCE = date(2006, 1, 1)


def unit(number: int, *, code: str | None = None, since: date = SINCE, until: date | None = None) -> MunicipalityRow:
    spell = DatedName(
        name=f"Округ {number}",
        kind="urban_okrug",
        oktmo=code or f"{75_000_000 + number}",
        valid_from=since,
        valid_to=until,
    )
    return MunicipalityRow(Municipality(id=f"74-m{number}", region="74", history=(spell,), latitude="55.171"))


def school(number: int, source: str | None = None) -> OrganizationRow:
    return OrganizationRow(
        Organization(
            id=f"74-school-{number}",
            region="74",
            name=f"Школа № {number}",
            kind="school",
            owner="municipality",
            municipality="74-m1",
            source_id=source,
            valid_from=SINCE,
        )
    )


async def told(database: Database) -> list[Document]:
    return await database.find("outbox", {}, sort=[("at", 1), ("_id", 1)])


async def test_an_import_keeps_the_state_and_tells_it_once(registry: Registry, database: Database):
    rows = [unit(number) for number in range(50)]
    first = await registry.import_municipalities(rows, cause=CAUSE)
    again = await registry.import_municipalities(rows, cause=CAUSE)
    assert first["counts"] == {"registered": 50, "changed": 0, "unchanged": 0}
    assert again["counts"] == {"registered": 0, "changed": 0, "unchanged": 50}
    assert again["items"][7] == {"index": 7, "id": "74-m7", "status": "unchanged", "revision": 1}
    rows_out = await told(database)
    assert len(rows_out) == 50
    assert {row["topic"] for row in rows_out} == {"registry.municipality.v1"}
    assert {row["headers"]["ce_correlationid"] for row in rows_out} == {"correlation-1"}
    stored = await registry.municipality("74-m7")
    assert (stored.history, stored.latitude, stored.revision) == (unit(7).wanted.history, "55.171", 1)


async def test_a_change_is_told_as_the_next_of_its_key(registry: Registry, database: Database):
    await registry.import_municipalities([unit(1)], cause=CAUSE)
    ended = replace(unit(1, until=date(2025, 1, 1)), expected=1)
    report = await registry.import_municipalities([ended], cause=CAUSE)
    assert report["items"][0]["status"] == "changed"
    rows = await told(database)
    assert [row["headers"]["ce_type"].split(".")[-2] for row in rows] == ["registered", "changed"]
    assert [row["headers"]["ce_sequence"] for row in rows] == ["1", "2"]
    assert (await registry.municipality("74-m1")).revision == 2


async def test_a_refused_import_keeps_and_tells_nothing(registry: Registry, database: Database):
    with pytest.raises(Refused):
        await registry.import_municipalities([unit(1), unit(2, code="7")], cause=CAUSE)
    assert await told(database) == []
    assert await database.count("municipalities", {}) == 0


async def test_a_stored_holder_of_a_code_is_met(registry: Registry):
    await registry.import_municipalities([unit(1)], cause=CAUSE)
    with pytest.raises(Refused) as caught:
        await registry.import_municipalities([unit(2, code="75000001")], cause=CAUSE)
    assert [error.code for error in caught.value.errors] == ["code-taken"]
    assert "74-m1" in caught.value.errors[0].message


async def test_a_link_to_a_stored_municipality_is_taken(registry: Registry):
    await registry.import_municipalities([unit(1)], cause=CAUSE)
    link = SuccessionLink(kind="join", municipality="74-m1", role="predecessor", on=SINCE)
    row = unit(2)
    joined = MunicipalityRow(
        Municipality(id=row.wanted.id, region="74", history=row.wanted.history, succession=(link,))
    )
    await registry.import_municipalities([joined], cause=CAUSE)
    assert (await registry.municipality("74-m2")).succession == (link,)


async def test_the_same_import_many_times_at_once_tells_once(registry: Registry, database: Database):
    rows = [unit(number) for number in range(20)]
    reports = await asyncio.gather(*(registry.import_municipalities(rows, cause=CAUSE) for _ in range(6)))
    assert sorted(report["counts"]["registered"] for report in reports) == [0, 0, 0, 0, 0, 20]
    assert len(await told(database)) == 20


async def test_of_rivals_for_a_code_at_once_one_wins(registry: Registry, database: Database):
    rivals = [registry.import_municipalities([unit(number, code="75999999")], cause=CAUSE) for number in range(6)]
    outcomes = await asyncio.gather(*rivals, return_exceptions=True)
    assert sum(isinstance(one, dict) for one in outcomes) == 1
    assert sum(isinstance(one, Refused) for one in outcomes) == 5
    assert await database.count("municipalities", {}) == 1


async def test_a_repeat_under_a_key_gets_the_first_answer(registry: Registry, database: Database):
    key = Repeat("key-1", "digest-1")
    first = await registry.import_municipalities([unit(1)], cause=CAUSE, repeat=key)
    assert await registry.import_municipalities([unit(1)], cause=CAUSE, repeat=key) == first
    with pytest.raises(Refused) as caught:
        await registry.import_municipalities([unit(2)], cause=CAUSE, repeat=Repeat("key-1", "digest-2"))
    assert caught.value.code == "idempotency-key-reused"
    assert len(await told(database)) == 1


async def test_repeats_under_a_key_at_once_get_one_answer(registry: Registry, database: Database):
    key = Repeat("key-1", "digest-1")
    repeats = (registry.import_municipalities([unit(1)], cause=CAUSE, repeat=key) for _ in range(5))
    reports = await asyncio.gather(*repeats)
    assert {report["counts"]["registered"] for report in reports} == {1}
    assert len(await told(database)) == 1


async def test_schools_are_kept_and_told_once(registry: Registry, database: Database):
    await registry.import_municipalities([unit(1)], cause=CAUSE)
    rows = [school(number, str(number)) for number in range(1000)]
    first = await registry.import_organizations(rows, cause=CAUSE)
    again = await registry.import_organizations(rows, cause=CAUSE)
    assert (first["counts"]["registered"], again["counts"]["unchanged"]) == (1000, 1000)
    assert await database.count("outbox", {"topic": "registry.organization.v1"}) == 1000
    assert (await registry.organization("74-school-5")).source_id == "5"


async def test_schools_may_swap_their_source_ids(registry: Registry):
    await registry.import_municipalities([unit(1)], cause=CAUSE)
    await registry.import_organizations([school(1, "a"), school(2, "b")], cause=CAUSE)
    swapped = [replace(one, expected=1) for one in (school(1, "b"), school(2, "a"))]
    report = await registry.import_organizations(swapped, cause=CAUSE)
    assert report["counts"]["changed"] == 2
    assert (await registry.organization("74-school-1")).source_id == "b"


async def test_a_taken_source_id_is_refused_by_rule_and_by_database(registry: Registry, database: Database):
    await registry.import_municipalities([unit(1)], cause=CAUSE)
    await registry.import_organizations([school(1, "a")], cause=CAUSE)
    outcomes = await asyncio.gather(
        *(registry.import_organizations([school(number, "b")], cause=CAUSE) for number in range(2, 6)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Refused) for one in outcomes) == 3
    assert await database.count("organizations", {"source_id": "b"}) == 1


async def test_what_is_not_there_is_not_found(registry: Registry):
    for missing in (registry.municipality("74-nobody"), registry.municipality("00000000"), registry.organization("x")):
        with pytest.raises(NotFound):
            await missing


async def test_a_day_before_its_time_is_named_so(registry: Registry):
    await registry.import_municipalities([unit(1)], cause=CAUSE)
    with pytest.raises(NotFound) as caught:
        await registry.municipality("74-m1", on=date(2000, 1, 1))
    assert caught.value.code == "municipality-did-not-exist"
    assert (await registry.municipality("75000001", on=SINCE)).id == "74-m1"


async def test_an_import_looks_at_the_rows_it_names_alone(registry: Registry, database: Database):
    await registry.import_municipalities([unit(1)], cause=CAUSE)
    await registry.import_organizations([school(number, str(number)) for number in range(100)], cause=CAUSE)
    async with looking(database) as looks:
        await registry.import_organizations([school(5, "5"), school(200, "200")], cause=CAUSE)
    found = [(one.documents, one.found) for one in looks.of("organizations") if one.command == "find"]
    assert found == [(1, 1), (0, 0)], "the rows named, and for the journal those of them that change"
