"""Who may submit, read and revise which results over HTTP, and who learns that there are any."""

from typing import Any

import httpx
import pytest

from services.monitoring.domain import Organization
from services.monitoring.usecases import Monitoring
from shared.telemetry.metrics import REGISTRY
from tests.integration.monitoring.made import by, posted
from tests.unit.monitoring.made import TROITSK, body

BY_HAND = {"source": "portal"}


@pytest.mark.parametrize(
    ("actor", "more", "status"),
    [
        ("zlatoust", BY_HAND, 201),
        ("zlatoust", {}, 403),
        ("troitsk", BY_HAND, 403),
        ("zlatoust", {**BY_HAND, "subject": {"organization": "school-1"}}, 201),
        ("school", {**BY_HAND, "subject": {"organization": "school-1"}}, 201),
        ("school", {"subject": {"organization": "school-1"}}, 403),
        ("school", BY_HAND, 403),
        ("school", {**BY_HAND, "subject": {"organization": "school-of-ministry"}}, 403),
        ("operator", {}, 201),
        ("operator", BY_HAND, 201),
        ("gis", BY_HAND, 403),
        ("gis", {}, 201),
        ("narrow", {}, 403),
        ("narrow", {"source": "narrow", "procedure": "niko"}, 201),
        ("narrow", {"source": "narrow"}, 422),
        ("powerless", {}, 403),
        ("expert", {}, 403),
        ("zlatoust", {**BY_HAND, "notify": False}, 403),
        ("gis", {"notify": False}, 403),
        ("ministry", {"notify": False}, 201),
    ],
)
async def test_who_may_submit_what(http: httpx.AsyncClient, actor: str, more: dict[str, Any], status: int):
    answer = await http.post("/v1/results", json=body(**more), headers=by(actor))
    assert answer.status_code == status, answer.text


async def test_a_municipality_does_not_speak_for_a_system(http: httpx.AsyncClient):
    """Explanations and papers show the source of a result: it was said to come from a system that never sent it."""
    answer = await http.post("/v1/results", json=body(), headers=by("zlatoust"))
    assert (answer.status_code, answer.json()["code"]) == (403, "source-not-allowed")
    report = await http.post("/v1/results/batch", json={"items": [body(), body(**BY_HAND)]}, headers=by("zlatoust"))
    assert [item["status"] for item in report.json()["items"]] == ["refused", "accepted"]


ABOUT_SCHOOL = {"subject": {"organization": "school-1"}}


@pytest.mark.parametrize(
    ("actor", "stored", "status"),
    [
        ("zlatoust", BY_HAND, 201),
        ("zlatoust", {}, 403),
        ("zlatoust", BY_HAND | ABOUT_SCHOOL, 201),
        ("zlatoust", ABOUT_SCHOOL, 403),
        ("school", BY_HAND | ABOUT_SCHOOL, 201),
        ("school", ABOUT_SCHOOL, 403),
        ("operator", {}, 201),
        ("ministry", BY_HAND, 201),
        ("gis", BY_HAND, 403),
        ("gis", {}, 201),
        ("narrow", {}, 403),
        ("narrow", {"source": "narrow", "procedure": "niko"}, 201),
    ],
)
async def test_who_may_revise_what(http: httpx.AsyncClient, actor: str, stored: dict[str, Any], status: int):
    """The new revision goes on naming its source: whoever may not submit for it would speak for it all the same."""
    found = await posted(http, **stored)
    for number, content in enumerate(({"values": {"i1": 0, "i2": 0}}, {"withdrawn": True}), start=1):
        headers = by(actor, If_Match=f'"{number}"')
        path, revision = f"/v1/results/{found}/revisions", {"reason": "сверка", **content}
        answer = await http.post(path, json=revision, headers=headers)
        assert answer.status_code == status, answer.text
        assert answer.json().get("code") == (None if status == 201 else "source-not-allowed")


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"procedures": ["niko"]}, "procedure-not-allowed"),
        ({"municipalities": [TROITSK.id]}, "subject-not-allowed"),
        ({"subject": "organization"}, "subject-not-allowed"),
    ],
)
@pytest.mark.parametrize("actor", ["gis", "zlatoust"])
async def test_a_source_that_was_narrowed_revises_no_more_what_is_beyond(
    http: httpx.AsyncClient, actor: str, limits: dict[str, Any], code: str
):
    """Narrowing stops a source that sent about others; the operator cleans up after it."""
    found = await posted(http)
    described = {"name": "ГИС", "procedures": "all", "clients": ["gis-education"], "people": True} | limits
    narrowed = await http.put("/v1/sources/gis-education", json=described, headers={"If-Match": '"1"'})
    assert narrowed.status_code == 200
    revision, path = {"withdrawn": True, "reason": "x"}, f"/v1/results/{found}/revisions"
    refused = await http.post(path, json=revision, headers=by(actor, If_Match='"1"'))
    assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert (await http.post(path, json=revision, headers=by("operator", If_Match='"1"'))).status_code == 201


async def test_a_result_of_a_school_that_changed_hands_is_its_new_owners_to_correct(
    http: httpx.AsyncClient, uses: Monitoring
):
    found = await posted(http, **BY_HAND, **ABOUT_SCHOOL)
    path = f"/v1/results/{found}"
    content = {"values": {"i1": 0, "i2": 0}, "reason": "сверка"}

    async def revised(actor: str, revision: int) -> int:
        headers = by(actor, If_Match=f'"{revision}"')
        return (await http.post(f"{path}/revisions", json=content, headers=headers)).status_code

    assert await revised("troitsk", 1) == 404
    uses.directing.directory.learn(organizations=[Organization("school-1", 2, TROITSK.id)])
    assert (await http.get(path, headers=by("troitsk"))).status_code == 200
    assert await revised("zlatoust", 1) == 403
    assert await revised("troitsk", 1) == 201
    assert (await http.get(path, headers=by("troitsk"))).json()["revision"] == 2
    for who, listed in (("zlatoust", [found]), ("troitsk", [])):
        items = (await http.get("/v1/results", headers=by(who))).json()["items"]
        assert [one["id"] for one in items] == listed
    assert await revised("zlatoust", 2) == 403
    uses.directing.directory.learn(organizations=[Organization("school-1", 3, None)])
    assert await revised("troitsk", 2) == 404
    assert await revised("zlatoust", 2) == 403


