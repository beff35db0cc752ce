"""The digest of a submission: the same for one meaning however it is spelled, another for any other."""

from decimal import Decimal
from typing import Any

import pytest

from services.monitoring.domain import read_submission
from tests.unit.monitoring.made import TROITSK, ZLATOUST, body

EXEMPT = {"values": ..., "not_applicable": {"reason": "a", "act": "b"}}


def test_the_digest_sees_the_meaning_not_the_spelling():
    one = read_submission(body(values={"i1": 2, "i2": "1.50"}))
    same = read_submission(body(values={"i2": Decimal("1.5"), "i1": "2.0"}, occurred_at="2022-11-01T04:00:00Z"))
    assert one.digest == same.digest


@pytest.mark.parametrize(
    ("more", "other"),
    [
        ({}, {"procedure": "niko"}),
        ({}, {"subject": {"municipality": TROITSK.id}}),
        ({}, {"subject": {"organization": ZLATOUST.id}}),
        ({"subject": {"organization": "school-1"}}, {"subject": {"organization": "school-2"}}),
        ({}, {"period": "2021"}),
        ({}, {"values": {"i1": 2, "i2": None}}),
        ({}, {"values": {"i1": "1.5", "i2": 2}}),
        ({}, {"values": {}}),
        ({}, EXEMPT),
        (EXEMPT, {"not_applicable": {"reason": "b", "act": "b"}}),
        (EXEMPT, {"not_applicable": {"reason": "a", "act": "a"}}),
        ({}, {"occurred_at": "2022-11-01T09:00:01+05:00"}),
        ({}, {"occurred_at": ...}),
        ({}, {"comment": "x"}),
        ({"comment": "x"}, {"comment": "y"}),
        ({}, {"notify": False}),
    ],
)
def test_the_digest_tells_what_differs_in_any_part_of_the_meaning(more: dict[str, Any], other: dict[str, Any]):
    one, another = read_submission(body(**more)), read_submission(body(**(more | other)))
    assert not one.wrong
    assert not another.wrong
    assert one.digest != another.digest
