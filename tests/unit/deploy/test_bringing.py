"""The loaders bring what is absent; what a platform knows, whatever it says by now, is left as it is."""

from collections.abc import Iterator
from typing import Any, Self

import pytest

from deploy.cli.load import bring_region
from deploy.cli.schools import SOURCE, THRESHOLDS, bring_schools
from deploy.local import Failed
from deploy.local.region import METHODOLOGY, PERIOD, read_region
from deploy.local.schools import generate

REGION = read_region()
PROCEDURES = [one["key"] for one in REGION.procedures]
PACE = len(REGION.municipalities)
KEYS = {
    "/v1/municipalities": [one["id"] for one in REGION.municipalities],
    "/v1/procedures": PROCEDURES,
    "/v1/sources": [one["key"] for one in REGION.sources],
    "/v1/methodologies": [METHODOLOGY],
    "/v1/periods": [PERIOD],
    "/v1/roadmaps": [one["key"] for one in REGION.roadmaps],
}


class Platform:
    """Lists what it is said to know by its keys; remembers the writes; takes every result as new.

    While somebody waits, scoring hears of results, of every municipality a few: partitions go on beside one another.
    """

    def __init__(self, **known: list[str]) -> None:
        self.known = known
        self.reported: list[dict[str, Any]] = []
        self.unheard: list[tuple[str, str]] = []
        self.writes: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def of(self, _role: str) -> "Platform":
        return self

    def every(self, _service: str, path: str, **asked: Any) -> Iterator[dict[str, Any]]:
        if path == "/v1/results":
            yield from (one for one in self.reported if one["procedure"] == asked["procedure"])
        for key in self.known.get(path, ()):
            yield {"id": key, "key": key, "period": key}

    def get(self, _service: str, path: str, **_: Any) -> dict[str, Any]:
        if path == "/v1/municipalities":
            return {"items": [{}]}
        municipality = path.removeprefix("/v1/scores/")
        mine = [procedure for whose, procedure in self.unheard if whose == municipality]
        if len(mine) == len(PROCEDURES):
            raise Failed("муниципалитет не найден", "")
        return {"procedures": {key: {"state": "no_data" if key in mine else "scored"} for key in PROCEDURES}}

    def post(self, _service: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.writes += [f"{path} {len(body['items'])}"]
        if path == "/v1/results/batch":
            told = [
                {**one, "subject": {"municipality": {"id": one["subject"].get("municipality")}}}
                for one in body["items"]
            ]
            self.reported += told
            self.unheard += [(one["subject"]["municipality"]["id"], one["procedure"]) for one in told]
            self.unheard.sort(key=lambda one: one[1])
        lines = [{"index": n, "status": "accepted", "errors": []} for n in range(len(body["items"]))]
        return {"items": lines}

    def waited(self, _seconds: float) -> None:
        del self.unheard[:PACE]

    def put(self, _service: str, path: str, _body: dict[str, Any]) -> None:
        self.writes.append(path)

    def call(self, _method: str, _service: str, path: str, **_: Any) -> None:
        self.writes.append(path)

    def ask(self, _method: str, _service: str, path: str, **_: Any) -> Any:
        self.writes.append(path)

        class Done:
            is_error = False

        return Done()

    def check(self, answer: Any, *_: str) -> Any:
        return answer


def region(platform: Platform) -> dict[str, int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("deploy.cli.posting.time.sleep", platform.waited)
        return bring_region(platform, lambda _: None)


def test_the_region_comes_whole_to_an_empty_platform_and_leaves_it_alone_then():
    platform = Platform()
    first = region(platform)
    assert [name for name, count in first.items() if name.endswith("уже были") and count] == []
    assert f"/v1/periods/{PERIOD}/publication" in platform.writes
    platform.known, platform.writes = KEYS, []
    again = region(platform)
    assert platform.writes == []
    assert {name.partition(",")[0]: count for name, count in again.items() if count} == {
        name.partition(",")[0]: count for name, count in first.items() if count
    }


def test_the_command_ends_when_scoring_has_heard_every_result_that_it_brought():
    platform = Platform()
    region(platform)
    assert platform.unheard == []
    platform.known, platform.reported = KEYS, platform.reported[:-1]
    region(platform)
    assert platform.unheard == []


@pytest.mark.parametrize("path", list(KEYS))
def test_only_what_is_absent_is_brought(path: str):
    platform = Platform()
    region(platform)
    platform.known, platform.writes = KEYS | {path: KEYS[path][1:]}, []
    region(platform)
    one = KEYS[path][0]
    import_path = "/v1/municipalities/import 1"
    assert platform.writes == [
        {"/v1/municipalities": import_path, "/v1/periods": f"{path}/{one}/publication"}.get(path, f"{path}/{one}")
    ]


def test_a_result_that_is_there_is_not_sent_whatever_it_says():
    platform = Platform(**KEYS)
    region(platform)
    kept = platform.reported[1:]
    platform.reported, platform.writes = [one | {"values": {"other": 1}, "status": "withdrawn"} for one in kept], []
    counts = region(platform)
    assert platform.writes == ["/v1/results/batch 1"]
    assert (counts["результаты, новых"], counts["результаты, уже были"]) == (1, len(kept))


def test_generated_schools_change_nothing_that_is_known():
    generated = generate(3, 1)
    platform = Platform(**{
        "/v1/organizations": [one["id"] for one in generated.organizations],
        "/v1/procedures": [one["key"] for one in generated.procedures],
        "/v1/sources": [SOURCE],
        "/v1/school-thresholds": [THRESHOLDS],
    })  # fmt: skip
    bring_schools(platform, 3, 1, lambda _: None)
    assert {write.partition(" ")[0] for write in platform.writes} == {"/v1/results/batch"}
