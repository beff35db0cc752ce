"""Names of municipalities: dated, found by id or code, in the order of a dictionary."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.names import Municipality, Named, Names, alphabetical, day_of, days_of
from services.scoring.store.documents import municipality_document, read_municipality

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


def test_a_code_that_was_ever_borne_names_its_bearers_the_last_one_first(names: Names) -> None:
    names.put(Municipality("74-old", 1, "74", (Named("Старый МО", "75503000", "2010-01-01", "2014-01-01"),)))
    assert names.ever("75603000") == ["74-agapovsky"]
    assert names.ever("75503000") == ["74-agapovsky", "74-old"]
    assert names.ever("74-old") == ["74-old"]
    assert names.ever("75599000") == []


def test_as_of_a_day_it_is_called_as_it_was_then_and_at_the_latest_as_at_the_end_of_the_period(names: Names) -> None:
    def called(period: str, day: str) -> str | None:
        return names.of("74-agapovsky", period, by=day)["name"]

    assert called("2024", "2024-05-31") == called("2022", "2026-01-01") == called("2025", "2024-01-01") == DISTRICT.name
    assert called("2024", "2024-06-01") == called("2025", "2024-07-01") == OKRUG.name


def test_just_before_a_day_it_is_called_as_on_the_day_before_whatever_came_later(names: Names) -> None:
    """Of three names a reform in between had the one before and gave the next."""
    spells = Named("А", "1", "2010-01-01", "2015-01-01"), Named("Б", "2", "2015-01-01", "2020-01-01")
    names.put(Municipality("a", 1, "74", (*spells, Named("В", "3", "2020-01-01"))))

    def called(day: str, *, before: bool) -> tuple[str | None, str | None]:
        found = names.on("a", day, before=before)
        assert found["id"] == "a"
        return found["name"], found["oktmo"]

    days = ("2010-01-01", "2014-12-31", "2015-01-01", "2015-01-02", "2020-01-01", "2026-01-01")
    on = [called(day, before=False)[0] for day in days]
    just_before = [called(day, before=True)[0] for day in days]
    assert on == ["А", "А", "Б", "Б", "В", "В"]
    assert just_before == ["А", "А", "А", "Б", "Б", "В"]
    assert called("2020-01-01", before=True) == ("Б", "2")


def test_on_a_day_before_it_was_formed_it_did_not_exist_yet() -> None:
    names = Names()
    names.put(Municipality("74-new", 1, "74", (Named("Новый МО", "75599000", "2024-06-01"),)))
    assert not names.existed("74-new", "2024", by="2024-05-31")
    assert names.lived("74-new", "2024", by="2024-05-31") == "образован 01.06.2024"
    assert names.existed("74-new", "2024", by="2024-06-01")
    assert names.existed("74-new", "2024")


def test_before_its_first_name_it_is_said_to_be_formed_with_the_first_and_not_with_the_last() -> None:
    names = Names()
    spells = Named("А", "1", "2020-01-01", "2024-01-01"), Named("Б", "1", "2025-01-01")
    names.put(Municipality("a", 1, "74", spells))
    assert names.lived("a", "2019") == "образован 01.01.2020"


def test_the_day_of_an_instant_is_that_of_the_region() -> None:
    assert day_of(datetime(2024, 5, 31, 18, 59, 59, tzinfo=UTC)) == "2024-05-31"
    assert day_of(datetime(2024, 5, 31, 19, tzinfo=UTC)) == "2024-06-01"
    assert day_of(None) is None


@given(st.dates(date(2013, 1, 1), date(2027, 12, 31)), st.integers(2013, 2027))
def test_a_name_as_of_a_day_is_the_last_one_borne_in_the_period_until_then(day: date, year: int) -> None:
    """Against a walk over the days one by one."""
    names = Names()
    names.put(AGAPOVSKY)
    last = min(day, date(year, 12, 31))
    walked = min(date(year, 1, 1), last)
    borne: list[str] = []
    while walked <= last:
        borne += [one.name for one in AGAPOVSKY.history if _bears(one, walked.isoformat())]
        walked += timedelta(days=1)
    assert names.existed("74-agapovsky", str(year), by=day.isoformat()) == bool(borne)
    if borne:
        assert names.of("74-agapovsky", str(year), by=day.isoformat())["name"] == borne[-1]


def _bears(one: Named, day: str) -> bool:
    return one.valid_from <= day and (one.valid_to is None or day < one.valid_to)


def test_a_code_finds_it_only_in_periods_in_which_it_was_valid(names: Names) -> None:
    assert names.find("75603000", "2022") == names.find("75503000", "2025") == "74-agapovsky"
    assert names.find("75503000", "2022") is None
    assert names.find("74-agapovsky", "1999") == "74-agapovsky"


def test_a_code_that_passed_on_within_a_period_means_its_last_bearer(names: Names) -> None:
    names.put(Municipality("74-heir", 1, "74", (Named("Наследник", "75603000", "2024-06-01"),)))
    assert [names.find("75603000", period) for period in ("2023", "2024", "2025")] == [
        "74-agapovsky", "74-heir", "74-heir",
    ]  # fmt: skip
    assert names.existed("74-agapovsky", "2022")
    assert not names.existed("74-agapovsky", "2010")
    assert names.existed("74-unknown", "2010")


def test_an_older_revision_changes_nothing(names: Names) -> None:
    names.put(Municipality("74-agapovsky", 2, "74", (DISTRICT,)))
    assert (names.version, names.ids("74")) == (1, ["74-agapovsky"])
    assert names.of("74-agapovsky", "2025")["oktmo"] == "75503000"


def test_it_survives_its_document() -> None:
    assert read_municipality(municipality_document(AGAPOVSKY)) == AGAPOVSKY


def test_a_school_year_lasts_from_september_to_august() -> None:
    assert days_of("2021-2022") == ("2021-09-01", "2022-08-31")
    assert days_of("2022") == ("2022-01-01", "2022-12-31")


def test_yo_stands_with_ye() -> None:
    names = ["Жуковский", "Ёлкинский", "Еткульский"]
    assert sorted(names, key=alphabetical) == ["Ёлкинский", "Еткульский", "Жуковский"]


def test_neighbours_touch_on_the_map_also_after_a_tile_moved():
    names = Names()
    for one, tile in (("m1", (0, 0)), ("m2", (1, 1)), ("m3", (2, 2)), ("m4", None), ("m5", (1, 1))):
        names.put(Municipality(one, 1, "74", (), tile=tile))
    assert (names.neighbours("m1"), names.neighbours("m3")) == ({"m2", "m5"}, {"m2", "m5"})
    assert (names.neighbours("m2"), names.neighbours("m4")) == ({"m1", "m3", "m5"}, set())
    names.put(Municipality("m2", 2, "74", (), tile=(5, 5)))
    names.put(Municipality("m4", 2, "74", (), tile=(-1, 0)))
    assert (names.neighbours("m1"), names.neighbours("m2")) == ({"m4", "m5"}, set())
