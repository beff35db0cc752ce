"""What 0.2.0 can read of what this version stores: it runs beside this one in an update, and alone after going back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notification.domain import (
    EditionFact,
    Entry,
    GroupChange,
    IssuedFact,
    Item,
    RatingFact,
    ResultCause,
    SchoolFact,
    ScoreFact,
    Standing,
)
from services.notification.domain.editions import FROZEN
from services.notification.store.rows import entry_of, feed_row, item_of

NOW = datetime(2022, 11, 1, tzinfo=UTC)
CHANGE = GroupChange("overall", Standing("no_data"), Standing("scored", "1", "2", "1/2", 50, "medium", 1))
CAUSES = (ResultCause("r-1", 2, "vpr", withdrawn=True), ResultCause("r-2", 1, "vpr", withdrawn=False))
SCORE = ScoreFact("74-a", "2022", 3, "m-2022", (CHANGE,), CAUSES, 2, NOW)
ISSUED = IssuedFact("74-a:2022:overall:3", "74-a", "2022", "overall", 3, "high", "medium")
WHOLE = EditionFact(FROZEN, "2022-1:frozen", "-", "2022", "2022-1")
# The fields without which it cannot make a changed score of an item, nor a recommendation of a row of the feed.
OF_SCORE = {"municipality", "period", "revision", "methodology", "changes", "causes", "causes_count", "data_at"}
OF_ADVICE = {"id", "municipality", "period", "group", "score_revision", "state", "revision", "deadlines"} | {
    "before_level",
    "after_level",
}
KNOWN = {"score_changed", "edition_drafted", "edition_published", "edition_withdrawn"} | {
    "objection_raised",
    "objection_answered",
    "school_listed",
    "school_delisted",
}


def read_by_0_2_0(row: Mapping[str, Any]) -> None:
    """Fails where its code would."""
    if row["kind"] == "rating_changed":
        assert row["data"].keys() <= {"id", "period", "data_at", "moved", "sequence"}
        return
    if row["kind"] not in KNOWN:
        assert row["data"].keys() >= OF_SCORE | OF_ADVICE
    for change in row["data"].get("changes", ()):
        for standing in (change["before"], change["after"]):
            assert standing.keys() <= {"state", "points", "maximum", "share", "percent", "level", "rank"}
    for cause in row["data"].get("causes", ()):
        assert cause.keys() <= {"result", "revision", "procedure"}


@pytest.mark.parametrize(
    "fact",
    [
        SCORE,
        SchoolFact("school_listed", "s:1", "74-a", "2022", "s", ("2022.low",), "t", CAUSES, 2),
        ISSUED,
        WHOLE,
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_an_item_is_read_by_the_version_before_and_comes_back_whole(fact: Any) -> None:
    item = Item(fact, 7, NOW)
    row = feed_row(Entry(7, fact.municipality, item, NOW), "notification-1")
    read_by_0_2_0(row)
    assert entry_of(row).told == item
    assert item_of(row["data"]) == item


def test_a_rating_is_read_by_the_version_before_and_keeps_what_it_does_not_know() -> None:
    fact = RatingFact("e-1", "2022", NOW, 4, region="66", quiet=True)
    row = feed_row(Entry(8, None, fact, NOW), "notification-1")
    read_by_0_2_0(row)
    assert entry_of(row).told == fact


def test_what_was_stored_before_this_was_kept_apart_is_read_as_it_was() -> None:
    row = feed_row(Entry(7, "74-a", Item(SCORE, 7, NOW), NOW), "notification-1")
    within = [one.document() for one in CAUSES]
    data = {name: value for name, value in row["data"].items() if name != "causes_withdrawn"} | {"causes": within}
    assert item_of(data).fact == SCORE
    rating = feed_row(Entry(8, None, RatingFact("e-1", "2022", NOW, 4), NOW), "notification-1")
    assert entry_of({**rating, "data": {**rating["data"], "region": "66"}}).told == RatingFact(
        "e-1", "2022", NOW, 4, region="66"
    )
