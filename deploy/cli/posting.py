"""Posting many results in batches, and waiting until one service has heard of another's things."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from deploy.local import Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deploy.cli.api import Api

CHUNK = 200
KNOWN_WITHIN = 30.0
# What monitoring hears through Kafka, a moment after the registry's answer.
UNHEARD = frozenset({"unknown-municipality", "unknown-organization"})


def post_results(
    api: Api, results: Sequence[dict[str, Any]], tell: Callable[[str], None], *, first: int = 0, of: int | None = None
) -> Counter[str]:
    """All results in batches (`new`, `known`); a row that stands already is no error, anything else is."""
    done: Counter[str] = Counter()
    for start in range(0, len(results), CHUNK):
        rows = results[start : start + CHUNK]
        wait(partial(_posted, api, rows, start=first + start, done=done))
        tell(f"результаты: {first + start + len(rows)} из {of or len(results)}")
    return done


def _posted(api: Api, rows: Sequence[dict[str, Any]], *, start: int, done: Counter[str]) -> bool:
    """Post one batch; False when monitoring does not know a subject yet."""
    counts: Counter[str] = Counter()
    for row in api.post("monitoring", "/v1/results/batch", {"items": rows})["items"]:
        codes = {error["code"] for error in row["errors"]}
        if codes & UNHEARD:
            return False
        if row["status"] == "refused" and codes != {"result-exists"}:
            raise Failed(f"строка {start + row['index'] + 1}: {row['errors']}", "исправьте данные и повторите")
        counts["new" if row["status"] == "accepted" else "known"] += 1
    done.update(counts)
    return True


def wait(condition: Callable[[], bool]) -> None:
    """Until it holds; Failed where it does not within half a minute."""
    end = time.monotonic() + KNOWN_WITHIN
    while not condition():
        if time.monotonic() > end:
            raise Failed("данные не дошли до соседней службы", "посмотрите ./rsoko status и ./rsoko logs")
        time.sleep(0.1)


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    """A body without one field, which stands in the address."""
    return {key: value for key, value in body.items() if key != name}
