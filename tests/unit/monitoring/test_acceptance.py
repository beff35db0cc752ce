"""What becomes of rows, given what is stored: by hand, by events, in batches."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain import Candidate, Decision, EventMark, Result, Row, Seen, accept, decide, revise
from services.monitoring.domain.acceptance import decide_atomically
from services.monitoring.domain.revision import Revision
from services.monitoring.events import NotApplicable, ResultAccepted, ResultCorrected, ResultWithdrawn, Submitter
from services.monitoring.store.documents import read_result, result_document
from services.monitoring.usecases.permitting import own_id
from shared.kernel import Cause, Refused
from shared.policy import Actor
from tests.unit.monitoring.made import NOW, TROITSK, candidate

CAUSE = Cause("c")
START = datetime(2022, 11, 1, tzinfo=UTC)


def row(one: Candidate | None, *, event: str | None = None, digest: str | None = "d", **more: Any) -> Row:
    mark = EventMark("gis-education", event, digest) if event else None
    return Row(one, None, CAUSE, "system:gis", "gis-education", mark, **more)


def at(minute: int, value: int, **more: Any) -> Candidate:
    found = candidate(values={"i1": value, "i2": None}, **more)
    return replace(found, occurred_at=START + timedelta(minutes=minute))


def run(rows: Sequence[Row], stored: dict[str, Result] | None = None, seen: dict[str, Seen] | None = None) -> Decision:
    return decide(rows, stored or {}, seen or {}, now=NOW)


def statuses(decision: Decision) -> list[str]:
    return [outcome.status for outcome in decision.outcomes]


def test_a_first_result_is_accepted_and_told():
    decision = run([row(candidate())])
    [(result, cause)] = decision.told
    assert (statuses(decision), cause, list(decision.fresh)) == (["accepted"], CAUSE, [result.id])
    told = result.told()
    assert isinstance(told, ResultAccepted)
    assert (told.revision, told.values, told.key) == (1, {"i1": "2", "i2": "1.5"}, result.municipality)


def test_a_correction_by_an_event_goes_on_naming_the_municipality_of_then():
    first = accept(at(0, 1, subject={"organization": "school-1"}), now=NOW, by="system:gis")
    moved = replace(at(1, 2, subject={"organization": "school-1"}), municipality=TROITSK.id)
    [(told, _)] = run([row(moved, event="e1")], {first.id: first}).told
    assert (told.revision, told.municipality, told.told().key) == (2, first.municipality, first.told().key)


def test_it_is_told_who_submitted_without_the_person():
    told = accept(candidate(), now=NOW, by="municipality:i.petrov", own="74-zlatoustovsky-go").told()
    assert told.submitted_by == Submitter(role="municipality", id="74-zlatoustovsky-go")
    assert "petrov" not in told.model_dump_json()


@pytest.mark.parametrize(
    ("actor", "own"),
    [
        (Actor("ministry", "a.ivanova"), None),
        (Actor("municipality", "i.petrov", {"municipality": "m1"}), "m1"),
        (Actor("organization", "head", {"organization": "school-1", "expert": "e1"}), "school-1"),
        (Actor("expert", "expert-1", {"expert": "expert-1"}), None),
        (Actor("system", "service-account", client_id="gis-education"), "gis-education"),
    ],
)
def test_an_account_is_told_by_whom_it_works_for(actor: Actor, own: str | None):
    assert own_id(actor) == own


def test_a_result_stored_before_submitters_were_told_is_read():
    result = accept(candidate(), now=NOW, by="ministry:x")
    document = result_document(result)
    del document["own"]
    assert read_result(document) == result


def test_a_second_result_by_hand_is_refused_and_names_the_first():
    first = accept(candidate(), now=NOW, by="x")
    decision = run([row(candidate(values={"i1": 0, "i2": 0}))], {first.id: first})
    [outcome] = decision.outcomes
    assert outcome.refused is not None
    assert (outcome.refused.code, outcome.refused.extra["result"]) == ("result-exists", first.id)
    assert not decision.told
    assert not decision.changed


def test_the_same_result_by_hand_again_is_unchanged():
    first = accept(candidate(), now=NOW, by="x")
    decision = run([row(candidate())], {first.id: first})
    assert (statuses(decision), decision.told, decision.changed) == (["unchanged"], [], {})


def test_a_withdrawn_result_does_not_come_back_by_a_post():
    gone = revise(accept(candidate(), now=NOW, by="x"), revision(None), now=NOW, by="x")
    assert statuses(run([row(candidate())], {gone.id: gone})) == ["refused"]


def test_two_rows_of_one_batch_see_each_other():
    decision = run([row(candidate()), row(candidate()), row(candidate(values={"i1": 0, "i2": 0}))])
    assert statuses(decision) == ["accepted", "unchanged", "refused"]
    assert len(decision.fresh) == 1


def test_the_submitter_of_a_correction_by_event_is_told():
    first = accept(at(5, 1), now=NOW, by="x")
    [after] = run([row(at(6, 2), event="e", own="gis-education")], {first.id: first}).changed.values()
    told = after.told()
    assert isinstance(told, ResultCorrected)
    assert told.submitted_by == Submitter(role="system", id="gis-education")


def test_a_correction_is_recorded_no_earlier_than_what_it_corrects_though_a_clock_went_back():
    first = accept(at(5, 1), now=NOW + timedelta(hours=1), by="x")
    [after] = run([row(at(6, 2), event="e")], {first.id: first}).changed.values()
    assert (after.revision, after.recorded_at) == (2, first.recorded_at)
    later = accept(at(5, 1), now=NOW - timedelta(hours=1), by="x")
    [after] = run([row(at(6, 2), event="e")], {later.id: later}).changed.values()
    assert after.recorded_at == NOW


def test_a_newer_event_corrects_an_older_one_is_superseded():
    first = accept(at(5, 1), now=NOW, by="x")
    stored = {first.id: first}
    newer = run([row(at(6, 2), event="e")], stored)
    [after] = newer.changed.values()
    assert (statuses(newer), after.revision, after.status, newer.past) == (["corrected"], 2, "corrected", [first])
    assert isinstance(after.told(), ResultCorrected)
    assert statuses(run([row(at(5, 2), event="e")], stored)) == ["corrected"]
    older = run([row(at(4, 2), event="e")], stored)
    assert (statuses(older), older.changed, older.told) == (["superseded"], {}, [])
    assert [seen.status for seen in older.seen] == ["superseded"]


def test_what_confirms_a_result_makes_older_corrections_late():
    first = accept(at(1, 1), now=NOW, by="x")
    decision = run([row(at(3, 1), event="a"), row(at(2, 2), event="b")], {first.id: first})
    assert (statuses(decision), decision.told) == (["unchanged", "superseded"], [])
    assert decision.changed[first.id].mark == START + timedelta(minutes=3)
    assert decision.changed[first.id].occurred_at == first.occurred_at


def test_an_event_brings_a_withdrawn_result_back():
    gone = revise(accept(at(1, 1), now=NOW, by="x"), revision(None), now=NOW, by="x")
    assert isinstance(gone.told(), ResultWithdrawn)
    decision = run([row(at(2, 1), event="e")], {gone.id: gone})
    assert (statuses(decision), decision.changed[gone.id].revision) == (["corrected"], 3)


def test_the_same_event_again_changes_nothing_another_body_is_refused():
    one = row(at(1, 1), event="e", digest="1")
    first = run([one])
    stored, seen = first.fresh, {one.mark.key: s for s in first.seen for one in first.seen}
    assert statuses(run([one, row(at(9, 2), event="e", digest="2")], stored, seen)) == ["duplicate", "refused"]
    assert statuses(run([one, one])) == ["accepted", "duplicate"]
    reused = run([row(at(9, 2), event="e", digest="2")], stored, seen).outcomes[0].refused
    assert reused is not None
    assert reused.code == "event-id-reused"


def test_a_repeat_is_known_even_when_it_would_be_refused_today():
    one = row(at(1, 1), event="e")
    seen = {one.event.key: Seen(one.event, "accepted", "r", 1)} if one.event else {}
    assert statuses(run([replace(one, candidate=None, refused=Refused("x", "x"))], {}, seen)) == ["duplicate"]


def test_a_refused_event_may_be_sent_again_mended():
    refused = replace(row(None, event="e"), refused=Refused("x", "x"))
    decision = run([refused, row(at(1, 1), event="e")])
    assert (statuses(decision), len(decision.seen)) == (["refused", "accepted"], 1)


def test_all_or_none_keeps_none():
    bad = replace(row(None), refused=Refused("x", "x"))
    decision = decide_atomically([row(candidate()), bad], {}, {}, now=NOW)
    codes = [outcome.refused.code for outcome in decision.outcomes if outcome.refused]
    assert (codes, decision.fresh, decision.told) == (["batch-refused", "x"], {}, [])
    assert statuses(decide_atomically([row(candidate())], {}, {}, now=NOW)) == ["accepted"]


def revision(values: dict[str, str | None] | None, **more: Any) -> Revision:
    told = {"not_applicable": None, "reason": "причина", "occurred_at": None, "comment": None, "notify": True}
    return Revision(values=values, **{**told, **more})


def test_a_revision_keeps_its_reason_and_grows_by_one():
    first = accept(candidate(), now=NOW, by="x")
    after = revise(first, revision({"i1": "0", "i2": None}), now=NOW + timedelta(hours=1), by="y")
    assert (after.revision, after.reason, after.by, after.status) == (2, "причина", "y", "corrected")
    assert after.recorded_at > first.recorded_at
    gone = revise(after, revision(None), now=NOW, by="y")
    assert (gone.status, gone.values, gone.recorded_at) == ("withdrawn", None, after.recorded_at)
    back = revise(gone, revision(None, not_applicable=NotApplicable(reason="a", act="b")), now=NOW, by="y")
    assert (back.revision, back.status) == (4, "corrected")


def test_a_revision_that_says_the_same_is_the_stored_one():
    first = accept(candidate(), now=NOW, by="x")
    assert revise(first, revision(dict(first.values or {})), now=NOW, by="y") is first
    gone = revise(first, revision(None), now=NOW, by="x")
    assert revise(gone, revision(None), now=NOW, by="x") is gone


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=12), st.integers(1, 5))
def test_events_end_in_the_newest_whatever_the_batches(told: list[tuple[int, int]], size: int):
    rows = [row(at(minute, value), event=str(n)) for n, (minute, value) in enumerate(told)]
    stored: dict[str, Result] = {}
    revisions: list[int] = []
    for start in range(0, len(rows), size):
        decision = run(rows[start : start + size], stored)
        stored |= decision.fresh | decision.changed
        revisions += [result.revision for result, _ in decision.told]
    [result] = stored.values()
    newest = max(minute for minute, _ in told)
    last = [value for minute, value in told if minute == newest][-1]
    assert result.values == {"i1": str(last), "i2": None}
    assert result.mark == START + timedelta(minutes=newest)
    assert revisions == list(range(1, result.revision + 1))
