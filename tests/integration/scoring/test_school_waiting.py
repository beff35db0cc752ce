"""An answer about schools that calls itself level is level, though results are judged between two of its reads."""

from typing import Any

import httpx
import pytest

from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from tests.integration.scoring.schools import ask, describe, of_school, tell


@pytest.mark.parametrize(
    "of", [("low-results", "standings_page"), ("results", "schools_with_results"), ("bias-signs", "years_of_schools")]
)
async def test_an_answer_never_says_that_nothing_waits_beside_what_was_before(
    of: tuple[str, str], scoring: Scoring, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, read = of
    await describe(scoring)
    await tell(scoring, of_school("s1"))
    await scoring.schools.looking.look()
    path = f"/v1/schools/{answer}?period=2022"
    assert (await ask(http, path)).json()["pending"] is False
    await scoring.batches.take(None, News([of_school("s2")]))
    store: Any = scoring.schools.signs._store
    genuine = getattr(store, read)

    async def judged_meanwhile(*args: Any, **options: Any) -> Any:
        before = await genuine(*args, **options)
        await scoring.schools.judging.judge()
        return before

    monkeypatch.setattr(store, read, judged_meanwhile)
    assert (await ask(http, path)).json()["pending"] is True
