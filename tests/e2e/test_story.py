"""The main job on the running platform: the region's tables, one correction, and everybody concerned told once."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from deploy.cli.advice import falls
from deploy.cli.api import Api
from deploy.cli.story import Correction, choose
from deploy.local import STORED
from tests.e2e.conftest import Running, until
from tests.e2e.people import FOREIGN, OWN
from tests.e2e.records import Told, told
from tests.e2e.tables import GROUPS, Points, published_points, rows, shown, table

TABLES = (*GROUPS, "overall")
TOPICS = ("monitoring.result.v1", "scoring.score.v1")
SERVICES = ("monitoring", "scoring", "notification")
HEARD_WITHIN = 180.0


def rating(running: Running, group: str, who: str = "public") -> dict[str, Any]:
    """A table of 2022 as somebody reads it."""
    found: dict[str, Any] = running.tell(who, "GET", "scoring", f"/v1/ratings/2022?group={group}")
    return found


@pytest.mark.parametrize("group", ["conditions", "results"])
def test_every_published_row_comes_out(running: Running, group: str):
    published = {row["oktmo"]: (int(row["rank"]), int(row["percent"])) for row in rows(f"published_{group}_2022.csv")}
    found = {code: (rank, percent) for code, (rank, percent, _) in shown(rating(running, group)).items()}
    assert len(published) == 43
    assert found == published


@pytest.mark.parametrize("group", TABLES)
def test_every_table_follows_from_the_points_by_plain_fractions(running: Running, group: str):
    points, found = published_points(), rating(running, group)
    assert shown(found) == table(points, group)
    for row in found["rows"]:
        expected, maximum = points[row["municipality"]["oktmo"]].share(group)
        assert (Fraction(row["points"]), Fraction(row["maximum"])) == (expected, maximum)
    order = [(row["rank"], row["municipality"]["name"]) for row in found["rows"]]
    assert order == sorted(order)
    assert found["no_data"] == []


def test_a_table_is_open_data_for_everybody(running: Running):
    answer = running.ask("public", "GET", "scoring", "/v1/ratings/2022", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(answer.text.strip().splitlines()) == 1 + 43
    again = {"If-None-Match": running.ask("public", "GET", "scoring", "/v1/ratings/2022").headers["etag"]}
    assert running.ask("public", "GET", "scoring", "/v1/ratings/2022", headers=again).status_code == 304


@dataclass(frozen=True, slots=True)
class Story:
    """One correction that moved a municipality past another, and what came of it."""

    correction: Correction
    correlation: str
    lost: Fraction
    group: str
    before: dict[str, dict[str, tuple[int, int, str]]]
    pushed: dict[str, Any]

    @property
    def whose(self) -> str:
        """The municipality's id."""
        return str(self.correction.municipality["id"])


@pytest.fixture(scope="module")
def story(running: Running) -> Story:
    """Post the correction while the ministry listens to the stream."""
    with Api(settings=running.settings) as api:
        correction = choose(api)
    procedure = running.tell("public", "GET", "monitoring", f"/v1/procedures/{correction.result['procedure']}")
    before = {group: shown(rating(running, group)) for group in TABLES}
    correlation = f"story-{uuid.uuid4().hex}"
    url = f"{running.settings.url('notification')}/v1/stream"
    with running.client.stream("GET", url, headers={"Authorization": f"Bearer {running.tokens['ministry']}"}) as stream:
        lines = stream.iter_lines()
        until(lambda: next(lines).startswith("id:"), what="the greeting of the stream")
        _post(running, correction, correlation)
        pushed = _line(lines, lambda line: line.startswith("data:") and correction.result["id"] in line)
    old, new = (Fraction(one[correction.indicator]) for one in (correction.result["values"], correction.values))
    return Story(
        correction, correlation, old - new, procedure["group"], before, json.loads(pushed.removeprefix("data:"))
    )


def _line(lines: Iterator[str], wanted: Callable[[str], bool]) -> str:
    """The first line wanted of a stream that has no end: its heartbeats let no read time out."""
    end, seen = time.monotonic() + HEARD_WITHIN, list[str]()
    for line in lines:
        if wanted(line):
            return line
        seen.append(line)
        assert time.monotonic() < end, f"not within {HEARD_WITHIN} s; seen: {seen}"
    raise AssertionError(f"the stream ended; seen: {seen}")


