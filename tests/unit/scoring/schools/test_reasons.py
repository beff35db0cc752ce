"""Shares behind verdicts: a tenth of a percent, more where it would contradict the verdict."""

from fractions import Fraction

import pytest

from services.scoring.usecases.schools.listing import percent_text


@pytest.mark.parametrize(
    ("share", "bound", "told"),
    [
        ("19/53", "0.3", "35.8"),
        ("0.2996", "0.3", "29.96"),
        ("0.29999999", "0.3", "29.999999"),
        ("0.3004", "0.3", "30.04"),
        ("0.3", "0.3", "30"),
        ("0.12345", "0.12345", "12.345"),
        ("0.12345678", "0.12345678", "12.345678"),
        ("1/3", "1/3", "33.3333"),
        ("2/3", "2/3", "66.6667"),
        ("0.3333", "1/3", "33.3"),
        ("0.3334", "1/3", "33.34"),
    ],
)
def test_a_share_is_not_rounded_across_its_threshold(share: str, bound: str, told: str):
    assert percent_text(Fraction(share), Fraction(bound)) == told
