"""Schools over HTTP: lists with reasons, risk profiles; never public, never of a foreign municipality."""

from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Request, Response

from services.scoring.api.parts import RegionOf, Uses, region_asked
from services.scoring.api.told.schools import (
    Level,
    ListedPage,
    ProfileAnswer,
    SchoolResultsPage,
    SignsAnswer,
    StrongPage,
)
from services.scoring.domain.schools import ListName
from services.scoring.domain.schools.results import Among
from services.scoring.domain.signs import Kind
from services.scoring.usecases.schools.listing import Asked, Page
from services.scoring.usecases.schools.results import AskedResults
from services.scoring.usecases.schools.signs import AskedSigns
from shared.exactjson import write
from shared.policy import Actor, scope_of
from shared.web import Cursor, Limit, answers, cached, may, page, read_cursor, write_cursor
from shared.web import router as make_router

READ = "school.read"
LISTING, SIGNS, RESULTS = "schools", "school-signs", "school-results"
router = make_router("/v1/schools", tag="schools")
Reader = Annotated[Actor, Depends(may(READ))]
OfYear = Annotated[str, Query(max_length=40, description="год или учебный год (считается по году окончания)")]
Whose = Annotated[str | None, Query(max_length=100, description="муниципалитет: идентификатор или код ОКТМО")]
SpanOf = Annotated[Literal["year", "three_years"] | None, Query(description="за год или за три года")]
CriterionOf = Annotated[
    str | None, Query(pattern=r"^[a-z0-9_.-]{1,100}$", description="ключ критерия; set — совокупность")
]


def asked_list(name: ListName) -> object:
    """The parameters of a list as a dependency."""

    def asked(  # noqa: PLR0917 - FastAPI calls it by names
        uses: Uses,
        actor: Reader,
        period: OfYear,
        municipality: Whose = None,
        span: SpanOf = None,
        criterion: CriterionOf = None,
        limit: Limit = 50,
        cursor: Cursor = None,
        region: RegionOf = None,
    ) -> Asked:
        return Asked(
            period,
            name,
            region_asked(uses, actor, region, whose=municipality),
            municipality,
            span,
            criterion,
            read_cursor(LISTING, cursor, str),
            limit,
        )

    return Depends(asked)


@router.get(
    "/low-results",
    operation_id="list_low_result_schools",
    responses=answers(ListedPage),
    summary="Школы с низкими результатами и причины каждой",
)
async def list_low(
    request: Request, uses: Uses, actor: Reader, asked: Annotated[Asked, asked_list("low_results")]
) -> Response:
    """In the order of ids; a municipality sees its own schools, a school itself."""
    return _shown(request, await uses.schools.listing.page(asked, scope=scope_of(actor, READ)), LISTING)


@router.get(
    "/strong",
    operation_id="list_strong_schools",
    responses=answers(StrongPage),
    summary="Сильные школы и пары: кому каждая могла бы помочь",
)
async def list_strong(
    request: Request, uses: Uses, actor: Reader, asked: Annotated[Asked, asked_list("strong")]
) -> Response:
    """In the order of ids; of pairs beyond what the reader may see only the number is told."""
    return _shown(request, await uses.schools.pairs.page(asked, scope=scope_of(actor, READ)), LISTING)


def asked_results(  # noqa: PLR0917 - FastAPI calls it by names
    uses: Uses,
    actor: Reader,
    period: OfYear,
    procedure: Annotated[str | None, Query(max_length=100, description="ключ процедуры")] = None,
    subject: Annotated[str | None, Query(max_length=100, description="предмет, как в каталоге процедур")] = None,
    level: Annotated[Level | None, Query(description="уровень образования")] = None,
    municipality: Whose = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    region: RegionOf = None,
) -> AskedResults:
    """The parameters of the results."""
    after = read_cursor(RESULTS, cursor, str)
    return AskedResults(
        period,
        region_asked(uses, actor, region, whose=municipality),
        Among(procedure, subject, level),
        municipality,
        after,
        limit,
    )


@router.get(
    "/results",
    operation_id="list_school_results",
    responses=answers(SchoolResultsPage),
    summary="Результаты школ по процедурам, предметам, уровням и годам",
)
async def list_results(
    request: Request, uses: Uses, actor: Reader, asked: Annotated[AskedResults, Depends(asked_results)]
) -> Response:
    """Schools in the order of ids, each with the results that count in the year; `limit` counts schools."""
    return _shown(request, await uses.schools.results.page(asked, scope=scope_of(actor, READ)), RESULTS)


def _shown(request: Request, found: Page, kind: str) -> Response:
    following = found.following and write_cursor(kind, found.following)
    return page(request, found.items, following=following, beside=found.beside)


KindOf = Annotated[Kind | None, Query(description="вид признака")]


def asked_signs(  # noqa: PLR0917 - FastAPI calls it by names
    uses: Uses,
    actor: Reader,
    period: OfYear,
    procedure: Annotated[str | None, Query(max_length=100, description="ключ процедуры")] = None,
    kind: KindOf = None,
    municipality: Whose = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    region: RegionOf = None,
) -> AskedSigns:
    """The parameters of the signs."""
    return AskedSigns(
        period,
        region_asked(uses, actor, region, whose=municipality),
        procedure,
        kind,
        municipality,
        read_cursor(SIGNS, cursor, str),
        limit,
    )


@router.get(
    "/bias-signs",
    operation_id="list_bias_signs",
    responses=answers(SignsAnswer, tagged=True),
    summary="Признаки необъективности: повод посмотреть, а не вывод",
)
async def list_signs(
    request: Request, uses: Uses, actor: Reader, asked: Annotated[AskedSigns, Depends(asked_signs)]
) -> Response:
    """Each with statistic, thresholds, probability, effect, n; `pending` while newer results wait to be looked at."""
    found = await uses.schools.signs.page(asked, scope=scope_of(actor, READ))
    found["next"] = found["next"] and write_cursor(SIGNS, found["next"])
    return cached(request, write(found))


@router.get(
    "/{school}/risk-profile",
    operation_id="read_risk_profile",
    responses=answers(ProfileAnswer, tagged=True),
    summary="Рисковый профиль школы: факторы, процедуры и годы",
)
async def read_profile(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request,
    uses: Uses,
    actor: Reader,
    school: Annotated[str, Path(max_length=100)],
    period: Annotated[str | None, Query(max_length=40, description="последний год профиля")] = None,
) -> Response:
    """The year and the two before it; a school that is not there, or not for this reader, is not found."""
    return cached(request, write(await uses.schools.profiles.profile(school, period, actor=actor)))
