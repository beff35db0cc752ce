"""What may change in a described procedure while results hold values, and what corrects results of before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.monitoring.domain import Candidate, EventMark, Row, accept, check_values, decide, describe, stake
from services.monitoring.events import Indicator, Reported
from shared.kernel import Cause, Refused
from tests.unit.monitoring.made import NOW, candidate, procedure

ONE, TWO = procedure().indicators
SHARE = Indicator(key="i2", name="Второй", maximum="2", values=Reported(unit="percent", maximum="80"))
HELD = {"i1": "r1", "i2": "r1"}
VALUES = {"i1": "2", "i2": "1.5"}
NEW = Indicator(key="i4", name="Новый", maximum="1")


def changed(one: Indicator, **more: Any) -> Indicator:
    return one.model_copy(update=more)


def reported(**more: Any) -> Indicator:
    assert SHARE.values is not None
    return changed(SHARE, values=changed_values(SHARE.values, **more))


def changed_values(values: Reported, **more: Any) -> Reported:
    return values.model_copy(update=more)


def with_indicators(*indicators: Indicator, maximum: str = "4") -> Any:
    return procedure(indicators=indicators, maximum=maximum)


@pytest.mark.parametrize(
    ("before", "after", "pointer"),
    [
        ((ONE, TWO), (ONE,), "/indicators"),
        ((ONE, TWO), (changed(TWO, key="i3"), ONE), "/indicators"),
        ((ONE, TWO), (ONE, SHARE), "/indicators/1"),
        ((ONE, SHARE), (ONE, TWO), "/indicators/1"),
        ((ONE, SHARE), (ONE, reported(unit="count")), "/indicators/1"),
        ((ONE, SHARE), (ONE, reported(maximum="50")), "/indicators/1/values/maximum"),
        ((ONE, TWO), (changed(TWO, maximum="1"), ONE), "/indicators/0/maximum"),
    ],
)
def test_what_results_hold_stays_what_it_is(before: Sequence[Indicator], after: Sequence[Indicator], pointer: str):
    total = str(sum(int(one.maximum) for one in after))
    current, wanted = procedure(indicators=tuple(before)), procedure(indicators=tuple(after), maximum=total)
    assert stake(current, wanted) == ("i2",)
    with pytest.raises(Refused) as refused:
        describe(current, wanted, expected=1, held=HELD)
    [error] = refused.value.errors
    assert (refused.value.code, error.code, error.pointer) == ("invalid-procedure", "indicator-in-use", pointer)
    assert ("i2" in error.message, "r1" in error.message, "новым ключом" in error.remedy) == (True, True, True)
    assert describe(current, wanted, expected=1, held={"i1": "r1"}).events, "what no result holds may change"


@pytest.mark.parametrize(
    ("after", "maximum"),
    [
        ((changed(ONE, name="Иначе"), SHARE), "4"),
        ((SHARE, ONE), "4"),
        ((ONE, SHARE, NEW), "5"),
        ((ONE, changed(SHARE, maximum="1")), "3"),
        ((ONE, reported(maximum="100")), "4"),
        ((ONE, reported(maximum="80.0")), "4"),
    ],
)
def test_names_order_worth_and_higher_bounds_may_change(after: Sequence[Indicator], maximum: str):
    current = with_indicators(ONE, SHARE)
    wanted = procedure(indicators=tuple(after), maximum=maximum, name="Всё равно иначе")
    assert stake(current, wanted) == ()
    assert describe(current, wanted, expected=1, held=HELD).events


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        (VALUES, []),
        ({"i1": "1", "i2": "1.5"}, []),
        ({"i1": "2", "i2": "1.5", "i4": "1"}, []),
        ({"i1": "2", "i2": "1.5", "i4": "3"}, [("/values/i4", "out-of-range")]),
        ({"i1": "2"}, [("/values/i2", "required")]),
        ({"i1": "2", "i2": "1.5", "i5": "1"}, [("/values/i5", "unknown-indicator")]),
    ],
)
def test_a_correction_of_a_result_of_before_may_leave_out_what_it_never_had(values: Any, wrong: list[tuple[str, str]]):
    described = with_indicators(ONE, TWO, NEW, maximum="5")
    assert [(one.pointer, one.code) for one in check_values(values, described, VALUES)] == wrong


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"i1": "1", "i2": "1.5", "i3": "50"}, []),
        ({"i1": "1", "i2": "1.5", "i3": None}, []),
        ({"i1": "1", "i2": "1.5"}, [("/values/i3", "required")]),
        ({"i1": "1", "i2": "1.5", "i3": "51"}, [("/values/i3", "unknown-indicator")]),
        ({"i1": "1", "i2": "7", "i3": "50"}, [("/values/i2", "out-of-range")]),
    ],
)
def test_what_is_described_no_more_is_said_again_and_never_lost(values: Any, wrong: list[tuple[str, str]]):
    """Where the catalogue was changed before this was refused."""
    held = VALUES | {"i3": "50"}
    assert [(one.pointer, one.code) for one in check_values(values, procedure(), held)] == wrong
    assert list(check_values(VALUES, procedure(), VALUES | {"i3": None})) == []


def test_what_a_result_says_is_not_judged_again_by_another_bound():
    assert list(check_values({"i1": "9", "i2": "1"}, procedure(), {"i1": "9", "i2": "0"})) == []


def heard(one: Candidate, *, event: str | None = "e", minutes: int = 5) -> Row:
    later = replace(one, occurred_at=NOW + timedelta(minutes=minutes))
    return Row(later, None, Cause("c"), "system:gis", "gis", EventMark("gis", event, "d") if event else None)


def test_a_first_result_names_every_indicator():
    decision = decide([heard(candidate(values={"i1": 1}))], {}, {}, now=NOW)
    [(_, refused)] = decision.refusals()
    assert [(one.pointer, one.code) for one in refused.errors] == [("/values/i2", "required")]
    assert (decision.fresh, decision.told, decision.seen) == ({}, [], [])


@pytest.mark.parametrize(
    ("values", "event", "status"),
    [
        ({"i1": 2}, "e", "unchanged"),
        ({"i1": 2}, None, "unchanged"),
        ({"i1": 2, "i2": None}, "e", "unchanged"),
        ({"i1": 2, "i2": None}, None, "unchanged"),
        ({"i1": 1}, "e", "corrected"),
        ({"i1": 2, "i2": 1}, "e", "corrected"),
        ({"i2": 1}, "e", "refused"),
    ],
)
def test_what_repeats_or_corrects_a_result_of_before_need_not_name_a_new_indicator(
    values: Any, event: str | None, status: str
):
    """The catalogue gained i2 since: the nightly export of an old year goes on, quietly."""
    before = replace(accept(candidate(), now=NOW, by="system:gis"), values={"i1": "2"})
    decision = decide([heard(candidate(values=values), event=event)], {before.id: before}, {}, now=NOW)
    assert [one.status for one in decision.outcomes] == [status]


def test_a_withdrawn_result_comes_back_with_every_indicator():
    before = replace(accept(candidate(), now=NOW, by="system:gis"), values=None, status="withdrawn")
    decision = decide([heard(candidate(values={"i1": 1}))], {before.id: before}, {}, now=NOW)
    assert [one.status for one in decision.outcomes] == ["refused"]
