"""What a corrected result waits for at MongoDB, one after another (docs/benchmarks.md); the commit comes behind."""

from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.batch import Batch
from shared.mongo import Database, InsertOne
from tests.integration.scoring.told import take
from tests.plans import looking
from tests.unit.scoring.made import fact


async def test_a_corrected_result_asks_five_times(scoring: Scoring, empty: Database) -> None:
    await take(scoring, fact("r1", 1, values={"i1": "1", "i2": "10"}))
    await empty.write("positions", [InsertOne({"_id": "scoring|t|0", "next": 5})])
    batch = Batch[News]("scoring", "scoring.dlq", [], reach={"t|0": (5, 6)})
    async with looking(empty) as looks:
        taken = await scoring.batches.take(batch, News((fact("r1", 2, values={"i1": "2", "i2": "40"}),)))
    assert len(taken.decided.told) == 1
    assert looks.commands == [
        "insert facts",
        "update cards",
        "update positions",
        "findAndModify counters",
        "insert outbox",
    ]
