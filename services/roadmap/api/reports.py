"""The door of the report of execution: JSON, or a table as CSV."""

import csv
import io
from typing import Annotated

from fastapi import Query, Request, Response

from services.roadmap.api.asking import ActivityReader, On, Uses
from services.roadmap.api.told import ExecutionAnswer
from services.roadmap.domain import STATES
from services.roadmap.usecases import Shown, Wanted
from shared.exactjson import write
from shared.texts import safe_cell
from shared.web import answers, cached, router
from shared.web.accept import prefers

CSV = "text/csv"
COLUMNS = ("by", "id", "name", "oktmo", "roadmap", "section", "month", "counted", *STATES)
reports = router("/v1/reports", tag="Отчёты")
RegionOf = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=100,
        description="номер региона; без него — регион вашего муниципалитета, иначе домашний (RSOKO_REGION)",
        examples=["74"],
    ),
]
RoadmapOf = Annotated[
    str | None,
    Query(min_length=1, max_length=100, description="только по этой дорожной карте", examples=["region-2022"]),
]


@reports.get(
    "/execution",
    operation_id="read_execution_report",
    responses=answers(ExecutionAnswer, also={CSV: {"schema": {"type": "string"}}}, tagged=True),
    summary="Отчёт об исполнении дорожных карт: JSON или CSV (Accept)",
)
async def read_execution(
    request: Request, actor: ActivityReader, uses: Uses, *,
    as_of: On = None, roadmap: RoadmapOf = None, region: RegionOf = None,
) -> Response:  # fmt: skip
    """Сколько мероприятий в каком состоянии на день `as_of`: по муниципалитетам, разделам и месяцам сроков.

    Каждое мероприятие региона считается у самого региона и у каждого муниципалитета, который есть в этот день и к
    которому оно относится; месяцы считают сроки, которых у мероприятия может быть несколько. Состояния — те же, что у
    `/v1/activities?on=`.
    """
    found = await uses.summing.report(Wanted(region=region, roadmap=roadmap, on=as_of), actor=actor)
    if prefers(request, CSV):
        name = f"execution-{roadmap or found['region']}-{found['as_of']}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return cached(request, report_csv(found), media_type=CSV, headers=headers)
    return cached(request, write(found))


def report_csv(found: Shown) -> bytes:
    """A line for the whole, for each municipality, section and month; UTF-8, comma, header."""
    text = io.StringIO()
    out = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    out.writeheader()
    out.writerow({"by": "total", "counted": found["activities"], **found["states"]})
    for row in found["municipalities"]:
        place = row["municipality"] or {"name": "сам регион"}
        out.writerow(_line("municipality", place, row["activities"], row["states"]))
    for row in found["sections"]:
        out.writerow(
            _line("section", {name: row[name] for name in ("roadmap", "section")}, row["activities"], row["states"])
        )
    for row in found["months"]:
        out.writerow(_line("month", {"month": row["month"]}, row["occurrences"], row["states"]))
    return text.getvalue().encode()


def _line(by: str, named: Shown, counted: int, states: Shown) -> Shown:
    cells = {name: safe_cell(value) for name, value in named.items() if value is not None}
    return {"by": by, "counted": counted, **cells, **states}
