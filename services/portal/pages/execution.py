"""How road maps are carried out: a table by municipality, section and month on any day, and the same as CSV."""

from asyncio import gather
from typing import Annotated

from fastapi import Depends, Query, Response

from services.portal.clients import Answer
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.pages.tables import CSV, attached
from services.portal.show import execution as show
from services.portal.show.execution import Asked, report_of
from shared.calendar import day_of
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")
READ = [Depends(may("activity.read"))]
REPORT = "/v1/reports/execution"
Text = Annotated[str, Query(max_length=100)]
WRONG = 422


def asked_of(as_of: Text = "", roadmap: Text = "", region: Text = "") -> Asked:
    """What the address asks for."""
    return Asked(as_of=as_of.strip(), roadmap=roadmap.strip(), region=region.strip())


Wanted = Annotated[Asked, Depends(asked_of)]


@router.get(
    "/execution",
    dependencies=READ,
    operation_id="execution_page",
    summary="Исполнение дорожных карт",
    response_class=Response,
)
async def execution_page(visitor: Visit, asked: Wanted) -> Response:
    """How many activities are in which state; the address holds the day and the road map."""
    answer, roadmaps = await gather(_report(visitor, asked), visitor.get("roadmap", "/v1/roadmaps"))
    if not answer.ok and not _day_is_wrong(answer):
        return trouble_page(visitor, answer)
    today = day_of(visitor.portal.clock()).isoformat()
    return page(
        visitor,
        "execution/page.html",
        status=200 if answer.ok else WRONG,
        asked=asked,
        as_of=asked.as_of or today,
        answer=answer,
        report=report_of(answer.body) if answer.ok else None,
        offered=_offered(roadmaps, asked),
        show=show,
    )


@router.get(
    "/execution.csv",
    dependencies=READ,
    operation_id="download_execution",
    summary="Исполнение дорожных карт для Excel (CSV)",
    response_class=Response,
)
async def download_execution(visitor: Visit, asked: Wanted) -> Response:
    """A line for each municipality, section and month, for a spreadsheet in Russian."""
    answer = await _report(visitor, asked)
    if not answer.ok:
        return trouble_page(visitor, answer)
    report = report_of(answer.body)
    return Response(show.table_of(report), media_type=CSV, headers=attached(f"execution-excel-{report.as_of}.csv"))


async def _report(visitor: Visitor, asked: Asked) -> Answer:
    return await visitor.get("roadmap", REPORT, params=asked.params())


def _day_is_wrong(answer: Answer) -> bool:
    return answer.problem is not None and any(error.pointer == "/as_of" for error in answer.problem.errors)


def _offered(roadmaps: Answer, asked: Asked) -> list[tuple[str, str]]:
    """The road maps to choose from; while they cannot be listed, the one that is asked for."""
    found = [
        (one["id"], one["title"] if one["municipality"] is None else f"{one['municipality']['name']}: {one['title']}")
        for one in roadmaps.items
        if asked.region in {"", one["region"]}
    ]
    if asked.roadmap and asked.roadmap not in dict(found):
        found.append((asked.roadmap, asked.roadmap))
    return found
