"""Editions and what belongs to them as documents and back: days and instants as ISO text, big bodies packed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from services.scoring.domain.league import League
from services.scoring.domain.methodology import Statement
from services.scoring.domain.publication import Course, Edition, Inputs, Objection, Packed
from services.scoring.domain.publication.writing import Content, File
from shared.mongo import Document, ReplaceOne

_EDITION = TypeAdapter(Edition)
_OBJECTION = TypeAdapter(Objection)


def put(document: Document) -> ReplaceOne[Document]:
    """Keep a document, new or not."""
    return ReplaceOne({"_id": document["_id"]}, document, upsert=True)


def edition_document(edition: Edition) -> Document:
    """An edition as it is kept."""
    return _keyed(_EDITION.dump_python(edition, mode="json"))


def with_region(row: Document) -> Document:
    """An edition of when there was one region, which nothing named: it is of the home one."""
    return {**row, "region": None}


def edition_from(row: Mapping[str, Any], home: str) -> Edition:
    """The edition behind `edition_document`."""
    region = home if row["region"] is None else row["region"]
    return _EDITION.validate_python({**row, "id": row["_id"], "region": region})


def objection_document(one: Objection) -> Document:
    """An objection as it is kept, with what it is looked for by."""
    number = int(one.id.rpartition("-")[2])
    aside = {"municipality": one.municipality, "settled": one.settled, "number": number}
    return _keyed(_OBJECTION.dump_python(one, mode="json")) | aside


def objection_from(row: Mapping[str, Any]) -> Objection:
    """The objection behind `objection_document`."""
    return _OBJECTION.validate_python({**row, "id": row["_id"]})


def course_document(course: Course) -> Document:
    """The course of a league as it is kept."""
    league = {"period": course.period, "region": course.region}
    return {"_id": course.id, **league, "count": course.count, "under_way": course.under_way, "last": course.last}


def course_from(row: Mapping[str, Any] | None, league: League, home: str) -> Course:
    """The course of a league, also one that had no edition yet."""
    course = Course(league.period, region=league.region, at_home=league.region == home)
    return replace(course, count=row["count"], under_way=row["under_way"], last=row["last"]) if row else course


def content_document(content: Content) -> Document:
    """A content as it is kept, with its inputs."""
    stated = content.inputs.stated
    return {
        "_id": content_id(content.edition, content.stage),
        **_body(content.body),
        "facts": list(content.inputs.facts),
        "names": [dict(name) for _, name in sorted(content.inputs.names.items())],
        "unborn": sorted(content.inputs.unborn.items()),
        "flags": [dict(one) for one in content.inputs.flags],
        "stated": None if stated is None else [[*place, *said] for *place, said in stated],
    }


def content_from(row: Mapping[str, Any]) -> Content:
    """The content behind `content_document`."""
    edition, _, stage = row["_id"].rpartition("|")
    names = {name["id"]: name for name in row["names"]}
    stated = row.get("stated")
    said = None if stated is None else tuple((key, whose, Statement(*told)) for key, whose, *told in stated)
    inputs = Inputs(tuple(row["facts"]), names, dict(row["unborn"]), tuple(row["flags"]), said)
    return Content(edition, stage, _body_from(row), inputs)


def content_id(edition: str, stage: str) -> str:
    """How a content is named in the store."""
    return f"{edition}|{stage}"


def file_document(edition: str, file: File) -> Document:
    """A file as it is kept."""
    return {
        "_id": content_id(edition, file.name),
        "edition": edition,
        "name": file.name,
        "media_type": file.media_type,
        **_body(file.body),
    }


def file_from(row: Mapping[str, Any]) -> File:
    """The file behind `file_document`."""
    return File(row["name"], row["media_type"], _body_from(row))


def _body(body: Packed) -> Document:
    return {"sha256": body.sha256, "size": body.size, "packed": body.packed}


def _body_from(row: Mapping[str, Any]) -> Packed:
    return Packed(row["packed"], row["size"], row["sha256"])


def _keyed(plain: Document) -> Document:
    return {"_id": plain.pop("id"), **plain}
