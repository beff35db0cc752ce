"""The checker itself: it is content with a true story and names each kind of lie."""

import csv
import json
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.region import read_region
from tests.faults import advice, letters
from tests.faults.arithmetic import Score, ranks, tables
from tests.faults.catalogue import DATA, municipalities
from tests.faults.history import Content, History, Key, Raw, Revision, Sent, Violation, fold
from tests.faults.making import BEGIN
from tests.faults.scores import compare_rating
from tests.faults.told import ToldResults, ToldScores
from tests.faults.topics import Record, Streams
from tests.faults.world import World

KEY = Key("74-kopeysky-go", "2024", "riko")
CARD = {"municipality": KEY.municipality, "period": KEY.period}
NOBODY = {"state": "no_data", "points": None, "maximum": None, "share": None, "percent": None, "level": None}


def record(offset: int, data: Mapping[str, Any], *, sequence: int | None = None) -> Record:
    number = str(offset + 1 if sequence is None else sequence).encode()
    raw = Raw(KEY.municipality.encode(), json.dumps(data).encode(), (("ce_sequence", number),))
    return Record("t", 0, offset, timestamp=0, raw=raw)


def kinds(found: list[Violation]) -> list[str]:
    return [one.kind for one in found]


def result(revision: int, **more: Any) -> dict[str, Any]:
    subject = {"municipality": KEY.municipality}
    named = {"result": "r", "procedure": KEY.procedure, "period": KEY.period, "subject": subject, "quiet": False}
    return {**named, "revision": revision, "values": {"i1": str(revision)}, **more}


def standing(points: str) -> dict[str, Any]:
    share = str(Fraction(points) / 28)
    return {"state": "scored", "points": points, "maximum": "28", "share": share, "percent": 1, "level": "low"}


def change(revision: int, before: Any, after: Any, *, cause: int | None = None, quiet: bool = False) -> dict[str, Any]:
    causes = [{"result": "r", "revision": revision if cause is None else cause, "procedure": KEY.procedure}]
    changes = [{"group": "results", "before": before, "after": after}]
    return {**CARD, "revision": revision, "changes": changes, "causes": causes, "causes_count": 1, "quiet": quiet}


QUIET = {("r", number): False for number in range(1, 9)}
FIRST, SECOND = change(1, NOBODY, standing("1")), change(2, standing("1"), standing("2"))


def test_an_outbox_in_order_with_repeats_is_true():
    records = [record(n, {"n": s}, sequence=s) for n, s in enumerate((1, 2, 3, 2, 3, 4))]
    streams = Streams()
    assert streams.feed(records) == []
    assert streams.repeats == 2


@pytest.mark.parametrize(
    ("numbers", "kind"), [((1, 3), "sequence-gap"), ((2,), "sequence-gap"), ((1, 2, 4, 3), "sequence-gap")]
)
def test_a_message_that_is_missing_or_out_of_order_is_seen(numbers: tuple[int, ...], kind: str):
    assert kind in kinds(Streams().feed([record(n, {"n": s}, sequence=s) for n, s in enumerate(numbers)]))


def test_another_message_under_a_known_number_is_seen():
    assert kinds(Streams().feed([record(0, {"a": 1}, sequence=1), record(1, {"a": 2}, sequence=1)])) == [
        "sequence-changed"
    ]


def test_results_told_as_accepted_are_true_and_repeats_of_them_too():
    told = ToldResults()
    assert told.feed([record(0, result(1)), record(1, result(2)), record(2, result(1))]) == []
    assert told.compare({KEY: [Revision(Content(values={"i1": "1"})), Revision(Content(values={"i1": "2"}))]}) == []
    assert told.facts() == {"r:1", "r:2"}


def test_results_that_were_not_told_or_told_otherwise_are_seen():
    accepted = [Revision(Content(values={"i1": "1"})), Revision(Content(values={"i1": "2"}))]
    lost, more, other = ToldResults(), ToldResults(), ToldResults()
    lost.feed([record(0, result(1))])
    more.feed([record(0, result(1)), record(1, result(2)), record(2, result(3))])
    other.feed([record(0, result(1)), record(1, result(2, values=None))])
    found = [told.compare({KEY: accepted}) for told in (lost, more, other)]
    assert [kinds(one) for one in found] == [["not-told"], ["told-extra"], ["told-otherwise"]]
    assert kinds(ToldResults().feed([record(0, result(2))])) == ["result-gap"]
    assert kinds(lost.feed([record(3, result(2, result="other"))])) == ["accepted-twice"]


def test_changes_in_a_chain_are_true_and_repeats_of_them_too():
    told = ToldScores()
    assert told.feed([record(0, FIRST), record(1, SECOND), record(2, FIRST), record(3, SECOND)], QUIET) == []
    assert told.repeats == 2
    assert told.loud() == {f"{KEY.municipality}:{KEY.period}:1", f"{KEY.municipality}:{KEY.period}:2"}


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        (change(2, standing("3"), standing("4")), "told-break"),
        (change(3, standing("1"), standing("2")), "told-gap"),
        (change(1, NOBODY, standing("2")), "told-twice"),
        (change(2, standing("1"), standing("1")), "told-nothing"),
        (change(2, standing("1"), standing("2"), cause=1), "cause-twice"),
        (change(2, standing("1"), standing("2"), cause=9), "cause-unknown"),
        (change(2, standing("1"), standing("2"), quiet=True), "quiet-wrong"),
    ],
)
def test_a_change_that_breaks_the_chain_is_seen(second: dict[str, Any], kind: str):
    assert kinds(ToldScores().feed([record(0, FIRST), record(1, second)], QUIET)) == [kind]


