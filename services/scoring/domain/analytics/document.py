"""An analytics document on its way: drafted, written section by section, finished once and then never edited."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from services.scoring.domain.analytics.sections import Data, check_whole
from services.scoring.domain.period import period_year
from services.scoring.events import AnalyticsFinished
from shared.kernel import Change, Conflict, FieldError, Refused, check_expected

DRAFT, FINISHED = "draft", "finished"
State = Literal["draft", "finished"]
# A block of a text: a paragraph is one line, a list several.
Block = tuple[Literal["paragraph", "list"], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Text:
    """What a person wrote into a section: plain paragraphs and lists."""

    blocks: tuple[Block, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Frozen:
    """The whole content as it was finished, byte for byte, with its digest; `as_of`: by what was recorded until."""

    content: str
    digest: str
    as_of: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Document:
    """One version of the document of a procedure and period; `reason`: why there is another version."""

    id: str
    procedure: str
    period: str
    version: int
    created_at: datetime
    created_by: str
    state: State = "draft"
    revision: int = 1
    reason: str | None = None
    before: str | None = None
    texts: Mapping[str, Text] = field(default_factory=dict)
    frozen: Frozen | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is asked for: whose document, compared with which earlier period, why anew, by whom and when."""

    procedure: str
    period: str
    by: str
    now: datetime
    reason: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Who changes a document, from which revision, and when."""

    by: str
    expected: int
    now: datetime


def period_before(period: str) -> str:
    """The year, or school year, before this one."""
    last = period_year(period)
    return f"{last - 2}-{last - 1}" if "-" in period else str(last - 1)


def draft(wanted: Draft, versions: Iterable[Document]) -> Document:
    """The next version, with the texts of the last one; Conflict while another draft of it is being written."""
    before = wanted.before or period_before(wanted.period)
    if period_year(before) >= period_year(wanted.period):
        raise _wrong(
            "/before", "not-earlier", f"«{before}» не раньше, чем «{wanted.period}»", "Назовите прежний период"
        )
    known = sorted(versions, key=lambda one: one.version)
    last = known[-1] if known else None
    if last is not None and last.state == DRAFT:
        detail = f"Версия {last.version} ещё не завершена: продолжайте её."
        raise Conflict("analytics-draft-exists", "Черновик уже есть", detail, extra={"document": last.id})
    if last is not None and not wanted.reason:
        raise _wrong("/reason", "reason-required", "Не сказано, зачем новая версия", "Напишите, что изменилось")
    version = 1 if last is None else last.version + 1
    return Document(
        id=f"{wanted.procedure}.{wanted.period}.v{version}",
        procedure=wanted.procedure,
        period=wanted.period,
        version=version,
        created_at=wanted.now,
        created_by=wanted.by,
        reason=wanted.reason if last is not None else None,
        before=before,
        texts={} if last is None else dict(last.texts),
    )


def write(document: Document, section: str, blocks: tuple[Block, ...], *, step: Step) -> Document:
    """The draft with a section's text; no blocks take the text away. The same text changes nothing."""
    _check_open(document)
    known = document.texts.get(section)
    if blocks == (known.blocks if known else ()):
        return document
    _check_revision(document, step.expected)
    texts = {key: text for key, text in document.texts.items() if key != section}
    if blocks:
        texts[section] = Text(blocks, step.by, step.now)
    return replace(document, texts=texts, revision=document.revision + 1)


def finish(document: Document, data: Data, content: str, *, step: Step) -> Change[Document]:
    """The document frozen with this content; refused when a section is missing, told when it is done."""
    _check_open(document)
    _check_revision(document, step.expected)
    check_whole(data, document.texts)
    digest = hashlib.sha256(content.encode()).hexdigest()
    after = replace(
        document,
        state="finished",
        revision=document.revision + 1,
        frozen=Frozen(content, digest, step.now, step.by),
    )
    told = AnalyticsFinished(
        document=after.id,
        procedure=after.procedure,
        period=after.period,
        version=after.version,
        digest=digest,
        finished_at=step.now,
        url=f"/v1/analytics-documents/{after.id}",
    )
    return Change(after, (told,))


def _check_open(document: Document) -> None:
    if document.state == FINISHED:
        detail = "Завершённый документ не меняется: создайте новую версию (POST /v1/analytics-documents с reason)."
        raise Conflict("analytics-finished", "Документ завершён", detail)


def _check_revision(document: Document, expected: int) -> None:
    check_expected(expected, document.revision, read=f"/v1/analytics-documents/{document.id}")


def _wrong(pointer: str, code: str, message: str, remedy: str) -> Refused:
    error = FieldError(pointer, code, f"{message}.", f"{remedy}.")
    return Refused("invalid-analytics-document", "Документ не создан", f"{message}. {remedy}.", errors=[error])
