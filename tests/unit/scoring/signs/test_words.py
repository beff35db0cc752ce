"""Numbers in sentences are declined: 41 works, 21 medallists, one group."""

import pytest

from services.scoring.domain.clusters import clusters_of
from services.scoring.usecases.schools.words import sign_words
from shared.kernel import Refused

SEEN = {"observed": "3", "expected": "1", "effect": "0.3"}


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("boundary_spike", 41, "Из 41 работы у границ"),
        ("boundary_spike", 12, "Из 12 работ у границ"),
        ("medallists", 21, "Из 21 медалиста менее"),
        ("medallists", 22, "Из 22 медалистов менее"),
    ],
)
def test_a_sign_declines_what_it_counts(kind: str, number: int, said: str):
    assert sign_words({"kind": kind, "n": number, **SEEN}).startswith(said)


def test_a_shift_that_is_nothing_has_no_minus():
    told = sign_words({"kind": "jump", "n": 9, "observed": "0.3", "expected": "-0.0012", "effect": "0.3"})
    assert "при обычном для региона 0,00 " in told


@pytest.mark.parametrize(("units", "said"), [(1, "на 1 группу."), (2, "на 2 группы."), (5, "на 5 групп.")])
def test_too_many_groups_are_refused_with_a_declined_number(units: int, said: str):
    rows = [(f"u{n:02}", {"a": float(n % units)}) for n in range(20)]
    with pytest.raises(Refused) as refused:
        clusters_of(rows, k=10)
    assert refused.value.detail.endswith(said)
