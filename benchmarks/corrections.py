"""Corrections of stored results through the public API: each moves the points and names its revision."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.wire import Wire
    from deploy.cli.api import Api

PERIOD = "2022"
REASON = "Уточнение сведений (измерение)"


@dataclass(slots=True)
class Subject:
    """A result that is corrected again and again."""

    id: str
    revision: int
    values: dict[str, Any]

    async def correct(self, wire: Wire) -> None:
        """One more revision: the first indicator goes between 0 and 1."""
        first = next(iter(self.values))
        self.values[first] = "1" if Fraction(str(self.values[first] or 0)) == 0 else "0"
        body = {"values": self.values, "reason": REASON}
        match = f'"{self.revision}"'
        answer = await wire.ask("POST", f"/v1/results/{self.id}/revisions", body, if_match=match)
        self.revision = answer.json()["revision"]


def subjects(api: Api, count: int) -> list[Subject]:
    """So many results of the loaded region, of as many municipalities as there are."""
    by_municipality: dict[str, list[Subject]] = {}
    for result in api.every("monitoring", "/v1/results", period=PERIOD):
        owner = result["subject"]["municipality"]
        key = owner["id"] if isinstance(owner, dict) else owner
        values = result["values"]
        if values:
            by_municipality.setdefault(key, []).append(Subject(result["id"], result["revision"], dict(values)))
    rows: Iterator[Subject | None] = itertools.chain.from_iterable(itertools.zip_longest(*by_municipality.values()))
    return list(itertools.islice((one for one in rows if one), count))
