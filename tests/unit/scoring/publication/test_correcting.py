"""What corrects an accepted objection: an applicability act that says otherwise since the draft."""

from datetime import date, datetime, timedelta

import pytest

from services.scoring.domain.applicability import Act, Applicability
from services.scoring.domain.publication import check_applied
from shared.kernel import Refused
from tests.unit.scoring.made import METHODOLOGY
from tests.unit.scoring.publication.made import NOON, objection

HOUR = timedelta(hours=1)


def act(recorded: datetime, withdrawn: datetime | None = None) -> Applicability:
    ordered = Act("приказ № 7", date(2023, 1, 30))
    return Applicability("a1", "first", "2022", ("m1",), "нет", ordered, recorded, withdrawn, withdrawn and "ошибка")


@pytest.mark.parametrize("one", [act(NOON + HOUR), act(NOON - HOUR, NOON + HOUR)])
def test_an_act_recorded_or_withdrawn_since_the_draft_corrects(one: Applicability):
    check_applied(objection(), one, drafted_at=NOON, methodology=METHODOLOGY)


@pytest.mark.parametrize(
    "one", [act(NOON - HOUR), act(NOON - 2 * HOUR, NOON - HOUR), act(NOON + HOUR, NOON + 2 * HOUR)]
)
def test_an_act_that_says_the_same_as_at_the_draft_corrects_nothing(one: Applicability):
    with pytest.raises(Refused) as refused:
        check_applied(objection(), one, drafted_at=NOON, methodology=METHODOLOGY)
    assert refused.value.errors[0].code == "older-than-draft"
