"""Groups of units by several numbers: scaled, by k-means with a fixed seed, their number justified by silhouettes.

The same rows and parameters give the same clusters: rows are put in order, there is one thread and one seed, and the
clusters are numbered from the one with the highest results.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from shared.kernel import Refused, plural

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Matrix = NDArray[float64]
    Labels = NDArray[int64]

LEAST, MOST = 2, 8
SEED = 20_220_901
STARTS = 10
# A silhouette over more units is taken of a sample: it grows with their square.
SAMPLE = 2_000
# A number counts where so much of the units with any have it, a unit where it has so much of the numbers.
COMMON, OWN = 0.6, 0.5
FEWEST = 10
PLACES = 4
# What a silhouette says of groups (Kaufman and Rousseeuw, "Finding Groups in Data", 1990, table 4 of chapter 2): above
# the first number the structure is strong, then reasonable, then weak and perhaps artificial; else there is none.
STRONG, REASONABLE, WEAK = 0.7, 0.5, 0.25
GROUPS = ("группу", "группы", "групп")
Structure = Literal["strong", "reasonable", "weak", "none"]
Row = tuple[str, Mapping[str, float]]


def clusters_of(rows: Sequence[Row], *, k: int | None = None) -> dict[str, Any]:
    """Clusters of units (id, numbers by name); without `k` the number with the greatest silhouette.

    Refused (`too-few-units`) where there are fewer than ten units, or not more than `k`.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    ordered = sorted(rows)
    names = _common(ordered)
    used = [row for row in ordered if names and sum(name in row[1] for name in names) >= OWN * len(names)]
    if len(used) < FEWEST:
        raise _too_few(f"Единиц с достаточными сведениями: {len(used)}, нужно не меньше {FEWEST}.")
    told = np.array([[row[1].get(name, np.nan) for name in names] for row in used])
    scaled = _scaled(told)
    last = min(MOST, len(used) - 1, len(np.unique(scaled, axis=0)))
    if k is not None and k > last:
        raise _too_few(f"Различающихся единиц хватит не больше чем на {last} {plural(last, GROUPS)}.")
    with threadpool_limits(limits=1):
        tried = {count: _labels(scaled, count) for count in range(LEAST, last + 1)}
        silhouettes = {count: _silhouette(scaled, labels) for count, labels in tried.items()}
    chosen = k or max(silhouettes, key=lambda count: (silhouettes[count], -count), default=1)
    labels = _numbered(scaled, tried.get(chosen, np.zeros(len(used), dtype=np.int64)))
    members = {row[0]: int(label) for row, label in zip(used, labels, strict=True)}
    return {
        "k": chosen,
        "seed": SEED,
        "silhouettes": {str(count): f"{one:.{PLACES}f}" for count, one in silhouettes.items()},
        "features": names,
        "clusters": [_cluster(told, labels, number, names) for number in sorted(set(members.values()))],
        "members": members,
        "missing": {name: [row[0] for row in used if name not in row[1]] for name in names},
        "left_out": [row[0] for row in ordered if row[0] not in members],
    }


def structure_of(silhouette: float | None) -> Structure:
    """How far groups with this silhouette are there at all; without one (all units alike) they are not."""
    if silhouette is None or silhouette <= WEAK:
        return "none"
    return "strong" if silhouette > STRONG else "reasonable" if silhouette > REASONABLE else "weak"


def _too_few(detail: str) -> Refused:
    return Refused("too-few-units", "Слишком мало сведений, чтобы группировать", detail)


def _common(rows: Sequence[Row]) -> list[str]:
    """The numbers that enough of the units with any have, in order."""
    told = [values for _, values in rows if values]
    names = sorted({name for values in told for name in values})
    return [name for name in names if sum(name in values for values in told) >= COMMON * len(told)]


def _scaled(told: "Matrix") -> "Matrix":
    """Every number with mean 0 and deviation 1; what is missing stands at the mean, so that it moves nobody."""
    import numpy as np
    from sklearn.preprocessing import StandardScaler

    scaled = StandardScaler().fit_transform(told)
    return np.asarray(np.nan_to_num(scaled, nan=0.0))


def _labels(scaled: "Matrix", k: int) -> "Labels":
    from sklearn.cluster import KMeans

    found: Labels = KMeans(n_clusters=k, n_init=STARTS, random_state=SEED).fit_predict(scaled)
    return found


def _silhouette(scaled: "Matrix", labels: "Labels") -> float:
    """How much nearer units are to their own cluster than to the next (Rousseeuw 1987), from -1 to 1."""
    from sklearn.metrics import silhouette_score

    looked_at = _sample(labels)
    return float(silhouette_score(scaled[looked_at], labels[looked_at]))


def _sample(labels: "Labels") -> "Labels":
    """All units, or of very many some of each cluster by its size: one drawn from all could miss the small clusters."""
    import numpy as np

    if len(labels) <= SAMPLE:
        return np.arange(len(labels))
    mixed = np.random.default_rng(SEED).permutation(len(labels))
    clusters = [mixed[labels[mixed] == label] for label in np.unique(labels)]
    return np.concatenate([one[: max(FEWEST, round(SAMPLE * len(one) / len(labels)))] for one in clusters])


def _numbered(scaled: "Matrix", labels: "Labels") -> "Labels":
    """Clusters numbered from 1, the highest mean of its numbers first; ties by the numbers themselves."""
    import numpy as np

    centres = {int(label): scaled[labels == label].mean(axis=0) for label in np.unique(labels)}
    order = sorted(centres, key=lambda label: (-centres[label].mean(), (-centres[label]).tolist()))
    place = {label: number for number, label in enumerate(order, start=1)}
    return np.array([place[int(label)] for label in labels], dtype=np.int64)


def _cluster(told: "Matrix", labels: "Labels", number: int, names: Sequence[str]) -> dict[str, Any]:
    """A cluster's size and the mean of each number over its units that have it."""
    import numpy as np

    rows = told[labels == number]
    centre = {}
    for place, name in enumerate(names):
        known = rows[:, place][~np.isnan(rows[:, place])]
        centre[name] = f"{known.mean():.{PLACES}f}" if len(known) else None
    return {"cluster": number, "size": len(rows), "centre": centre}
