"""Clusters: the same from the same data, as many as the silhouettes say, and never guessed from nothing."""

import random

import numpy as np
import pytest
from numpy.random import default_rng

from services.scoring.domain.clusters import clusters_of, grouping, structure_of
from shared.kernel import Refused

NAMES = ("a", "b", "c")


def groups(*middles: float, each: int = 20, seed: int = 1) -> list[tuple[str, dict[str, float]]]:
    """Units around some middles, far from one another."""
    rng = default_rng(seed)
    return [
        (f"u{place}{number:03}", {name: float(rng.normal(middle, 0.02)) for name in NAMES})
        for place, middle in enumerate(middles)
        for number in range(each)
    ]


def test_as_many_clusters_as_there_are_groups_the_highest_first():
    found = clusters_of(groups(0.2, 0.9, 0.5))
    assert found["k"] == 3
    assert [(one["cluster"], one["size"]) for one in found["clusters"]] == [(1, 20), (2, 20), (3, 20)]
    assert [round(float(one["centre"]["a"]), 1) for one in found["clusters"]] == [0.9, 0.5, 0.2]
    assert {found["members"][f"u1{number:03}"] for number in range(20)} == {1}
    assert max(found["silhouettes"], key=lambda k: float(found["silhouettes"][k])) == "3"
    assert set(found["silhouettes"]) == set(map(str, range(2, 9)))


def test_the_same_rows_in_any_order_give_the_same_clusters():
    rows = [(f"u{n:03}", dict(zip(NAMES, default_rng(n).random(3).tolist(), strict=True))) for n in range(120)]
    first = clusters_of(rows)
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        assert clusters_of(rows) == first
    assert clusters_of(rows, k=5)["k"] == 5


def test_a_number_in_other_units_changes_nothing():
    rows = groups(0.2, 0.9, 0.5)
    larger = [(unit, {**values, "b": values["b"] * 1_000}) for unit, values in rows]
    assert clusters_of(larger)["members"] == clusters_of(rows)["members"]


def test_what_is_missing_moves_nobody_and_too_much_of_it_leaves_a_unit_out():
    rows = groups(0.2, 0.9)
    rows[0] = (rows[0][0], {"a": 0.2, "b": 0.2})
    rows[1] = (rows[1][0], {"a": 0.2})
    rows.append(("rare", {"only": 1.0}))
    found = clusters_of(rows)
    assert found["left_out"] == ["rare", rows[1][0]]
    assert found["members"][rows[0][0]] == 2
    assert found["features"] == list(NAMES)
    assert not any(np.isnan(float(value)) for one in found["clusters"] for value in one["centre"].values())


@pytest.mark.parametrize(("rows", "k"), [(groups(0.2, 0.9, each=4), None), (groups(0.5, each=10), 10), ([], None)])
def test_too_few_units_are_refused(rows: list[tuple[str, dict[str, float]]], k: int | None):
    with pytest.raises(Refused) as refused:
        clusters_of(rows, k=k)
    assert refused.value.code == "too-few-units"


def test_units_of_which_nothing_is_known_are_left_out_and_change_nothing():
    known = clusters_of(groups(0.2, 0.9))
    silent: list[tuple[str, dict[str, float]]] = [(f"silent{n}", {}) for n in range(60)]
    found = clusters_of([*groups(0.2, 0.9), *silent])
    assert found == known | {"left_out": sorted(unit for unit, _ in silent)}


def test_units_that_are_all_alike_are_still_answered():
    rows = [(f"u{n:02}", {"a": 1.0}) for n in range(12)]
    found = clusters_of(rows)
    assert (found["k"], set(found["members"].values()), found["silhouettes"]) == (1, {1}, {})
    with pytest.raises(Refused):
        clusters_of(rows, k=3)


def test_a_cluster_that_a_sample_of_all_would_miss_has_a_silhouette_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grouping, "SAMPLE", 20)
    found = clusters_of([*groups(0.5, each=300), ("far", dict.fromkeys(NAMES, 50.0))])
    assert (found["k"], [one["size"] for one in found["clusters"]]) == (2, [1, 300])
    assert float(found["silhouettes"]["2"]) > 0.9


def test_the_best_number_of_groups_in_noise_is_weak_and_of_groups_apart_strong():
    rng = default_rng(0)
    noise = clusters_of([(f"u{n:02}", {"a": float(rng.normal()), "b": float(rng.normal())}) for n in range(60)])
    assert structure_of(float(noise["silhouettes"][str(noise["k"])])) == "weak"
    apart = clusters_of(groups(0.2, 0.9, 0.5))
    assert structure_of(float(apart["silhouettes"]["3"])) == "strong"


@pytest.mark.parametrize(
    ("silhouette", "structure"),
    [(0.71, "strong"), (0.7, "reasonable"), (0.51, "reasonable"), (0.5, "weak"), (0.26, "weak"), (0.25, "none"),
     (-0.1, "none"), (None, "none")],
)  # fmt: skip
def test_a_silhouette_says_how_far_groups_are_there(silhouette: float | None, structure: str):
    assert structure_of(silhouette) == structure
