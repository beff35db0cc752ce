"""What a correction waits for at MongoDB, one after another (docs/benchmarks.md); the commit comes behind."""

import httpx

from shared.mongo import Database
from tests.integration.monitoring.made import posted
from tests.plans import looking
from tests.unit.monitoring.made import body


async def test_a_correction_asks_five_times(http: httpx.AsyncClient, database: Database) -> None:
    path = f"/v1/results/{await posted(http)}/revisions"
    change = {"values": {**body()["values"], "i1": "1"}, "reason": "Ошибка при вводе"}
    async with looking(database) as looks:
        answer = await http.post(path, json=change, headers={"If-Match": '"1"'})
    assert answer.status_code == 201, answer.text
    assert looks.commands == [
        "find results",
        "insert revisions",
        "update results",
        "findAndModify counters",
        "insert outbox",
    ]
