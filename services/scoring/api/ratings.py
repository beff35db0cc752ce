"""Ratings over HTTP: JSON or CSV; what is rendered once is answered until the table changes."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parts import AsOf, Period, Uses, uses_of
from services.scoring.api.tables import rating_csv
from services.scoring.api.told.ratings import PublicationAnswer, RatingAnswer
from services.scoring.usecases import Scoring, Wanted
from shared.exactjson import write
from shared.kernel import NotFound
from shared.policy import Actor, decide
from shared.web import JsonAnswer, Prepared, answered_by, answers, may
from shared.web import router as make_router

KEPT = 1_000
CSV = "text/csv"
router = make_router("/v1", tag="ratings")
Reader = Annotated[Actor, Depends(may("rating.read"))]
Group = Annotated[str, Query(max_length=100, description="overall, conditions, results, processes или ключ процедуры")]
Exclude = Annotated[list[str], Query(max_length=20, description="процедуры, без которых считать (можно несколько раз)")]
Edition = Annotated[str | None, Query(max_length=100, description="опубликованная редакция рейтинга")]
RATING = answers(RatingAnswer, also={CSV: {"schema": {"type": "string"}}})
Target = tuple[str, bytes, bool]


@dataclass
class Shelf:
    """Rendered ratings by the request's target, each with the version that it shows."""

    kept: dict[Target, tuple[str, tuple[int, ...], Prepared]] = field(default_factory=dict)

    def find(self, request: Request, uses: Scoring) -> tuple[str, Prepared] | None:
        """The period and the answer kept for this very request, if it still shows what stands."""
        found = self.kept.get(_target(request))
        if found is None or found[1] != uses.ratings.version(found[0]):
            return None
        return found[0], found[2]

    def keep(self, request: Request, period: str, *, version: tuple[int, ...], answer: Prepared) -> None:
        """Keep an answer; when the shelf is full it is emptied, for versions pass anyway."""
        if len(self.kept) >= KEPT:
            self.kept.clear()
        self.kept[_target(request)] = (period, version, answer)


def _shelf(request: Request) -> Shelf:
    state = request.app.state
    if not hasattr(state, "rating_shelf"):
        state.rating_shelf = Shelf()
    shelf: Shelf = state.rating_shelf
    return shelf


def wants_csv(request: Request) -> bool:
    """Whether the reader asks for a table instead of JSON."""
    return any(name == b"accept" and CSV.encode() in value for name, value in request.scope["headers"])


def _target(request: Request) -> Target:
    return request.scope["path"], request.scope["query_string"], wants_csv(request)


def _at_hand(request: Request) -> Response | None:
    """The kept answer for somebody without a token, where the period is public."""
    uses = uses_of(request)
    found = _shelf(request).find(request, uses)
    if found is None or not uses.ratings.public(found[0]):
        return None
    return found[1].answer(request)


@router.get(
    "/ratings/{period}",
    operation_id="read_rating",
    responses=RATING,
    summary="Рейтинг муниципалитетов: JSON или CSV (Accept)",
)
@answered_by(_at_hand)
async def read_rating(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request,
    uses: Uses,
    actor: Reader,
    period: Period,
    group: Group = "overall",
    as_of: AsOf = None,
    edition: Edition = None,
    exclude: Exclude = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """The ranked table; as_of: as it stood by the time of recording. A live one is public only where published."""
    if not uses.ratings.public(period):
        decide(actor, "rating.read-live", {})
    if edition is not None:
        detail = f"«{edition}»: за {period} опубликованных редакций нет. Уберите параметр edition."
        raise NotFound("edition-not-found", "Такой редакции рейтинга нет", detail)
    wanted = Wanted(period, group, frozenset(exclude))
    if as_of is not None:
        return _rendered(request, await uses.ratings.as_of(wanted, as_of)).answer(request)
    if found := _shelf(request).find(request, uses):
        return found[1].answer(request)
    version = uses.ratings.version(period)
    answer = _rendered(request, uses.ratings.live(wanted))
    _shelf(request).keep(request, period, version=version, answer=answer)
    return answer.answer(request)


def _rendered(request: Request, rating: dict[str, object]) -> Prepared:
    if wants_csv(request):
        name = f"rating-{rating['period']}-{rating['group']}.csv"
        told = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Prepared(rating_csv(rating), media_type=CSV, headers=told)
    return Prepared(write(rating))


class Publication(BaseModel):
    """Whether a period's live rating is open to everybody, and by which act."""

    model_config = ConfigDict(extra="forbid")
    public: bool
    act: str = Field(min_length=1, max_length=500)


@router.put(
    "/periods/{period}/publication",
    operation_id="publish_period",
    responses=answers(PublicationAnswer),
    dependencies=[Depends(may("period.publish"))],
    summary="Открыть или закрыть текущий рейтинг периода для всех",
)
async def publish_period(uses: Uses, period: Period, body: Publication) -> Response:
    """Repeating it changes nothing."""
    await uses.editions.publish(period, public=body.public, act=body.act)
    return JsonAnswer({"period": period, "public": body.public, "act": body.act})