def test_the_intake_is_folded_as_its_rule_says():
    def sent(event: str, minute: int, points: str) -> Sent:
        return Sent("report", KEY, event, Content(values={"i1": points}), BEGIN + timedelta(minutes=minute))

    bad = Sent("future", codes=frozenset({"occurred-in-future"}))
    log = [sent("a", 1, "0"), bad, sent("b", 3, "1"), sent("a", 1, "0"), sent("c", 2, "2"), sent("d", 3, "0.5")]
    assert [revision.content.values for revision in fold(log)[KEY]] == [{"i1": "0"}, {"i1": "1"}, {"i1": "0.5"}]


def test_a_second_content_under_an_accepted_revision_is_seen():
    history = History()
    slot = history.slot(KEY, "http")
    history.accept(slot, 1, Revision(Content(values={"i1": "1"})), result="r")
    history.accept(slot, 1, Revision(Content(values={"i1": "1"})), result="r")
    assert history.violations == []
    history.accept(slot, 1, Revision(Content(values={"i1": "2"})), result="r")
    history.accept(slot, 2, Revision(Content()), result="other")
    assert kinds(history.violations) == ["accepted-twice", "accepted-twice"]


def test_dead_letters_are_exactly_the_bad_ones():
    due = {("t", 0, 1): frozenset({"too-large"}), ("t", 0, 2): frozenset({"foreign-key"})}
    assert letters.compare(due, {("t", 0, 1): "too-large", ("t", 0, 2): "foreign-key"}, where="x") == []
    found = letters.compare(due, {("t", 0, 1): "failed", ("t", 0, 3): "failed"}, where="x")
    assert sorted(kinds(found)) == ["dead-letter-code", "dead-letter-extra", "dead-letter-missing"]


def test_a_wrong_score_rank_or_absence_in_a_rating_is_seen():
    scores = {"a": Score(Fraction(14), Fraction(28)), "b": Score(None, Fraction(28))}
    right = {"rank": 1, "municipality": {"id": "a"}, "points": "14", "maximum": "28", "percent": 50, "level": "medium"}
    absent = [{"municipality": {"id": "b"}}]

    def seen(row: dict[str, Any], no_data: Any = absent) -> list[str]:
        return kinds(compare_rating({"rows": [row], "no_data": no_data}, scores, period="2024", group="results"))

    assert seen(right) == []
    assert seen(right | {"rank": 2}) == ["rank-wrong"]
    assert seen(right | {"points": "15"}) == ["score-wrong"]
    assert seen(right, []) == ["no-data-wrong"]


@pytest.mark.parametrize("group", ["conditions", "results"])
def test_the_plain_fractions_give_the_published_tables(group: str):
    contents = {}
    for body in read_region().results:
        key = Key(body["subject"]["municipality"], body["period"], body["procedure"])
        contents[key] = Content(values={name: str(value) for name, value in body["values"].items()})
    scores = {card[0]: found[group] for card, found in tables(contents, ["2022"]).items()}
    places = ranks({name: score.share for name, score in scores.items()})
    with (DATA / f"published_{group}_2022.csv").open(encoding="utf-8", newline="") as lines:
        published = {row["oktmo"]: (int(row["percent"]), int(row["rank"])) for row in csv.DictReader(lines)}
    ours = {municipalities()[name]: (score.percent, places[name]) for name, score in scores.items()}
    assert ours == published


def test_a_fall_without_its_recommendation_and_one_without_a_fall_are_named() -> None:
    def told(before: str, after: str, revision: int, *, quiet: bool = False) -> bytes:
        change = {"group": "results", "before": {"level": before}, "after": {"level": after}}
        return json.dumps({**CARD, "revision": revision, "quiet": quiet, "changes": [change]}).encode()

    fell, rose, unheard = told("high", "medium", 1), told("low", "high", 2), told("high", "low", 3, quiet=True)
    due = advice.due([fell, rose, unheard, None])
    assert due == {f"{KEY.municipality}:{KEY.period}:results:1"}
    assert advice.compare(due, due) == []
    assert [one.kind for one in advice.compare(due, ["another"])] == ["recommendation-missing", "recommendation-extra"]


async def test_a_read_may_be_told_that_the_service_is_away_and_nothing_worse(tmp_path: Path):
    statuses = iter((503, 500, 503, 200))
    world = World(tmp_path)
    world.http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(next(statuses), json={"a": 1}))
    )
    assert await world.get("scoring", "/v1/ratings/2022") == {"a": 1}
    assert kinds(world.violations) == ["server-error"]
