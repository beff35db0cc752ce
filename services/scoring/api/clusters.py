"""Clusters over HTTP: how many and why, what each is like, and who of the reader's own is where."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.scoring.api.parts import RegionOf, Uses, check_live, region_asked
from services.scoring.api.told.schools import ClustersAnswer
from services.scoring.domain.clusters import MOST
from services.scoring.domain.league import League
from services.scoring.usecases.schools.clusters import AskedClusters, Of
from shared.exactjson import write
from shared.policy import Actor, scope_of
from shared.web import answers, cached, may
from shared.web import router as make_router

READ = "school.read"
router = make_router("/v1/clusters", tag="schools")
Reader = Annotated[Actor, Depends(may(READ))]


def asked_clusters(  # noqa: PLR0917 - FastAPI calls it by names
    uses: Uses,
    actor: Reader,
    period: Annotated[str, Query(max_length=40, description="год или учебный год")],
    of: Annotated[Of, Query(description="что группировать")] = "schools",
    k: Annotated[int | None, Query(ge=2, le=MOST, description="сколько групп; без него — по силуэтам")] = None,
    region: RegionOf = None,
) -> AskedClusters:
    """The parameters of clusters."""
    return AskedClusters(period, region_asked(uses, actor, region), of, k)


@router.get(
    "",
    operation_id="read_clusters",
    responses=answers(ClustersAnswer, tagged=True),
    summary="Группы похожих школ или муниципалитетов",
)
async def read_clusters(
    request: Request, uses: Uses, actor: Reader, asked: Annotated[AskedClusters, Depends(asked_clusters)]
) -> Response:
    """The same data and parameters give the same clusters; of the members a reader sees only their own.

    Those of municipalities are made of their live scores, and open to whoever may see these.
    """
    if asked.of == "municipalities":
        check_live(uses, actor, League(asked.region, asked.period))
    return cached(request, write(await uses.schools.clusters.answer(asked, scope=scope_of(actor, READ))))
