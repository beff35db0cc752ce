"""What the pages of results ask the services for, and what they refuse together."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Path

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.page import Visitor
from shared.kernel import NotFound
from shared.policy import Actor
from shared.web import may

Reader = Annotated[Actor, Depends(may("result.read"))]
Submitter = Annotated[Actor, Depends(may("result.submit"))]
Reviser = Annotated[Actor, Depends(may("result.revise"))]
ResultId = Annotated[str, Path(max_length=100)]


async def catalogue(visitor: Visitor) -> Answer:
    """The procedures by code."""
    return await visitor.get("monitoring", "/v1/procedures")


async def described(visitor: Visitor, key: str) -> Answer:
    """What the catalogue says of one procedure."""
    return await visitor.get("monitoring", path_of("v1", "procedures", key))


async def procedure_of(visitor: Visitor, key: str) -> Mapping[str, Any]:
    """One procedure; one that the catalogue no longer knows has no indicators to name."""
    return procedure_in(await described(visitor, key), key)


def procedure_in(answer: Answer, key: str) -> Mapping[str, Any]:
    """The procedure that the catalogue told; only its key where it told none."""
    return answer.body if answer.ok else {"key": key, "name": key, "indicators": [], "maximum": "0"}


def found(answer: Answer) -> Mapping[str, Any]:
    """The result, NotFound in the words of the service where it is not there or not for this reader."""
    problem = answer.problem
    if problem is not None and not answer.away:
        raise NotFound(problem.code, problem.title, problem.detail)
    return answer.body if answer.ok else {}


async def is_open(visitor: Visitor, source: str) -> bool:
    """Whether the visitor may speak for this source: a correction that would be refused is not offered."""
    if visitor.may("result.submit-for-any-source"):
        return True
    answer = await visitor.get("monitoring", path_of("v1", "sources", source))
    return not answer.ok or bool(answer.body["people"])


class Subject(NamedTuple):
    """Whom a result is about, in words; and who may correct it: a school's owner of today, as the registry says."""

    name: str
    owner: str | None


async def subject_of(visitor: Visitor, result: Mapping[str, Any]) -> Subject:
    """Of whom a result is; whose it was then where the registry does not say whose the school is now."""
    told = result["subject"]
    municipality = told.get("municipality") or {}
    if not (organization := told.get("organization")):
        return Subject(str(municipality.get("name") or municipality.get("id") or "—"), municipality.get("id"))
    answer = await _organization(visitor, organization)
    if not answer.ok:
        return Subject(organization, municipality.get("id"))
    return Subject(str(answer.body["name"]), (answer.body["municipality"] or {}).get("id"))


async def organization_name(visitor: Visitor, organization: str) -> str:
    """What a school is called; its id where the registry does not say."""
    answer = await _organization(visitor, organization)
    return str(answer.body["name"]) if answer.ok else organization


async def _organization(visitor: Visitor, organization: str) -> Answer:
    return await visitor.get("registry", path_of("v1", "organizations", organization))


def by_code(procedures: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The procedures to choose from."""
    return [(one["key"], f"{one['code']}. {one['name']}") for one in procedures]
