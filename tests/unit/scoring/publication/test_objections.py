"""What is told and kept of an objection and its answer: of which score, with which decision, by which correction."""

import pytest

from services.scoring.domain.publication import (
    ACCEPTED,
    DECLINED,
    About,
    Complaint,
    Correction,
    Reply,
    Signature,
    answered,
    raised,
)
from services.scoring.events import ObjectionAnswered, ObjectionRaised
from shared.kernel import Refused
from tests.unit.scoring.publication.made import BY, NOON, objection

SIGNED = Signature(BY, NOON)


@pytest.mark.parametrize(
    ("reply", "decision", "corrected"),
    [
        (Reply(ACCEPTED), "accepted", (None, None, None)),
        (Reply(ACCEPTED, None, Correction("r1", 2)), "accepted", ("r1", 2, None)),
        (Reply(ACCEPTED, None, Correction(applicability="a1")), "accepted", (None, None, "a1")),
        (Reply(DECLINED, "нет"), "declined", (None, None, None)),
    ],
)
def test_a_municipality_is_told_the_decision_that_was_taken_and_what_corrects(
    reply: Reply, decision: str, corrected: tuple[str | None, int | None, str | None]
):
    [told] = answered(objection(), reply, SIGNED).events
    assert isinstance(told, ObjectionAnswered)
    assert told.decision == decision
    assert (told.result, told.revision, told.applicability) == corrected


@pytest.mark.parametrize(
    ("reply", "place", "code"),
    [
        (Reply(DECLINED), "/reason", "missing-reason"),
        (Reply(DECLINED, "нет", Correction("r1", 2)), "/correction", "needs-acceptance"),
        (Reply(DECLINED, "нет", Correction(applicability="a1")), "/correction", "needs-acceptance"),
    ],
)
def test_who_declines_says_why_and_names_no_correction(reply: Reply, place: str, code: str):
    with pytest.raises(Refused, match="invalid-answer") as refused:
        answered(objection(), reply, SIGNED)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [(place, code)]


def test_who_answered_is_kept_with_the_time():
    done = answered(objection(), Reply(ACCEPTED), SIGNED).state
    assert (done.answered_by, done.answered_at) == (BY, NOON)


@pytest.mark.parametrize("about", [About(group="alpha"), About(procedure="first", indicator="i2")])
def test_the_staff_is_told_which_score_an_objection_is_about(about: About):
    complaint = Complaint("m1", about, "Не так", "письмо")
    [told] = raised(complaint, "2022-1-1", edition="2022-1", period="2022", signed=SIGNED).events
    assert isinstance(told, ObjectionRaised)
    assert (told.group, told.procedure, told.indicator) == (about.group, about.procedure, about.indicator)
