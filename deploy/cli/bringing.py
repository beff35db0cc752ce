"""Bringing what is absent and nothing else: what a platform knows may have been changed by people since."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from deploy.cli.posting import wait, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deploy.cli.api import Api

PAGE = 200
Body = dict[str, Any]


def absent(bodies: Iterable[Body], known: Iterable[Mapping[str, Any]], name: str) -> list[Body]:
    """The bodies whose `name` (their id or key) no known thing has."""
    there = {one[name] for one in known}
    return [body for body in bodies if body[name] not in there]


def import_absent(api: Api, path: str, bodies: Sequence[Body], *, at_once: int) -> Counter[str]:
    """Import into the registry those that it does not know; how many are `new` and `known`."""
    fresh = absent(bodies, api.every("registry", path, limit=PAGE), "id")
    for start in range(0, len(fresh), at_once):
        api.post("registry", f"{path}/import", {"items": fresh[start : start + at_once]})
    return _counted(bodies, fresh)


def put_absent(api: Api, path: str, bodies: Sequence[Body]) -> Counter[str]:
    """Put into monitoring's catalogue those that it does not list; how many are `new` and `known`."""
    fresh = absent(bodies, api.every("monitoring", path), "key")
    for body in fresh:
        api.put("monitoring", f"{path}/{body['key']}", without(body, "key"))
    return _counted(bodies, fresh)


def put_document(api: Api, path: str, name: str, text: str) -> None:
    """Put a YAML document of scoring (an edition of the methodology, a set of thresholds) where none has its id.

    In the name of the ministry, which approves them.
    """
    if any(one["id"] == name for one in api.every("scoring", path)):
        return
    body = {"content": text.encode(), "headers": {"Content-Type": "application/yaml"}}
    with api.of("ministry") as ministry:
        wait(partial(_put, ministry, "scoring", f"{path}/{name}", **body))


def put_roadmaps(api: Api, roadmaps: Sequence[Body]) -> Counter[str]:
    """Put the road maps that are not there; how many are `new` and `known`."""
    known = [{"key": one["id"]} for one in api.every("roadmap", "/v1/roadmaps")]
    fresh = absent(roadmaps, known, "key")
    for roadmap in fresh:
        wait(partial(_put, api, "roadmap", f"/v1/roadmaps/{roadmap['key']}", json=without(roadmap, "key")))
    return _counted(roadmaps, fresh)


def unreported(api: Api, results: Sequence[Body], period: str) -> list[Body]:
    """The results of municipalities that nobody has reported, with whatever values."""
    there = {
        (procedure, one["subject"]["municipality"]["id"])
        for procedure in dict.fromkeys(body["procedure"] for body in results)
        for one in api.every("monitoring", "/v1/results", procedure=procedure, period=period, limit=PAGE)
        if "organization" not in one["subject"]
    }
    return [body for body in results if (body["procedure"], body["subject"]["municipality"]) not in there]


def _counted(bodies: Sequence[Body], fresh: Sequence[Body]) -> Counter[str]:
    return Counter(new=len(fresh), known=len(bodies) - len(fresh))


def _put(api: Api, service: str, path: str, **body: Any) -> bool:
    """Put it; False while the service has not heard of its municipalities, a moment after the registry."""
    answer = api.ask("PUT", service, path, **body)
    if answer.is_error and "unknown-municipality" in {one["code"] for one in answer.json().get("errors", ())}:
        return False
    api.check(answer, service, path)
    return True
