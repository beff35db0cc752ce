"""The words of items about school lists: what they rest on, also where nothing is left to rest on."""

from dataclasses import replace

from services.notification.domain import Names, SchoolFact, school_body
from services.notification.domain.facts import ResultCause

LEFT = SchoolFact("school_delisted", "e1", "a", "2022", "74-school-1", ("year.russian",), "small", (), 0)


def basis(*causes: ResultCause, count: int) -> str:
    return school_body(replace(LEFT, causes=causes, causes_count=count), Names([])).splitlines()[1]


def test_results_that_were_withdrawn_are_the_basis_by_that_name():
    assert basis(count=0) == "Основание: результаты отозваны."


def test_results_are_counted_and_named_by_their_procedures():
    assert basis(ResultCause("r1", 1, "vpr"), count=1) == "Основание: 1 результат: «vpr»."
    assert basis(count=2) == "Основание: 2 результата."


def test_a_set_of_thresholds_is_not_named_by_its_id():
    assert school_body(LEFT, Names([])).splitlines()[-1] == "Показатели каждого критерия и пороги — в профиле школы."
