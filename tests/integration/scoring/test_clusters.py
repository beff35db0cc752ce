"""Clusters over HTTP on a real MongoDB: computed in another process, kept until the data change, own members only."""

from typing import Any

import httpx
import pytest

from services.scoring.domain import Fact
from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.kernel import Cause
from shared.mongo import Database
from tests.integration.scoring.told import take
from tests.unit.scoring.made import fact
from tests.unit.scoring.schools.made import LEVELS, SUBJECTS, document

DESCRIBED = [
    {"_id": key, "revision": 1, "name": f"Процедура {key}", "indicators": [{"key": "percent", "name": "Доля"}],
     "school": {"subject": subject, "level": LEVELS[key], "grade": 4, "external": False}}
    for key, subject in SUBJECTS.items()
]  # fmt: skip


def of_school(number: int, procedure: str, percent: float, revision: int = 1) -> Fact:
    return fact(
        f"s{number:02}-{procedure}",
        revision,
        municipality=f"m{number % 2 + 1}",
        organization=f"s{number:02}",
        procedure=procedure,
        values={"percent": f"{percent:.2f}"},
    )


@pytest.fixture(autouse=True)
async def schools(scoring: Scoring) -> None:
    """Eight strong schools, eight weak ones, and one of which nearly nothing is known."""
    await scoring.schools.thresholds.put("small", document(), cause=Cause("c"))
    facts = [
        of_school(number, procedure, (80 if number < 8 else 30) + number / 10)
        for number in range(16)
        for procedure in SUBJECTS
    ]
    await scoring.batches.take(None, News([*facts, of_school(16, "vpr", 50)], (), DESCRIBED))
    await scoring.schools.judging.judge()


async def clusters(http: httpx.AsyncClient, who: str = "ministry", query: str = "", period: int = 2022) -> Any:
    answer = await http.get(f"/v1/clusters?period={period}{query}", headers={"Authorization": f"Bearer {who}"})
    return answer.json()


def members(body: Any, cluster: int) -> list[str]:
    return [one["unit"]["school"] for one in body["items"] if one["cluster"] == cluster]


async def test_schools_are_grouped_and_the_number_of_groups_is_justified(http: httpx.AsyncClient) -> None:
    body = await clusters(http)
    assert (body["k"], body["chosen_by"]) == (2, "silhouette")
    assert (body["structure"], body["words"]) == ("strong", "Группы отделены друг от друга чётко.")
    assert members(body, 1) == [f"s{number:02}" for number in range(8)]
    assert members(body, 2) == [f"s{number:02}" for number in range(8, 16)]
    assert [one["school"] for one in body["left_out"]] == ["s16"]
    assert body["clusters"][0]["centre"]["vpr"] == "0.8035"
    assert [one["title"] for one in body["features"]] == ["Процедура oge", "Процедура riko", "Процедура vpr"]
    assert await clusters(http) == body
    three = await clusters(http, query="&k=3")
    assert (three["k"], three["chosen_by"]) == (3, "reader")


async def test_a_municipality_sees_its_own_members_and_no_mean_of_a_few_foreign_ones(
    http: httpx.AsyncClient, scoring: Scoring
) -> None:
    """What is its own it takes out of a mean: what is left must be of five schools."""
    own = await clusters(http, "m1")
    assert members(own, 1) == ["s00", "s02", "s04", "s06"]
    assert own["left_out"] == [{"school": "s16", "municipality": {"id": "m1", "name": "m1", "oktmo": None}}]
    assert [one["centre"] for one in own["clusters"]] == [None, None], "of eight members four are foreign"
    await scoring.batches.take(None, News([of_school(17, name, 81.7) for name in SUBJECTS]))
    await scoring.schools.judging.judge()
    assert [bool(one["centre"]) for one in (await clusters(http, "m1"))["clusters"]] == [True, False], "five and four"
    assert all(one["centre"] for one in (await clusters(http))["clusters"]), "the ministry sees the schools themselves"


async def test_two_readings_around_a_report_tell_no_municipality_what_a_foreign_school_reported(
    http: httpx.AsyncClient, scoring: Scoring
) -> None:
    async def told(*facts: Fact) -> tuple[list[Any], list[Any]]:
        await scoring.batches.take(None, News(facts))
        await scoring.schools.judging.judge()
        return (await clusters(http, "m1"))["clusters"], (await clusters(http))["clusters"]

    await told(*[of_school(number, name, 81.7) for number in (17, 19) for name in SUBJECTS])
    before, exact = await told(*[of_school(21, name, 77.77) for name in SUBJECTS])
    after, corrected = await told(*[of_school(21, name, 78.50, 2) for name in SUBJECTS])
    assert exact[0]["centre"] != corrected[0]["centre"]
    assert (exact[0]["size"], exact[1]["size"]) == (11, 8)
    assert before == after
    assert before[0] == {"cluster": 1, "size": 10, "centre": dict.fromkeys(SUBJECTS, "0.80")}


