"""What monitoring decides: procedures and sources as data, and one acceptance of results for every door."""

from services.monitoring.domain.acceptance import (
    Decision,
    EventMark,
    Row,
    Seen,
    decide,
    decide_atomically,
    result_exists,
)
from services.monitoring.domain.checking import Candidate, check, check_time, check_values, refuse_all, required
from services.monitoring.domain.directory import Directory
from services.monitoring.domain.period import days_of, is_known
from services.monitoring.domain.procedure import Procedure, describe, stake
from services.monitoring.domain.result import Result, accept, revise
from services.monitoring.domain.revision import Revision, read_revision
from services.monitoring.domain.source import Source, register
from services.monitoring.domain.submission import Submission, read_submission, refused_result
from services.monitoring.domain.territory import Dated, Municipality, Organization
from services.monitoring.domain.values import read_value

__all__ = [
    "Candidate",
    "Dated",
    "Decision",
    "Directory",
    "EventMark",
    "Municipality",
    "Organization",
    "Procedure",
    "Result",
    "Revision",
    "Row",
    "Seen",
    "Source",
    "Submission",
    "accept",
    "check",
    "check_time",
    "check_values",
    "days_of",
    "decide",
    "decide_atomically",
    "describe",
    "is_known",
    "read_revision",
    "read_submission",
    "read_value",
    "refuse_all",
    "refused_result",
    "register",
    "required",
    "result_exists",
    "revise",
    "stake",
]