def _post(running: Running, correction: Correction, correlation: str) -> None:
    answer = running.ask(
        "operator", "POST", "monitoring", f"/v1/results/{correction.result['id']}/revisions",
        json={"values": correction.values, "reason": "Ошибка переноса"},
        headers={"If-Match": f'"{correction.result["revision"]}"', "X-Correlation-Id": correlation},
    )  # fmt: skip
    assert (answer.status_code, answer.headers["etag"]) == (201, '"2"'), answer.text
    assert answer.headers["x-correlation-id"] == correlation


def test_the_ranks_move_as_plain_fractions_say(running: Running, story: Story):
    code = story.correction.municipality["oktmo"]
    points: dict[str, Points] = published_points()
    points[code] = points[code].less(story.group, story.lost)
    for group in TABLES:
        until(lambda at=group: shown(rating(running, at)) == table(points, at), what=f"the table {group}")
    assert table(points, "overall")[code][0] > story.before["overall"][code][0]


def _caused(running: Running, story: Story) -> list[Told]:
    """The result and the score that the request told; none until both are there."""
    found = [one for one in told(running, *TOPICS) if one.headers["ce_correlationid"] == story.correlation]
    return sorted(found, key=lambda one: one.headers["ce_type"]) if len(found) > 1 else []


def test_one_correlation_id_goes_from_the_request_through_every_event_and_log(running: Running, story: Story):
    result, score = until(lambda: _caused(running, story))
    assert result.headers["ce_type"] == "ru.rsoko.monitoring.result.corrected.v1"
    assert (result.body["revision"], result.body["reason"]) == (2, "Ошибка переноса")
    assert score.headers["ce_type"] == "ru.rsoko.scoring.score.changed.v1"
    assert score.headers["ce_causationid"] == result.headers["ce_id"]
    corrected = story.correction.result
    assert score.body["causes"] == [
        {"result": corrected["id"], "revision": 2, "procedure": corrected["procedure"], "withdrawn": False}
    ]
    assert {one.key for one in (result, score)} == {story.whose}
    for service in SERVICES:
        log = running.settings.logs / f"{service}.log"
        until(lambda at=log: story.correlation in at.read_text(encoding="utf-8"), what=f"the id in {service}'s log")


def test_a_told_change_says_what_the_tables_said(running: Running, story: Story):
    score = _caused(running, story)[-1].body
    code = story.correction.municipality["oktmo"]
    for change in (one for one in score["changes"] if one["group"] in TABLES):
        now = shown(rating(running, change["group"]))[code]
        for part, expected in ((change["before"], story.before[change["group"]][code]), (change["after"], now)):
            assert (part["rank"], part["percent"], part["level"]) == expected
    assert {"overall", story.group} <= {one["group"] for one in score["changes"]}


def _inbox(running: Running, who: str) -> list[dict[str, Any]]:
    """What the story put there: tests of schools tell theirs of schools, those of regions of another one."""
    found = running.tell(who, "GET", "notification", "/v1/inbox?limit=200")["items"]
    mine = [one for one in found if one["municipality"]["id"].startswith("74-") and one["period"] == "2022"]
    return [one for one in mine if not one["kind"].startswith("school_")]


def test_those_concerned_are_told_once_and_nobody_else(running: Running, story: Story):
    item = until(lambda: _inbox(running, "ministry"), what="the ministry's item")
    assert len(item) == 1
    assert item[0]["id"] == story.pushed["id"]
    assert item[0]["municipality"]["id"] == story.whose
    assert item[0]["causes"][0]["result"] == story.correction.result["id"]
    assert story.correction.municipality["name"] in item[0]["title"] + item[0]["body"]
    with Api("municipality", settings=running.settings, municipality_id=story.whose) as own:
        found = [one for one in own.get("notification", "/v1/inbox")["items"] if one["period"] == "2022"]
    assert [one["id"] for one in found] == [item[0]["id"]]
    for other, whose in (("own municipality", OWN), ("foreign municipality", FOREIGN)):
        assert len(_inbox(running, other)) == (whose == story.whose)


