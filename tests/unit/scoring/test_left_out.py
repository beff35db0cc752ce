"""Ratings of which something is left out: by the reader, or because it did not apply."""

import pytest

from shared.kernel import Refused
from tests.unit.scoring.made import World
from tests.unit.scoring.test_rating import FACTS, of


@pytest.fixture
def world() -> World:
    made = World()
    made.take(*FACTS)
    return made


@pytest.mark.parametrize(
    ("group", "without"),
    [("first", ("first",)), ("alpha", ("first", "second")), ("overall", ("first", "second", "third"))],
)
def test_a_table_of_which_nothing_is_left_is_refused(world: World, group: str, without: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        of(world, group, *without)
    assert refused.value.code == "everything-excluded"
    assert group in refused.value.detail


def test_who_is_exempt_from_all_of_a_group_has_that_for_a_reason_and_no_lack_of_results(world: World) -> None:
    def reasons(group: str, *without: str) -> dict[str, tuple[str, str]]:
        return {one.municipality: (one.state, one.reason) for one in of(world, group, *without).no_data}

    assert reasons("beta") == {
        "m1": ("not_applicable", "все процедуры не применялись"),
        "m2": ("no_data", "нет действующих результатов"),
        "m3": ("not_applicable", "все процедуры не применялись"),
        "m4": ("no_data", "нет действующих результатов"),
    }
    left = reasons("overall", "first", "second")
    assert left["m1"] == ("not_applicable", "все процедуры, кроме исключённых, не применялись")
