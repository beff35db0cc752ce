"""Ratings over HTTP: JSON or CSV; what is rendered once is answered until the table changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parts import (
    AsOf,
    Period,
    RegionOf,
    Uses,
    check_live,
    check_past,
    region_asked,
    sees_live,
    uses_of,
)
from services.scoring.api.told.ratings import PublicationAnswer, RatingAnswer
from services.scoring.domain import opening
from services.scoring.domain.league import League
from services.scoring.domain.tables import rating_csv
from services.scoring.usecases import Scoring, Wanted
from shared.exactjson import write
from shared.kernel import Refused
from shared.policy import Actor
from shared.turns import Turns
from shared.web import READABLE, Condition, JsonAnswer, Prepared, answered_by, answers, may, revision_tag
from shared.web import router as make_router
from shared.web.accept import prefers

KEPT_BYTES = 16 << 20
RECOUNTS_WAITING, OF_ANYBODY = 8, 3
CSV = "text/csv"
router = make_router("/v1", tag="ratings")
Reader = Annotated[Actor, Depends(may("rating.read"))]
Opener = Annotated[Actor, Depends(may("period.publish"))]
Group = Annotated[str, Query(max_length=100, description="overall, conditions, results, processes или ключ процедуры")]
Exclude = Annotated[list[str], Query(max_length=20, description="процедуры, без которых считать (можно несколько раз)")]
Edition = Annotated[str | None, Query(max_length=100, description="опубликованная редакция рейтинга")]
RATING = answers(RatingAnswer, also={CSV: {"schema": {"type": "string"}}}, tagged=True)
# Path, query, whether CSV, whether live ratings may be seen, the region where the query names none.
Target = tuple[str, bytes, bool, bool, str]
Held = TypeVar("Held")
Version = tuple[int | str, ...]


@dataclass
class Shelf:
    """Rendered ratings by the request's target and whether live ones may be seen, each with the version it shows."""

    kept: dict[Target, tuple[League, Version, Prepared]] = field(default_factory=dict)
    size: int = 0

    def find(self, request: Request, uses: Scoring, *, region: str, live: bool) -> tuple[League, Prepared] | None:
        """The league and the answer kept for this very request, if it still shows what stands."""
        found = self.kept.get(_target(request, region=region, live=live))
        if found is None or found[1] != uses.ratings.version(found[0], live=live):
            return None
        return found[0], found[2]

    def keep(self, target: Target, league: League, *, version: Version, answer: Prepared) -> None:
        """Keep an answer; when the shelf is full it is emptied, for versions pass anyway."""
        before = self.kept.pop(target, None)
        self.size += len(answer.body) - (len(before[2].body) if before else 0)
        if self.size > KEPT_BYTES:
            self.kept.clear()
            self.size = len(answer.body)
        self.kept[target] = (league, version, answer)


def _held(request: Request, name: str, make: Callable[[], Held]) -> Held:
    """What this process keeps for all requests, made at the first."""
    state = request.app.state
    if not hasattr(state, name):
        setattr(state, name, make())
    found: Held = getattr(state, name)
    return found


def _shelf(request: Request) -> Shelf:
    return _held(request, "rating_shelf", Shelf)


def _recounts(request: Request, actor: Actor) -> Turns:
    """Each recount takes the loop for a while: between two of them others are answered.

    Who is signed in does not wait behind the crowd of those who are not.
    """
    if actor.public:
        return _held(request, "recounts_of_anybody", lambda: Turns("recounts of anybody", most=OF_ANYBODY))
    return _held(request, "recounts", lambda: Turns("recounts", most=RECOUNTS_WAITING))


def _target(request: Request, *, region: str, live: bool) -> Target:
    return request.scope["path"], request.scope["query_string"], prefers(request, CSV), live, region


