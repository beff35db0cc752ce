"""What the doors of scoring share: the use cases and the parameters that several take."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import AfterValidator

from services.scoring.domain.league import League
from services.scoring.domain.period import period_year
from services.scoring.domain.publication import Edition
from services.scoring.usecases import Scoring
from services.scoring.usecases.regions import meant
from shared.calendar import local
from shared.kernel import FieldError, Refused
from shared.policy import Actor, actor_may, decide
from shared.web.moments import Moment


def uses_of(request: Request) -> Scoring:
    """The use cases of this app."""
    found: Scoring = request.app.state.uses
    return found


def _a_period(told: str | None) -> str | None:
    """Refused (`unknown-period`) where a filter by periods names none, like 2022-1999."""
    if told is not None:
        period_year(told)
    return told


LIVE = "rating.read-live"
# How far the clocks of callers, and of the processes that recorded what they name, may be ahead of this one's.
AHEAD = timedelta(minutes=1)
Uses = Annotated[Scoring, Depends(uses_of)]
Period = Annotated[str, Path(max_length=40, description="год или учебный год", examples=["2022"])]
Named = Annotated[str, Path(max_length=100, description="id или код ОКТМО этого периода; без периода — любой из кодов")]
OfPeriod = Annotated[
    str | None, Query(max_length=40, description="год или учебный год; без него — последний с баллами")
]
ByPeriod = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{4}(-[0-9]{4})?$", description="только этого периода: год или учебный год"),
    AfterValidator(_a_period),
]
RegionOf = Annotated[
    str | None,
    Query(
        max_length=100,
        description="номер региона; без него — регион вашего муниципалитета или школы, иначе домашний (RSOKO_REGION)",
        examples=["74"],
    ),
]
AsOf = Annotated[
    Moment | None,
    Query(description="каким это было в указанный момент (по времени записи)", examples=["2022-12-31T00:00:00+05:00"]),
]


def region_asked(uses: Scoring, actor: Actor, region: str | None, *, whose: str | None = None) -> str:
    """The region that is named, else that of `whose` (id or code), else the reader's own, else the home one.

    NotFound names those that are loaded.
    """
    own = actor.attributes.get("municipality") or actor.attributes.get("organization")
    return meant(uses.state, region, own=own if whose is None else uses.scores.bearer(whose))


def whom_of(uses: Scoring, municipality: str, period: str | None, *, actor: Actor | None = None) -> tuple[str, str]:
    """The municipality's id and the period that are asked about; its last one with scores where none is named.

    A code is one of the period, or where none is named of any time. `actor`: of the periods that this reader sees, if
    any.
    """
    if period is not None:
        return uses.scores.municipality(municipality, period), period
    every, whom = actor is None or sees_live(actor), uses.scores.bearer(municipality)
    asked = uses.scores.latest(whom, first=None if every else uses.ratings.public)
    return uses.scores.municipality(whom, asked), asked


def check_past(uses: Scoring, **asked: datetime | None) -> None:
    """Refused where a named moment lies beyond the service's clock: what will be recorded until then nobody knows."""
    now = uses.clock()
    remedy = f"Назовите момент не позже {local(now):%d.%m.%Y %H:%M} (время Екатеринбурга)."
    errors = [
        FieldError(f"/{name}", "in-the-future", "Этот момент ещё не наступил.", remedy)
        for name, moment in asked.items()
        if moment is not None and moment > now + AHEAD
    ]
    if errors:
        named = ", ".join(one.pointer[1:] for one in errors)
        detail = f"{named}: этот момент ещё не наступил, и что будет записано до него, неизвестно. {remedy}"
        raise Refused("invalid-request", "Запрос не принят", detail, errors=errors)


def sees_live(actor: Actor) -> bool:
    """Whether this reader sees every live rating."""
    return actor_may(actor, LIVE, {})


def check_live(uses: Scoring, actor: Actor, league: League) -> None:
    """Refused where the live rating is not open to everybody and this reader may not see it."""
    if not uses.ratings.open_live(league):
        decide(actor, LIVE, {})


def instead_of_live(uses: Scoring, actor: Actor, league: League) -> Edition | None:
    """The edition that this reader is shown of a league; None where it is the live rating; refused without either."""
    last = uses.ratings.last(league)
    if last is None:
        check_live(uses, actor, league)
    return None if sees_live(actor) else last
