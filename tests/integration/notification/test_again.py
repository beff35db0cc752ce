"""Topics read from their beginning, when the feed keeps no more what it told of them: nothing is told twice."""

from collections import Counter
from datetime import timedelta

import pytest

from services.notification.consumers import facts_of
from services.notification.usecases import Notification
from services.scoring.events import ObjectionRaised
from shared.kernel import Cause, Event, Heard, Origin
from shared.mongo import Database, DeleteMany
from tests.integration.notification.test_advice import DRAFTED, ISSUED
from tests.integration.notification.test_consumers import RATING, changed
from tests.integration.notification.test_editions import HEAD, drafted, published
from tests.integration.notification.test_schools import told as school

LATER = RATING.model_copy(update={"data_at": RATING.data_at + timedelta(hours=1)})
SAME_DATA = LATER.model_copy(update={"moved": 3})
TOLD: tuple[Event, ...] = (
    changed(1),
    RATING,
    LATER,
    SAME_DATA,
    RATING.model_copy(update={"period": "2021"}),
    RATING.model_copy(update={"region": "66"}),
    DRAFTED,
    ISSUED,
    drafted("a"),
    published("a"),
    ObjectionRaised(objection="2022-1-1", municipality="a", group="results", **HEAD),
    school(),
)


def heard() -> list[Heard[Event]]:
    """All of them as Kafka has them, each with its number within its key."""
    numbers: Counter[str] = Counter()
    found = []
    for place, event in enumerate(TOLD):
        stream = f"{event.topic()}|{event.key}"
        numbers[stream] += 1
        told = Heard(event, f"e{place}", "rsoko/test", Cause("c"), Origin("t", 0, place), sequence=numbers[stream])
        found.append(told)
    return found


async def hear(uses: Notification, size: int) -> list[str]:
    """What is told of it when it comes in batches of this size."""
    whole = heard()
    batches = [whole[start : start + size] for start in range(0, len(whole), size)]
    entries = [await uses.telling.hear(facts_of(batch)) for batch in batches]
    return [one.told.id for part in entries for one in part]


async def forget(database: Database) -> None:
    """What a week does to the feed."""
    await database.write("feed", [DeleteMany({})])


@pytest.mark.parametrize("first", [1, 4, 100])
@pytest.mark.parametrize("again", [1, 4, 100])
async def test_read_from_the_beginning_after_the_feed_is_gone_nothing_is_told_twice(
    uses: Notification, database: Database, first: int, again: int
) -> None:
    told = await hear(uses, first)
    assert len(told) == len(set(told)) == len(TOLD)
    await forget(database)
    assert await hear(uses, again) == []


async def test_numbers_that_began_anew_behind_newer_data_are_news(uses: Notification, database: Database) -> None:
    await hear(uses, 1)
    await forget(database)
    newer = RATING.model_copy(update={"data_at": SAME_DATA.data_at + timedelta(seconds=1)})
    restarted = Heard(newer, "x", "rsoko/test", Cause("c"), Origin("t", 0, 0), sequence=1)
    assert len(await uses.telling.hear(facts_of([restarted]))) == 1
    assert await uses.telling.hear(facts_of([restarted])) == []


async def test_a_late_change_of_one_region_is_told_after_one_of_another(uses: Notification, database: Database) -> None:
    ours, theirs = (RATING.model_copy(update={"region": region}) for region in ("74", "66"))
    late, told = (
        Heard(event, f"e{number}", "rsoko/test", Cause("c"), Origin("t", 0, number), sequence=number)
        for number, event in ((1, ours), (2, theirs))
    )
    for one in (told, late):
        assert len(await uses.telling.hear(facts_of([one]))) == 1
    await forget(database)
    assert await uses.telling.hear(facts_of([late, told])) == []
