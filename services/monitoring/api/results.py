"""The door of results: submit one or many, read, correct and withdraw."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Body, Path, Query, Request, Response

from services.monitoring.api.asking import ResultReader, Reviser, Submitter, Uses
from services.monitoring.api.shapes import BatchBody, ResultBody, RevisionBody
from services.monitoring.api.told import FollowedPage, ReportAnswer, ResultAnswer, ResultPage, UnchangedAnswer
from shared.telemetry import current_cause
from shared.web import (
    Cursor,
    ExpectedRevision,
    Idempotency,
    JsonAnswer,
    Limit,
    answers,
    composed,
    created,
    page,
    read_cursor,
    revision_tag,
    router,
    write_cursor,
)
from shared.web.moments import Moment

results = router("/v1/results", tag="results")
MANY = 4 * 1024 * 1024
Text = Annotated[str | None, Query(min_length=1, max_length=100)]
ResultId = Annotated[str, Path(max_length=100)]


@results.post("", operation_id="submit_result", status_code=201, responses=answers(ResultAnswer, 201, tagged=True))
async def submit_result(
    body: Annotated[ResultBody, Body(title="Result")], actor: Submitter, uses: Uses, *, key: Idempotency
) -> Response:
    """Submit one result; a second one for the same procedure, subject and period is a conflict (409)."""
    answer = await uses.submitting.submit(body, actor=actor, cause=current_cause(), repeat=key)
    return _made(answer)


@results.post("/batch", operation_id="submit_results", max_body_size=MANY, responses=answers(ReportAnswer))
async def submit_results(
    body: BatchBody,
    actor: Submitter,
    uses: Uses,
    *,
    key: Idempotency,
    atomic: Annotated[bool, Query(description="всё или ничего")] = False,
) -> Response:
    """Submit up to 1,000 results; a report line for each row."""
    report = await uses.submitting.submit_many(
        body.items, actor=actor, cause=current_cause(), atomic=atomic, repeat=key
    )
    return JsonAnswer(report)


@results.get("", operation_id="list_results", responses=answers(FollowedPage))
async def list_results(
    request: Request,
    actor: ResultReader,
    uses: Uses,
    *,
    procedure: Text = None,
    municipality: Annotated[Text, Query(description="id или код ОКТМО")] = None,
    period: Annotated[str | None, Query(pattern=r"^[0-9]{4}(-[0-9]{4})?$")] = None,
    changed_after: Annotated[Moment | None, Query(description="записанные позже этого времени")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Present revisions in the order of their recording.

    `changed_after` of the answer is where to go on after the last page: nothing is missed, the last minute comes again.
    """
    items, place, since = await uses.looking.results(
        actor=actor,
        procedure=procedure,
        municipality=municipality,
        period=period,
        after=changed_after,
        place=read_cursor("results", cursor, datetime, str, datetime, least=2),
        limit=limit,
    )
    following = write_cursor("results", place) if place else None
    return page(request, items, following=following, beside={"changed_after": since})


@results.get("/{result}", operation_id="read_result", responses=answers(ResultAnswer, tagged=True))
async def read_result(result: ResultId, actor: ResultReader, uses: Uses) -> Response:
    """The present revision of a result."""
    item = await uses.looking.result(result, actor=actor)
    return composed(item, revision=item["revision"])


@results.get("/{result}/revisions", operation_id="list_revisions", responses=answers(ResultPage))
async def list_revisions(
    request: Request,
    result: ResultId,
    actor: ResultReader,
    uses: Uses,
    *,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Every revision of a result, the oldest first."""
    place = read_cursor("revisions", cursor, int)
    items, following = await uses.looking.revisions(result, actor=actor, place=place, limit=limit)
    return page(request, items, following=write_cursor("revisions", following) if following else None)


@results.post(
    "/{result}/revisions",
    operation_id="revise_result",
    status_code=201,
    responses=answers(ResultAnswer, 201, tagged=True)
    | answers(UnchangedAnswer, words="Ничего не изменилось: действующая версия", tagged=True),
)
async def revise_result(
    result: ResultId,
    body: Annotated[RevisionBody, Body(title="Revision")],
    actor: Reviser,
    uses: Uses,
    *,
    expected: ExpectedRevision,
    key: Idempotency,
) -> Response:
    """Correct or withdraw a result; what would change nothing answers 200 with the revision that holds."""
    answer = await uses.submitting.revise(
        result, body, expected=expected, actor=actor, cause=current_cause(), repeat=key
    )
    return _made(answer)


def _made(answer: Any) -> Response:
    item, revision = answer["item"], answer["revision"]
    if answer["made"]:
        return created(item, location=f"/v1/results/{item['id']}", revision=revision)
    return JsonAnswer(item, headers={"ETag": revision_tag(revision)})