def test_a_fallen_level_is_answered_by_a_recommendation_that_joins_the_item(running: Running, story: Story):
    score = _caused(running, story)[-1].body
    fallen = falls(score)
    assert fallen > 0, "the demo's correction lowers a level"

    def joined() -> dict[str, Any] | None:
        (item,) = _inbox(running, "ministry")
        return item if len(item["recommendations"]) == fallen else None

    item = until(joined, what="the recommendations in the item")
    assert item["deadlines"]
    named = item["recommendations"][0]["id"]
    with Api("municipality", settings=running.settings, municipality_id=story.whose) as own:
        found = own.get("roadmap", f"/v1/recommendations/{named}")
    assert (found["state"], found["basis"]["score_revision"]) == ("drafted", score["revision"])
    assert story.correction.municipality["name"] in found["addressee"]
    other = OWN if story.whose != OWN else FOREIGN
    with Api("municipality", settings=running.settings, municipality_id=other) as foreign:
        assert foreign.ask("GET", "roadmap", f"/v1/recommendations/{named}").status_code == 404


def test_what_was_due_on_a_day_of_2022_and_the_five_questions(running: Running, story: Story):
    query = f"municipality={story.whose}&on=2022-11-01&due_before=2022-12-31&limit=200"
    due = running.tell("public", "GET", "roadmap", f"/v1/activities?{query}")["items"]
    assert [one["due"] for one in due] == sorted(one["due"] for one in due)
    assert {one["number"] for one in due if one["roadmap"] == "region-2022" and one["state"] == "open"} == {
        *("8", "9", "11", "12", "17", "18", "19")
    }
    asked = running.tell("operator", "GET", "roadmap", "/v1/questions?state=open")["items"]
    assert [one["number"] for one in asked] == ["6", "7", "20", "21", "22"]


def test_the_stream_resumes_behind_the_last_event(running: Running, story: Story):
    url = f"{running.settings.url('notification')}/v1/stream?last_event_id=0"
    with running.client.stream("GET", url, headers={"Authorization": f"Bearer {running.tokens['ministry']}"}) as stream:
        found = _line(stream.iter_lines(), lambda line: story.correction.result["id"] in line)
    assert json.loads(found.removeprefix("data:"))["id"] == story.pushed["id"]


def _everything(running: Running) -> tuple[list[Any], int]:
    """The tables as they stand, and how many events were told."""
    return [rating(running, group)["rows"] for group in TABLES], len(told(running, *TOPICS))


def test_loading_the_region_again_changes_nothing(running: Running, story: Story):
    before = _everything(running)
    loaded = running.cli("load", "region", "--json")
    assert loaded.returncode == 0, loaded.stderr
    counts = {one["what"]: one["count"] for one in json.loads(loaded.stdout)["items"]}
    assert (counts["результаты, новых"], counts["результаты, уже были"]) == (0, 765)
    assert _everything(running) == before
    assert (
        running.tell("operator", "GET", "monitoring", f"/v1/results/{story.correction.result['id']}")["revision"] == 2
    )


def test_verify_finds_nothing_and_a_rebuild_changes_nothing(running: Running, story: Story):
    before = _everything(running)
    verified = running.cli("scoring", "verify", "--json")
    assert (verified.returncode, json.loads(verified.stdout)["items"]) == (0, []), verified.stderr
    rebuilt = running.cli("scoring", "rebuild", "--json")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert [one["changed"] for one in json.loads(rebuilt.stdout)["items"]] == [0]
    assert _everything(running) == before


def test_topics_and_migrations_are_repeatable(running: Running):
    applied = running.cli("topics", "apply", "--json")
    assert {one["result"] for one in json.loads(applied.stdout)["items"]} == {"unchanged"}
    for _ in range(2):
        assert running.cli("migrate").returncode == 0


def test_the_outbox_empties_and_all_is_ready(running: Running, story: Story):
    until(lambda: _unpublished(running) == dict.fromkeys(STORED, 0), what="nothing waits to be sent")
    until(lambda: running.cli("status", "--json").returncode == 0, what="all is ready")
    processes = json.loads(running.cli("status", "--json").stdout)["processes"]
    assert {one["name"] for one in processes} >= {"kafka", "mongodb", "identity", "portal", *SERVICES}
    assert all(one["pid"] > 0 and one["url"] for one in processes)


def _unpublished(running: Running) -> dict[str, int]:
    stats = json.loads(running.cli("outbox", "stats", "--json").stdout)["items"]
    return {one["service"]: one["unpublished"] for one in stats}


def test_the_command_gives_a_token_that_opens_the_door(running: Running):
    given = running.cli("token", "municipality", "--municipality", OWN).stdout.strip()
    answer = running.ask("public", "GET", "notification", "/v1/inbox", headers={"Authorization": f"Bearer {given}"})
    assert answer.status_code == 200
    refused = running.cli("token", "municipality")
    assert refused.returncode == 1
    assert "--municipality" in refused.stderr