async def test_who_sees_only_their_own_schools_does_not_choose_how_many_clusters(http: httpx.AsyncClient) -> None:
    """Means of clusters of six and of seven differ by single schools."""
    for who in ("m1", "s1"):
        told = await http.get("/v1/clusters?period=2022&k=3", headers={"Authorization": f"Bearer {who}"})
        assert (told.status_code, told.json()["code"]) == (403, "forbidden"), who
    assert all(one["centre"] for one in (await clusters(http, "ministry", "&k=8"))["clusters"])


async def test_other_data_give_other_clusters_and_what_is_kept_is_of_the_same_data(
    http: httpx.AsyncClient, scoring: Scoring, empty: Database
) -> None:
    await clusters(http)
    [kept] = await empty.find("school_clusters", {})
    risen = [of_school(9, procedure, 85, revision=2) for procedure in SUBJECTS]
    await scoring.batches.take(None, News(risen))
    await scoring.schools.judging.judge()
    assert members(await clusters(http), 1) == [*(f"s{number:02}" for number in range(8)), "s09"]
    [other] = await empty.find("school_clusters", {})
    assert kept["version"] != other["version"]


async def test_clusters_of_a_year_without_a_threshold_set_follow_the_data_too(
    http: httpx.AsyncClient, scoring: Scoring
) -> None:
    def of_2019(number: int, percent: int, revision: int = 1) -> list[Fact]:
        return [
            fact(f"s{number:02}-{procedure}-2019", revision, municipality="m1", organization=f"s{number:02}",
                 procedure=procedure, period="2019", values={"percent": str(percent + number)})
            for procedure in SUBJECTS
        ]  # fmt: skip

    facts = [one for number in range(16) for one in of_2019(number, 80 if number < 8 else 30)]
    await scoring.batches.take(None, News(facts))
    await scoring.schools.judging.judge()
    first = await clusters(http, period=2019)
    assert members(first, 1) == [f"s{number:02}" for number in range(8)]
    await scoring.batches.take(None, News(of_2019(9, 75, revision=2)))
    await scoring.schools.judging.judge()
    assert members(await clusters(http, period=2019), 1) == [*(f"s{number:02}" for number in range(8)), "s09"]


async def test_few_municipalities_and_unknown_periods_are_refused(http: httpx.AsyncClient, scoring: Scoring) -> None:
    await take(scoring, fact("r1", values={"i1": "2", "i2": "40"}))
    for query in ("period=2022&of=municipalities", "period=2010", "period=2022&k=8&of=municipalities"):
        answer = await http.get(f"/v1/clusters?{query}", headers={"Authorization": "Bearer ministry"})
        assert (answer.status_code, answer.json()["code"]) == (422, "too-few-units"), query
    for query in ("period=2022&k=1", "period=2022&of=pupils", "period=soon"):
        assert (await http.get(f"/v1/clusters?{query}")).status_code == 422, query


async def test_municipalities_are_grouped_by_the_shares_of_their_groups(
    http: httpx.AsyncClient, scoring: Scoring
) -> None:
    facts = []
    for number in range(12):
        first = {"i1": "2", "i2": "40"} if number < 6 else {"i1": "0", "i2": str(10 + number)}
        facts.append(fact(f"a{number}", municipality=f"n{number:02}", values=first))
        facts.append(fact(f"b{number}", municipality=f"n{number:02}", procedure="third", values={"i1": "1", "i2": "1"}))
    named = [
        Municipality("silent", 1, "74", (Named("Тихий", "75700000", "2014-01-01"),)),
        Municipality("gone", 1, "74", (Named("Бывший", "75701000", "2014-01-01", "2020-01-01"),)),
    ]
    await scoring.batches.take(None, News(facts, named))
    body = await clusters(http, query="&of=municipalities")
    assert [one["municipality"]["id"] for one in body["left_out"]] == ["silent"]
    assert [one["title"] for one in body["features"]] == ["Альфа", "Бета"]
    high = [one["unit"]["municipality"]["id"] for one in body["items"] if one["cluster"] == 1]
    assert high == [f"n{number:02}" for number in range(6)]
    assert (await clusters(http, "m1", "&of=municipalities"))["items"] == [], "its own is not among them"
    school = await http.get("/v1/clusters?period=2022&of=municipalities", headers={"Authorization": "Bearer s1"})
    assert (school.status_code, school.json()["action"]) == (403, "rating.read-live")
