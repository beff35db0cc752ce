"""What a changed score waits for at MongoDB, one after another (docs/benchmarks.md); the commit comes behind."""

from services.notification.domain import Facts
from services.notification.usecases import Notification
from shared.batch import Batch
from shared.mongo import Database, InsertOne
from tests.integration.notification.told import facts, score
from tests.plans import looking


async def test_a_changed_score_asks_four_times(uses: Notification, database: Database) -> None:
    await uses.telling.hear(facts(score("a")))
    await database.write("positions", [InsertOne({"_id": "notification|t|0", "next": 5})])
    batch = Batch[Facts]("notification", "notification.dlq", [], reach={"t|0": (5, 6)})
    async with looking(database) as looks:
        [told] = await uses.telling.hear(facts(score("a", 2)), batch)
    assert told.number == 2
    assert looks.commands == ["findAndModify counters", "insert items", "insert feed", "update positions"]
