"""The copy of the cards in memory: what is kept of them is made again once a newer one is taken, and nothing ages."""

from datetime import timedelta

from services.scoring.domain import Fact
from services.scoring.domain.mirror import LONG_AGO, Mirror, Stored
from tests.unit.scoring.made import HERE, START, World, fact

FULL, HALF = {"i1": "2", "i2": "40"}, {"i1": "0", "i2": "40"}


def stored(version: int, *facts: Fact, at: int = 0) -> Stored:
    """The card that follows from these facts of one municipality, as its write of this number left it."""
    (card,) = World().take(*facts).cards
    return Stored(card, version, START + timedelta(minutes=at))


def holding(*cards: Stored) -> Mirror:
    mirror = Mirror()
    assert all(mirror.take(one) for one in cards)
    return mirror


def test_the_table_of_a_procedure_follows_newer_cards() -> None:
    mirror = holding(stored(1, fact(values=HALF)))
    assert mirror.table(HERE, "first").ranks() == {"m1": 1}
    assert mirror.table(HERE, "first") is mirror.table(HERE, "first"), "kept while no card changes"
    mirror.take(stored(1, fact("r2", municipality="m2", values=FULL)))
    assert mirror.table(HERE, "first").ranks() == {"m1": 2, "m2": 1}
    mirror.take(stored(2, fact("r2", municipality="m2", values=None)))
    assert mirror.table(HERE, "first").ranks() == {"m1": 1}


def test_the_time_of_the_last_result_follows_newer_cards() -> None:
    mirror = Mirror()
    assert mirror.reported_at(HERE) is None
    mirror.take(stored(1, fact(values=FULL, at=5)))
    first = mirror.reported_at(HERE)
    assert first is not None
    assert first.startswith("2023-01-01T00:05")
    mirror.take(stored(2, fact(revision=2, values=HALF, at=9)))
    assert str(mirror.reported_at(HERE)).startswith("2023-01-01T00:09")


def test_of_two_copies_that_hold_the_same_cards_none_is_older_however_they_came_by_them() -> None:
    first, second = stored(1, fact(values=HALF)), stored(2, fact(revision=2, values=FULL))
    third = stored(3, fact(revision=3, values=HALF))
    followed, read_late, read_now = holding(first, second, third), holding(first, third), holding(third)
    assert followed.age(HERE) == read_late.age(HERE) == read_now.age(HERE) == 3
    assert not read_now.take(second), "what is older is not taken"
    assert read_now.age(HERE) == 3


def test_the_time_of_the_data_never_goes_back() -> None:
    mirror = Mirror()
    assert mirror.data_at(HERE) == LONG_AGO
    mirror.take(stored(1, fact(values=FULL), at=9))
    mirror.take(stored(1, fact("r2", municipality="m2", values=FULL), at=7))
    assert mirror.data_at(HERE) == START + timedelta(minutes=9), "cards are read in any order"


def test_a_period_whose_every_result_was_withdrawn_is_not_listed() -> None:
    mirror = holding(stored(1, fact(values=FULL)), stored(1, fact("r2", period="2021", values=FULL)))
    assert mirror.periods("") == ["2021", "2022"]
    mirror.take(stored(1, fact("r3", municipality="m2", period="2021", values=FULL)))
    mirror.take(stored(2, fact("r2", period="2021", values=None)))
    assert mirror.periods("") == ["2021", "2022"], "another municipality's is in force"
    mirror.take(stored(2, fact("r3", municipality="m2", period="2021", values=None)))
    assert mirror.periods("") == ["2022"]