def _at_hand(request: Request) -> Response | None:
    """The kept answer for somebody without a token, where the rating is public."""
    uses = uses_of(request)
    found = _shelf(request).find(request, uses, region=uses.state.home, live=False)
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
    region: RegionOf = None,
) -> Response:
    """The ranked table of a region: live for those who may see it and where it is open to all, else the last edition.

    `as_of`: as the live one stood by the time of recording. `edition`: as it was published.
    """
    if as_of is not None and edition is not None:
        detail = "Редакция (edition) не меняется, а момент (as_of) — у текущего рейтинга: назовите одно из двух."
        raise Refused("edition-and-as-of", "Запрос не понят", detail)
    live, league = sees_live(actor), League(region_asked(uses, actor, region), period)
    if as_of is not None or (edition is None and not live and not uses.ratings.public(league)):
        check_live(uses, actor, league)
    check_past(uses, as_of=as_of)
    wanted = Wanted(league, group, frozenset(exclude))
    turns = _recounts(request, actor)
    if as_of is not None:
        async with turns.turn():
            return _rendered(request, await uses.ratings.as_of(wanted, as_of), uses).answer(request)
    default = region_asked(uses, actor, None)
    if found := _shelf(request).find(request, uses, region=default, live=live):
        return found[1].answer(request)
    version = uses.ratings.version(league, live=live)
    answer = _rendered(request, await _rating(uses, wanted, edition, live=live, turns=turns), uses)
    _shelf(request).keep(_target(request, region=default, live=live), league, version=version, answer=answer)
    return answer.answer(request)


async def _rating(uses: Scoring, wanted: Wanted, edition: str | None, *, live: bool, turns: Turns) -> dict[str, object]:
    """The edition asked for, else what this reader is shown; an edition without procedures is a recount."""
    last = uses.ratings.last(wanted.league)
    asked = edition or (last.id if last is not None and not live else None)
    if asked is None or not wanted.exclude:
        return await (uses.ratings.live(wanted) if asked is None else uses.ratings.edition(wanted, asked))
    async with turns.turn():
        return await uses.ratings.edition(wanted, asked)


def _rendered(request: Request, rating: dict[str, object], uses: Scoring) -> Prepared:
    if prefers(request, CSV):
        edition = f"-{rating['edition']}" if rating["edition"] else ""
        league = League(str(rating["region"]), str(rating["period"]))
        name = f"rating-{league.named(uses.state.home)}-{rating['group']}{edition}.csv"
        told = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Prepared(rating_csv(rating), media_type=CSV, headers=told)
    return Prepared(write(rating))


class Publication(BaseModel):
    """Whether a period's live rating is open to everybody, and by which act."""

    model_config = ConfigDict(extra="forbid")
    public: bool
    act: Annotated[str, Field(min_length=1, max_length=500), READABLE]


@router.put(
    "/periods/{period}/publication",
    operation_id="publish_period",
    responses=answers(PublicationAnswer, tagged=True),
    summary="Открыть или закрыть текущий рейтинг периода для всех",
)
async def publish_period(
    uses: Uses, actor: Opener, period: Period, body: Publication, *, expected: Condition, region: RegionOf = None
) -> Response:
    """Of one region; repeating it changes nothing; a change takes the ETag that was read in `If-Match`."""
    league = League(region_asked(uses, actor, region), period)
    return _said(league, await uses.methodologies.publish(league, public=body.public, act=body.act, expected=expected))


@router.get(
    "/periods/{period}/publication",
    operation_id="read_publication",
    responses=answers(PublicationAnswer, tagged=True),
    summary="Открыт ли текущий рейтинг периода для всех, и по какому акту",
)
async def read_publication(uses: Uses, actor: Opener, period: Period, region: RegionOf = None) -> Response:
    """Of one region; its ETag is for `If-Match`."""
    league = League(region_asked(uses, actor, region), period)
    return _said(league, await uses.methodologies.publication(league))


def _said(league: League, said: opening.Publication) -> Response:
    content = {**league._asdict(), "public": said.public, "act": said.act}
    return JsonAnswer(content, headers={"ETag": revision_tag(said.revision)})
