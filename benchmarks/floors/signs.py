"""The floor of `schools`: lists and tests of all results as plain numpy and scipy, on arrays that are there already."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from scipy.stats import binom, false_discovery_control, norm

Arrays = dict[str, Any]


def lists(arrays: Arrays) -> int:
    """How many school years have some procedure with at least 30 % of marks 2; no reasons, nothing stored."""
    found = 0
    for name, counts in arrays.items():
        if name.startswith("marks|"):
            found += int((counts[:, 0] * 10 >= counts.sum(axis=1) * 3).sum())
    return found


def tests(arrays: Arrays) -> int:
    """Binomial at the boundaries, Mann-Whitney between years, corrected; how many are below 5 %."""
    found = 0
    for name, counts in arrays.items():
        kind, _, key = name.partition("|")
        procedure, _, year = key.partition("|")
        if kind == "scores":
            boundaries = arrays[f"boundaries|{procedure}"]
            at = counts[:, boundaries].sum(axis=1)
            near = at + counts[:, boundaries - 1].sum(axis=1) + counts[:, boundaries - 2].sum(axis=1)
            found += _below(binom.sf(at - 1, near, 1 / 3))
        before = arrays.get(f"marks|{procedure}|{int(year) - 1}") if kind == "marks" else None
        if before is not None:
            n, m = before.sum(axis=1), counts.sum(axis=1)
            lower = before.cumsum(axis=1) - before
            wins = (counts * (lower + before / 2)).sum(axis=1)
            z = (wins - n * m / 2) / np.sqrt(n * m * (n + m + 1) / 12)
            found += _below(2 * norm.sf(np.abs(z)))
    return found


def _below(ps: Any) -> int:
    return int((false_discovery_control(np.clip(ps, 0, 1)) <= 0.05).sum())


def main(path: str) -> None:
    """Say how long both took, once each was tried."""
    with np.load(path) as held:
        arrays = {name: held[name] for name in held.files}
    tests(arrays)
    took = {}
    for name, work in (("lists", lists), ("signs", tests)):
        began = time.perf_counter()
        work(arrays)
        took[name] = time.perf_counter() - began
    sys.stdout.write(json.dumps(took))


if __name__ == "__main__":
    main(sys.argv[1])
