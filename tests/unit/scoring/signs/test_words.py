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


@pytest.mark.parametrize(
    ("kind", "observed", "expected", "said"),
    [
        ("jump", "0.1716", "0.6311", "Результаты за год выросли меньше, чем обычно в регионе: сдвиг 0,17 при"),
        ("jump", "0.6", "0.1", "Результаты за год выросли больше, чем обычно в регионе: "),
        ("jump", "0.6", "-0.1", "Результаты за год выросли, хотя обычно в регионе упали: "),
        ("jump", "-0.1", "-0.6", "Результаты за год упали меньше, чем обычно в регионе: "),
        ("jump", "-0.6", "-0.1", "Результаты за год упали больше, чем обычно в регионе: "),
        ("jump", "-0.6", "-0.0049", "Результаты за год упали, хотя обычно в регионе не изменились: "),
        ("jump", "0.0049", "-0.6", "Результаты за год не изменились, хотя обычно в регионе упали: "),
        ("school_marks", "0.6", "0.1", "Отметки школы выше внешних больше, чем обычно в регионе: "),
        ("school_marks", "-0.04", "-0.6", "Отметки школы ниже внешних меньше, чем обычно в регионе: сдвиг −0,04 при"),
        ("school_marks", "0.4", "0", "Отметки школы выше внешних, хотя обычно в регионе такие же, как внешние: "),
    ],
)
def test_a_shift_is_told_from_what_was_seen_and_what_is_usual(kind: str, observed: str, expected: str, said: str):
    effect = str(float(observed) - float(expected))
    told = sign_words({"kind": kind, "n": 60, "observed": observed, "expected": expected, "effect": effect})
    assert told.startswith(said)


@pytest.mark.parametrize(("units", "said"), [(1, "на 1 группу."), (2, "на 2 группы."), (5, "на 5 групп.")])
def test_too_many_groups_are_refused_with_a_declined_number(units: int, said: str):
    rows = [(f"u{n:02}", {"a": float(n % units)}) for n in range(20)]
    with pytest.raises(Refused) as refused:
        clusters_of(rows, k=10)
    assert refused.value.detail.endswith(said)
