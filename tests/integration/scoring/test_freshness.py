"""A rating is answered from memory, and yet never older than a second, whoever wrote what changed it."""

from typing import Any

from services.scoring.domain import instant_text
from services.scoring.usecases import Scoring
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.scoring.conftest import door_of
from tests.integration.scoring.told import overall, take
from tests.unit.scoring.made import fact

FULL = {"i1": "2", "i2": "40"}
LESS = {"i1": "1", "i2": "10"}


async def test_a_rating_is_never_older_than_a_second_and_says_of_when_it_is(
    scoring: Scoring, following: Scoring, settings: Settings
) -> None:
    """One process commits, the door of another one is asked, with the ETag of what it told before, too."""
    async with door_of(following, settings) as http:
        await take(scoring, fact("r1", values=FULL))
        await eventually(lambda: overall(following, "m1") == "4", within=30, what="the watch has begun")
        before = await http.get("/v1/ratings/2022")

        async def table() -> dict[str, Any]:
            answer = await http.get("/v1/ratings/2022", headers={"If-None-Match": before.headers["etag"]})
            found: dict[str, Any] = {} if answer.status_code == 304 else answer.json()
            return found

        for revision, values, points in ((2, LESS, "1"), (3, FULL, "4"), (4, LESS, "1")):
            written = fact("r1", revision, values=values, at=revision)
            await take(scoring, written)

            async def shown(at: str = instant_text(written.recorded_at), points: str = points) -> bool:
                told = await table()
                return told.get("data_at") == at and [row["points"] for row in told["rows"]] == [points]

            await eventually(shown, within=1.0, every=0.01, what=f"revision {revision} in the table after a second")
