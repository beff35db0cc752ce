"""Mistakes of a result are told at once: those that are read and those that need the directory."""

from typing import Any

import pytest

from services.monitoring.domain import check, check_values, read_revision, read_submission, refuse_all
from shared.kernel import Refused
from tests.unit.monitoring.made import NOW, ZLATOUST, body, directory, procedure


def places(raw: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        check(read_submission(raw), directory(), now=NOW)
    return sorted((one.pointer, one.code) for one in refused.value.errors)


def test_what_cannot_be_read_does_not_hide_what_does_not_hold():
    raw = body(values={"i1": "много", "i2": "9"}, period="20x", occurred_at="завтра", procedure="vpr")
    assert places(raw) == [
        ("/occurred_at", "not-a-time"),
        ("/period", "unknown-period"),
        ("/values/i1", "not-a-number"),
        ("/values/i2", "out-of-range"),
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"values": {"i1": "много", "i2": 1}}, [("/values/i1", "not-a-number")]),
        ({"procedure": ""}, [("/procedure", "too-short")]),
        ({"procedure": ..., "source": 5}, [("/procedure", "required"), ("/source", "not-a-string")]),
        ({"subject": {"municipality": 5}}, [("/subject/municipality", "not-a-string")]),
        ({"subject": {"organization": 5}, "procedure": "niko", "values": {"i1": 1, "i2": 1}},
         [("/subject/organization", "not-a-string")]),
        ({"subject": {"municipality": ZLATOUST.id, "organization": "no"}}, [("/subject", "wrong-subject")]),
        ({"subject": ...}, [("/subject", "required")]),
        ({"period": " "}, [("/period", "too-short")]),
        ({"values": 5}, [("/values", "not-an-object")]),
        ({"values": {"i1": 1, "i2": "x", "a/b": "y"}},
         [("/values/a~1b", "not-a-number"), ("/values/i2", "not-a-number")]),
    ],
)  # fmt: skip
def test_what_was_not_read_is_called_wrong_once(more: dict[str, Any], expected: list[tuple[str, str]]):
    assert places(body(**more)) == expected


def test_a_revision_is_told_both_too():
    revision = read_revision({"values": {"i1": "много", "i2": "9"}})
    with pytest.raises(Refused) as refused:
        refuse_all(revision.wrong, check_values(revision.values, procedure()))
    found = [(one.pointer, one.code) for one in refused.value.errors]
    assert found == [("/values/i1", "not-a-number"), ("/reason", "required"), ("/values/i2", "out-of-range")]


def test_a_procedure_of_organizations_says_so_in_russian():
    known = directory()
    known.learn(procedures=[procedure(key="niko", code=11, subject="organization", revision=2)])
    with pytest.raises(Refused) as refused:
        check(read_submission(body(procedure="niko")), known, now=NOW)
    [error] = refused.value.errors
    assert error.message == "Результат этой процедуры — об организации."
    assert "{" not in error.remedy