async def test_nobody_without_a_token(http: httpx.AsyncClient):
    del http.headers["Authorization"]
    assert (await http.post("/v1/results", json=body())).status_code == 401
    assert (await http.get("/v1/results")).status_code == 401
    assert (await http.get("/v1/procedures")).status_code == 200


async def test_everybody_reads_their_own_only(http: httpx.AsyncClient):
    zlatoust = await posted(http)
    troitsk = await posted(http, subject={"municipality": TROITSK.id})
    school = await posted(http, subject={"organization": "school-1"})
    seen = {
        name: {item["id"] for item in (await http.get("/v1/results", headers=by(name))).json()["items"]}
        for name in ("operator", "zlatoust", "troitsk", "school", "gis")
    }
    assert seen["operator"] == seen["gis"] == {zlatoust, troitsk, school}
    assert (seen["zlatoust"], seen["troitsk"], seen["school"]) == ({zlatoust, school}, {troitsk}, {school})
    foreign = await http.get("/v1/results", params={"municipality": TROITSK.id}, headers=by("zlatoust"))
    assert foreign.json()["items"] == []
    for path in (f"/v1/results/{troitsk}", f"/v1/results/{troitsk}/revisions"):
        assert (await http.get(path, headers=by("zlatoust"))).status_code == 404


@pytest.mark.parametrize(
    ("reader", "accounts"),
    [("operator", ["zlatoust", "ministry"]), ("ministry", ["zlatoust", "ministry"]), ("zlatoust", []), ("gis", [])],
)
async def test_which_account_wrote_a_revision_is_shown_to_the_staff_alone(
    http: httpx.AsyncClient, reader: str, accounts: list[str]
):
    made = await http.post("/v1/results", json=body(**BY_HAND), headers=by("zlatoust"))
    assert "account" not in made.json()
    path = f"/v1/results/{made.json()['id']}"
    said = {"withdrawn": True, "reason": "x"}
    gone = await http.post(f"{path}/revisions", json=said, headers=by("ministry", If_Match='"1"'))
    assert (gone.status_code, gone.json()["account"]) == (201, "ministry")
    past = (await http.get(f"{path}/revisions", headers=by(reader))).json()["items"]
    assert [one["account"] for one in past if "account" in one] == accounts
    listed = (await http.get("/v1/results", headers=by(reader))).json()["items"]
    present = await http.get(path, headers=by(reader))
    for one in (present.json(), *listed):
        assert [one["account"]] == accounts[1:] if accounts else "account" not in one
    assert present.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("notify", [True, False])
@pytest.mark.parametrize("actor", ["troitsk", "school", "foreign writer"])
async def test_a_revision_tells_nobody_of_a_result_that_they_may_not_read(
    http: httpx.AsyncClient, actor: str, *, notify: bool
):
    """Ids follow from procedure, subject and period: whoever guesses one learns nothing by trying to revise it."""
    found = await posted(http)
    answers = [
        await http.post(
            f"/v1/results/{result}/revisions",
            json={"withdrawn": True, "reason": "x", "notify": notify},
            headers=by(actor, If_Match='"1"'),
        )
        for result in (found, "nothing")
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "result-not-found")] * 2


async def test_a_quiet_revision_of_ones_own_result_is_forbidden_in_words(http: httpx.AsyncClient):
    found = await posted(http, **BY_HAND)
    answer = await http.post(
        f"/v1/results/{found}/revisions",
        json={"withdrawn": True, "reason": "x", "notify": False},
        headers=by("zlatoust", If_Match='"1"'),
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def counted(source: str, reason: str) -> float:
    labels = {"source": source, "outcome": "refused", "reason": reason}
    return REGISTRY.get_sample_value("rsoko_results_total", labels) or 0


async def test_a_refused_revision_is_counted_as_a_refused_result_is(http: httpx.AsyncClient):
    found = await posted(http)
    refused = {
        ("gis-education", "stale-revision"): ("operator", found, '"9"', {"withdrawn": True}),
        ("gis-education", "values-or-not-applicable"): ("operator", found, '"1"', {}),
        ("gis-education", "out-of-range"): ("operator", found, '"1"', {"values": {"i1": 9, "i2": 0}}),
        ("unknown", "result-not-found"): ("troitsk", found, '"1"', {"withdrawn": True}),
        ("unknown", "source-not-allowed"): ("narrow", found, '"1"', {"withdrawn": True}),
    }
    for (source, reason), (actor, result, if_match, content) in refused.items():
        before = counted(source, reason)
        answer = await http.post(
            f"/v1/results/{result}/revisions",
            json={"reason": "x", **content},
            headers=by(actor, If_Match=if_match),
        )
        assert answer.is_client_error
        assert counted(source, reason) == before + 1, reason


async def test_a_system_revises_its_sources_only(http: httpx.AsyncClient):
    found = await posted(http)
    for actor, status in (("narrow", 403), ("gis", 201)):
        answer = await http.post(
            f"/v1/results/{found}/revisions",
            json={"withdrawn": True, "reason": "x"},
            headers=by(actor, If_Match='"1"'),
        )
        assert answer.status_code == status
