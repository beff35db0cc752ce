"""Names of municipalities: dated, found by id or code, in the order of a dictionary."""

import pytest

from services.scoring.domain.names import Municipality, Named, Names, alphabetical, days_of, municipality_from

DISTRICT = Named("Агаповский МР", "75603000", "2014-01-01", "2024-06-01")
OKRUG = Named("Агаповский МО", "75503000", "2024-06-01")
AGAPOVSKY = Municipality("74-agapovsky", 2, "74", (DISTRICT, OKRUG))


@pytest.fixture
def names() -> Names:
    made = Names()
    made.put(AGAPOVSKY)
    return made


def test_a_municipality_is_called_as_at_the_end_of_the_period(names: Names) -> None:
    assert names.of("74-agapovsky", "2022") == {
        "id": "74-agapovsky",
        "name": "Агаповский МР",
        "oktmo": "75603000",
    }
    assert names.of("74-agapovsky", "2024")["name"] == "Агаповский МО"
    assert names.of("74-agapovsky", "2010")["name"] == "Агаповский МО"
    assert names.of("74-new", "2022") == {"id": "74-new", "name": "74-new", "oktmo": None}


def test_a_code_finds_it_only_in_periods_in_which_it_was_valid(names: Names) -> None:
    assert names.find("75603000", "2022") == names.find("75503000", "2025") == "74-agapovsky"
    assert names.find("75503000", "2022") is None
    assert names.find("74-agapovsky", "1999") == "74-agapovsky"
    assert names.existed("74-agapovsky", "2022")
    assert not names.existed("74-agapovsky", "2010")
    assert names.existed("74-unknown", "2010")


def test_an_older_revision_changes_nothing(names: Names) -> None:
    names.put(Municipality("74-agapovsky", 2, "74", (DISTRICT,)))
    assert (names.version, names.ids()) == (1, ["74-agapovsky"])
    assert names.of("74-agapovsky", "2025")["oktmo"] == "75503000"


def test_it_survives_its_document() -> None:
    assert municipality_from(AGAPOVSKY.document()) == AGAPOVSKY


def test_a_school_year_lasts_from_september_to_august() -> None:
    assert days_of("2021-2022") == ("2021-09-01", "2022-08-31")
    assert days_of("2022") == ("2022-01-01", "2022-12-31")


def test_yo_stands_with_ye() -> None:
    names = ["Жуковский", "Ёлкинский", "Еткульский"]
    assert sorted(names, key=alphabetical) == ["Ёлкинский", "Еткульский", "Жуковский"]
