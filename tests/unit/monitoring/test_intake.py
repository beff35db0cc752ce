"""Any record of the intake topic is read or buried with a reason; none breaks the reader."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.consumers import listeners
from services.monitoring.domain import Submission
from services.monitoring.usecases import REPORTED, Monitoring
from shared.batch import Buried
from shared.broker.reading import read_one
from shared.kernel import Heard
from shared.testing import CountingIds, FrozenClock


class Nowhere:
    """A store that is never asked."""

    results: Any = None
    catalogue: Any = None
    refusals: Any = None


INTAKE = listeners(Monitoring(Nowhere(), clock=FrozenClock(), ids=CountingIds()))[1]
WHOLE = b"""{"procedure": "vpr", "subject": {"municipality": "m"}, "period": "2022", "values": {"i1": 1.50},
 "occurred_at": "2022-11-01T09:00:00+05:00"}"""
GIVEN = {
    "ce_specversion": b"1.0",
    "ce_id": b"1",
    "ce_source": b"gis-education",
    "ce_type": REPORTED.encode(),
}


class Record:
    """A record as the broker gives it."""

    topic = "monitoring.intake.v1"
    partition = 0
    offset = 1
    timestamp = 0

    def __init__(self, key: bytes | None, value: bytes | None, headers: dict[str, Any]) -> None:
        self.key = key
        self.value = value
        self.headers = list(headers.items())


NAMES = st.sampled_from([*GIVEN, "content-type", "ce_x", "x"])
VALUES = st.none() | st.binary(max_size=12) | st.sampled_from([b"application/cloudevents+json", b"1.0"])


def test_a_whole_record_is_read_exactly():
    heard = read_one(INTAKE, Record(b"m", WHOLE, GIVEN))
    assert isinstance(heard, Heard)
    assert isinstance(heard.event, Submission)
    assert (heard.event.values, heard.event.source, heard.key) == ({"i1": "1.5"}, "gis-education", "m")


@given(
    st.none() | st.binary(max_size=20),
    st.none() | st.binary(max_size=60) | st.sampled_from([WHOLE, b"{}", b"[]", b"null", b"1e999", b"[" * 50]),
    st.dictionaries(NAMES, VALUES, max_size=4),
)
def test_any_record_is_read_or_buried(key: bytes | None, value: bytes | None, headers: dict[str, bytes | None]):
    for told in (GIVEN | headers, headers):
        outcome = read_one(INTAKE, Record(key, value, told))
        assert isinstance(outcome, Heard | Buried)
        assert isinstance(outcome, Heard) or (outcome.code and outcome.message)


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        ({**GIVEN, "ce_id": b"1\0"}, WHOLE),
        ({**GIVEN, "ce_source": b"gis\x01"}, WHOLE),
        (GIVEN, WHOLE[:-1] + b', "comment": "\\ufffe"}'),
    ],
)
def test_a_record_with_a_sign_that_nothing_shows_is_buried(headers: dict[str, bytes], value: bytes):
    buried = read_one(INTAKE, Record(b"m", value, headers))
    assert isinstance(buried, Buried)
    assert buried.code == "unreadable-text"
