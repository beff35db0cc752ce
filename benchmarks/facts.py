"""Facts of scoring as the benches make them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from services.scoring.domain import Fact
from shared.kernel import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = datetime(2023, 1, 1, tzinfo=UTC)


def fact_of(
    municipality: str, procedure: str, values: Mapping[str, str | None], *, period: str = "2022", revision: int = 1
) -> Fact:
    """What a municipality's result in a procedure says."""
    return Fact(
        result=f"{municipality}:{procedure}:{period}",
        revision=revision,
        procedure=procedure,
        period=period,
        source="bench",
        occurred_at=NOW,
        recorded_at=NOW,
        cause=Cause("bench"),
        municipality=municipality,
        values=values,
    )
