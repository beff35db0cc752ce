"""How much a report of refused rows says: the first wrong places, the count of the rest, within one stored answer."""

import bson
import pytest

from services.monitoring.api.results import MANY
from services.monitoring.domain import Decision, Procedure, Row
from services.monitoring.domain.acceptance import Outcome
from services.monitoring.domain.checking import check_values
from services.monitoring.domain.submission import LISTED, refused_result
from services.monitoring.events import Indicator
from services.monitoring.usecases import BATCH
from services.monitoring.usecases.counting import reason_of
from services.monitoring.usecases.showing import show_report
from shared.kernel import Cause, Refused
from tests.unit.monitoring.made import procedure

STORED = 16 * 1024 * 1024


def large() -> Procedure:
    indicators = tuple(Indicator(key=f"{n:03}".rjust(64, "i"), name="x", maximum="2") for n in range(200))
    return procedure(key="k" * 100, maximum="400", indicators=indicators)


def test_the_first_wrong_places_are_listed_and_the_rest_counted():
    refused = refused_result(list(check_values(dict.fromkeys(map(str, range(30)), "1"), procedure())))
    assert len(refused.errors) == LISTED + 1
    assert refused.errors[-1].message == f"Неверных мест: 32; показаны первые {LISTED}."
    assert refused.errors[0].remedy == "Показатели процедуры: i1, i2."
    assert reason_of(refused) == "unknown-indicator"


@pytest.mark.parametrize("sign", ["~", "я", "\U0001f600"])
def test_the_longest_report_that_a_body_can_ask_for_is_one_stored_answer(sign: str):
    longest = min(100, MANY // BATCH // LISTED // len(sign.encode()))
    names = [f"{n:02}".rjust(longest, sign) for n in range(LISTED)]
    refused: Refused = refused_result(list(check_values(dict.fromkeys(names, "1"), large())))
    row = Row(None, refused, Cause("c"), "system:x")
    report = show_report([row] * BATCH, Decision([Outcome("refused", refused=refused)] * BATCH))
    size = len(bson.encode(report))
    assert size < STORED
