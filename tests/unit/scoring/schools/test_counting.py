"""Which of several results of a school, procedure and year counts: lists, signs and clusters choose the same one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.schools import judged
from services.scoring.domain.schools.settling import sheets_of
from services.scoring.domain.signs.tables import Tables, Wanted
from services.scoring.works.schools import means_of
from tests.unit.scoring.schools.made import FINE, SUBJECTS, WEAK, thresholds

Row = dict[str, Any]
PARAMETERS = {"boundaries": {}, "pairs": [], "medallists": None}
KEYS = {"vpr": ["m2", "m3", "m4", "m5"]}


def row(result: str, period: str = "2022", revision: int = 1, values: Any = WEAK, **more: Any) -> Row:
    told = None if values is None else {**values, "percent": str(revision)}
    return {"result": result, "period": period, "revision": revision, "procedure": "vpr", "organization": "s1",
            "municipality": "m1", "recorded_at": "", "values": told} | more  # fmt: skip


def listed(rows: list[Row]) -> tuple[str, int]:
    rules = thresholds()
    found = judged(sheets_of(rows), rules, subjects=SUBJECTS)["russian"]["vpr"][2022]
    return found.result, found.revision


def signed(rows: list[Row]) -> tuple[str, int]:
    tables = Tables(Wanted(2022, KEYS, PARAMETERS))
    for one in rows:
        tables.take(one)
    [origin] = tables.held["vpr", 2022].origins
    return origin.result, origin.revision


def clustered(rows: list[Row]) -> str | None:
    """The mean that clusters take: rows of this test bear their own name as one."""
    named = [one | {"values": one["values"] and {"percent": f"{one['result']}:{one['revision']}"}} for one in rows]
    return means_of(named)["s1", "vpr"]


def test_a_withdrawn_result_of_a_later_period_does_not_hide_the_one_in_force():
    rows = [row("a", "2021-2022"), row("b", "2022"), row("b", "2022", 2, None)]
    for order in (rows, rows[::-1]):
        assert (listed(order), signed(order), clustered(order)) == (("a", 1), ("a", 1), "a:1")


def test_where_a_procedure_did_not_apply_that_is_in_force_too():
    rows = [row("a", "2021-2022"), row("b", "2022", 1, None, not_applicable={"reason": "r", "act": "a"})]
    assert (listed(rows), signed(rows), clustered(rows)) == (("b", 1), ("b", 1), None)


RESULTS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1, 4), st.sampled_from([WEAK, FINE, None])),
    min_size=1, max_size=9, unique_by=lambda one: one[:2],
)  # fmt: skip
PERIODS = st.fixed_dictionaries({result: st.sampled_from(["2022", "2021-2022"]) for result in "abc"})


@given(RESULTS, PERIODS)
def test_lists_signs_and_clusters_choose_alike_in_whatever_order_results_come(told: Any, periods: dict[str, str]):
    rows = [row(result, periods[result], revision, values) for result, revision, values in told]
    last = [one for one in rows if one["revision"] == max(r["revision"] for r in rows if r["result"] == one["result"])]
    valid = [one for one in last if one["values"] is not None] or last
    best = max(valid, key=lambda one: (one["period"], one["result"]))
    plain = (best["result"], best["revision"])
    assert listed(rows) == signed(rows) == plain
    assert clustered(rows) == (None if best["values"] is None else f"{plain[0]}:{plain[1]}")
