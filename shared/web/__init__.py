"""The HTTP side of every service: doors read exactly, answer exactly, refuse in words, and are watched."""

from shared.web.access import CurrentActor, action_of, actions_of, may
from shared.web.answers import JsonAnswer, Prepared, cached, composed, created, etag_of, page, revision_tag, shown
from shared.web.application import create_app
from shared.web.conditions import (
    Condition,
    Cursor,
    ExpectedRevision,
    Idempotency,
    Limit,
    NamedRevision,
    read_cursor,
    write_cursor,
)
from shared.web.days import IsoDay, iso_day
from shared.web.exact import answered_by, is_json, router
from shared.web.health import Health
from shared.web.problems import STATUS, problem, problem_of
from shared.web.shapes import BY_ID, TAG, Exact, PageShape, Shape, WrongShape, answers, left_out
from shared.web.texts import READABLE

__all__ = [
    "BY_ID",
    "READABLE",
    "STATUS",
    "TAG",
    "Condition",
    "CurrentActor",
    "Cursor",
    "Exact",
    "ExpectedRevision",
    "Health",
    "Idempotency",
    "IsoDay",
    "JsonAnswer",
    "Limit",
    "NamedRevision",
    "PageShape",
    "Prepared",
    "Shape",
    "WrongShape",
    "action_of",
    "actions_of",
    "answered_by",
    "answers",
    "cached",
    "composed",
    "create_app",
    "created",
    "etag_of",
    "is_json",
    "iso_day",
    "left_out",
    "may",
    "page",
    "problem",
    "problem_of",
    "read_cursor",
    "revision_tag",
    "router",
    "shown",
    "write_cursor",
]
