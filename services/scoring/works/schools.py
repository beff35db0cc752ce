"""What is computed over stored facts in a process of its own: a line that says what, then the facts as stored."""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, NamedTuple

import orjson

from services.scoring.domain.clusters import clusters_of
from services.scoring.domain.schools.counting import Claim, claim_of, counted
from services.scoring.domain.signs.tables import Wanted, signs_of
from shared.works.documents import documents

PERCENT = 100


def group_schools(stream: BinaryIO) -> bytes:
    """Clusters of schools by the means of a year's procedures, in the other process."""
    told = orjson.loads(stream.readline())
    means: dict[str, dict[str, float]] = {}
    for (school, procedure), mean in means_of(documents(stream)).items():
        held = means.setdefault(school, {})
        if mean is not None:
            held[procedure] = float(mean) / PERCENT
    return orjson.dumps(clusters_of(list(means.items()), k=told["k"]))


def means_of(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str | None]:
    """The mean that each school and procedure has by the result that counts; only the last revisions are held."""
    last: dict[str, _Told] = {}
    for row in rows:
        held = last.get(row["result"])
        if held is None or held.revision < row["revision"]:
            mean = (row.get("values") or {}).get("percent")
            last[row["result"]] = _Told(row["organization"], row["procedure"], row["revision"], claim_of(row), mean)
    chosen = counted(last.values(), place=lambda one: (one.school, one.procedure), claim=lambda one: one.claim)
    return {place: one.mean for place, one in chosen.items()}


class _Told(NamedTuple):
    school: str
    procedure: str
    revision: int
    claim: Claim
    mean: str | None


def group_units(data: bytes) -> bytes:
    """Clusters of units given with their numbers, in the other process."""
    told = orjson.loads(data)
    return orjson.dumps(clusters_of([(unit, values) for unit, values in told["rows"]], k=told["k"]))


def look_for_signs(stream: BinaryIO) -> bytes:
    """The signs of a year, in the other process."""
    told = orjson.loads(stream.readline())
    wanted = Wanted(told["year"], told["keys"], told["parameters"])
    return orjson.dumps(signs_of(wanted, documents(stream)))
