"""Schools of two municipalities, described procedures and a small threshold set; who asks, and how results are told."""

from typing import Any

import httpx

from services.scoring.domain import Fact
from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.kernel import Cause
from tests.unit.scoring.made import fact
from tests.unit.scoring.schools.made import LEVELS, SUBJECTS, WEAK, document

DESCRIBED = [
    {"_id": key, "revision": 1, "name": f"Процедура {key}",
     "school": {"subject": subject, "level": LEVELS[key], "grade": 4, "external": False}}
    for key, subject in SUBJECTS.items()
]  # fmt: skip


def of_school(school: str = "s1", revision: int = 1, **more: Any) -> Fact:
    told = {"municipality": "m1", "organization": school, "procedure": "vpr", "values": WEAK} | more
    name = f"{school}-{told['procedure']}-{told.get('period', '2022')}"
    return fact(name, revision, **told)


async def tell(scoring: Scoring, *facts: Fact) -> None:
    await scoring.batches.take(None, News(facts))
    await scoring.schools.judging.judge()


async def describe(scoring: Scoring) -> None:
    """Two neighbouring municipalities, the procedures and the set."""
    named = [
        Municipality(m, 1, "74", (Named(m.upper(), "75701000", "2014-01-01"),), tile=(n, 0))
        for n, m in enumerate(("m1", "m2"))
    ]
    await scoring.batches.take(None, News((), named, DESCRIBED))
    await scoring.schools.thresholds.put("small", document(), cause=Cause("c"))
    await scoring.schools.judging.judge()


def low(body: Any) -> list[str]:
    return [one["school"]["id"] for one in body["items"]]


async def ask(http: httpx.AsyncClient, path: str, who: str = "ministry") -> httpx.Response:
    headers = {"Authorization": f"Bearer {who}"} if who else {"Authorization": ""}
    return await http.get(path, headers=headers)
