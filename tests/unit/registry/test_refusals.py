"""How a refused import is told: every wrong place once and in one order, and how many there are."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.registry.domain import Municipality, MunicipalityRow, import_municipalities
from services.registry.domain.rows import LONGEST_ID
from shared.kernel import Refused
from shared.web import problem_of
from tests.unit.registry.made import name, row, unit


def refused(rows: list[MunicipalityRow], known: Sequence[Municipality] = ()) -> Refused:
    with pytest.raises(Refused) as caught:
        import_municipalities(rows, {one.id: replace(one, revision=1) for one in known})
    return caught.value


def pointers(told: Refused) -> list[str]:
    return [error.pointer for error in told.errors]


@pytest.mark.parametrize(("count", "listed", "last"), [(100, 100, "empty-name"), (300, 101, "more-errors")])
def test_of_many_errors_the_first_hundred_are_listed_and_all_are_counted(count: int, listed: int, last: str):
    told = refused([row(f"74-m{number}", name(" ", code=f"{number:08}")) for number in range(count)])
    assert f"ошибок {count}, строк с ошибками {count}." in told.detail
    errors = json.loads(problem_of(told).body)["errors"]
    assert (len(errors), errors[-1]["code"]) == (listed, last)


def test_a_code_that_meets_several_others_is_told_once():
    first = unit("74-first", name(since=date(2006, 1, 1), until=date(2010, 1, 1)))
    second = unit("74-second", name(since=date(2012, 1, 1), until=date(2020, 1, 1)))
    told = refused([row("74-a", name(since=date(2000, 1, 1)))], [first, second])
    assert pointers(told) == ["/items/0/history/0/oktmo"]


def test_codes_that_are_taken_are_told_in_their_order():
    stored = [unit(f"74-s{number}", name(code=f"{number:08}")) for number in (4, 2, 0, 3, 1)]
    rows = [row(f"74-r{number}", name(code=f"{number:08}")) for number in (3, 0, 4, 1, 2)]
    assert pointers(refused(rows, stored)) == [f"/items/{place}/history/0/oktmo" for place in (1, 3, 4, 0, 2)]


def test_an_id_may_have_a_hundred_signs_and_no_more():
    longest = "74-" + "a" * (LONGEST_ID - 3)
    _, outcomes = import_municipalities([row(longest)], {})
    assert outcomes[0].id == longest
    assert pointers(refused([row(longest + "a")])) == ["/items/0/id"]
