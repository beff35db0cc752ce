"""What a decision about an edition sees of the store, and what it leaves there."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.scoring.domain.publication.content import Inputs
from services.scoring.domain.publication.course import Course
from services.scoring.domain.publication.edition import PUBLISHED, UNDER_WAY, Edition
from services.scoring.domain.publication.objection import Objection
from services.scoring.domain.publication.packed import Packed
from shared.kernel import Event


@dataclass(frozen=True, slots=True)
class Seen:
    """The state that is decided on; `previous` is the edition published last, `unsettled` what nobody settled yet."""

    now: datetime
    course: Course
    edition: Edition | None = None
    previous: Edition | None = None
    objection: Objection | None = None
    unsettled: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A content as it is kept: of which edition, at which stage (draft or frozen), what it was made of."""

    edition: str
    stage: str
    body: Packed
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class File:
    """One file of a published edition, as it was made then and stays."""

    name: str
    media_type: str
    body: Packed


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of an edition; without events nothing changed and nothing is written."""

    edition: Edition
    events: tuple[Event, ...] = ()
    objection: Objection | None = None
    closed: tuple[Objection, ...] = ()
    superseded: Edition | None = None
    content: Content | None = None
    files: tuple[File, ...] = ()


def course_after(course: Course, edition: Edition) -> Course:
    """The course with this state of one of its editions."""
    under_way = course.under_way
    if edition.state in UNDER_WAY:
        under_way = edition.id
    elif under_way == edition.id:
        under_way = None
    last = edition.id if edition.state == PUBLISHED else course.last
    return replace(course, count=max(course.count, edition.number), under_way=under_way, last=last)
