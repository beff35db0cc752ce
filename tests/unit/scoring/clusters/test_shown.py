"""What of a cluster is told to who sees only some of its members."""

from services.scoring.usecases.schools.clusters import _shown

UNITS = [f"s{number}" for number in range(8)]
CLUSTER = {"cluster": 1, "size": 8, "centre": {"a": "0.5049", "b": "0.4000", "c": None}}


def test_a_mean_is_told_where_five_foreign_members_have_its_number():
    made = {"members": dict.fromkeys(UNITS, 1) | {"s9": 2}, "missing": {"a": [], "b": ["s3"], "c": UNITS}}
    assert _shown(CLUSTER, made, {"s0", "s1", "s2"})["centre"] == {"a": "0.50", "b": None, "c": None}
    assert _shown(CLUSTER, made, {"s0", "s1", "s2", "s3"})["centre"] is None
    assert _shown(CLUSTER, made, ())["centre"] == {"a": "0.50", "b": "0.40", "c": None}
