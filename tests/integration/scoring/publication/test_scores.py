"""Single scores and editions: who may not see a live rating does not read it score by score either."""

import pytest

from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from tests.integration.scoring.publication.conftest import People
from tests.integration.scoring.publication.test_ratings import correct

SCORE, HISTORY = "/v1/scores/m1?period=2022", "/v1/scores/m1/history"
LATER = "as_of=2023-02-01T09:00:00Z"  # as late as the clock of these tests stands
COMPARED = "/v1/scores/m1/compare?period=2022&with=m2"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        *((path, 200) for path in (SCORE, "/v1/scores/m1", f"{SCORE}&{LATER}", COMPARED, "/v1/scales/2022")),
        ("/v1/scales/2022/1", 404),  # no rule of this edition compares municipalities: it has no scale
    ],
)
async def test_a_score_of_a_rating_that_is_not_open_is_refused(people: People, path: str, shown: int):
    refused = await people.ask("expert", "GET", path)
    assert (refused.status_code, refused.json()["action"]) == (403, "rating.read-live")
    assert (await people.ask("m2", "GET", path)).status_code == shown


async def test_a_history_leaves_out_what_is_not_open(people: People):
    assert (await people.ask("expert", "GET", HISTORY)).json()["items"] == []
    assert [one["period"] for one in (await people.ask("m2", "GET", HISTORY)).json()["items"]] == ["2022"]


async def test_an_opened_rating_is_read_score_by_score(people: People):
    await people.ask("ministry", "PUT", "/v1/periods/2022/publication", {"public": True, "act": "приказ № 1"})
    for path in (SCORE, f"{SCORE}&{LATER}", COMPARED, HISTORY, "/v1/scales/2022"):
        assert (await people.ask("expert", "GET", path)).status_code == 200, path


async def test_once_published_the_edition_is_read_whatever_is_corrected_later(people: People, scoring: Scoring):
    letter = {"_id": "first", "revision": 1, "name": "Первая", "permitted_uses": ["analysis"], "act": "письмо № 5"}
    await scoring.batches.take(None, News((), (), [letter]))
    await scoring.state.load_registers()
    live = (await people.ask("m1", "GET", SCORE)).json()
    await people.published()
    await correct(people, scoring)
    told = (await people.ask("expert", "GET", SCORE)).raise_for_status().json()
    assert (told["edition"], told["revision"]) == ("2022-1", None)
    assert [one["title"] for one in told["flags"]] == ["Первая"]
    for same in ("municipality", "period", "methodology", "flags", "overall", "groups"):
        assert told[same] == live[same]
    assert (await people.ask("expert", "GET", "/v1/scores/m1")).json() == told
    [line] = (await people.ask("expert", "GET", HISTORY)).json()["items"]
    assert line == {name: told[name] for name in line}
    mine = (await people.ask("m1", "GET", SCORE)).json()
    assert (mine["edition"], mine["overall"] == told["overall"]) == (None, False)
    none = (await people.ask("expert", "GET", "/v1/scores/m4?period=2022")).json()
    assert none["overall"] == {"state": "no_data"}
    for hidden in (f"{SCORE}&{LATER}", COMPARED, "/v1/scales/2022"):
        assert (await people.ask("expert", "GET", hidden)).status_code == 403, hidden
