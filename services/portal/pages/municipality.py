"""A municipality's page: everything about it is asked at once, and what does not answer says so in its place."""

from asyncio import gather
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.pages.every import EVERY, every
from services.portal.pages.latest import begun_with, without_period
from services.portal.pages.regions import beside
from services.portal.show.municipality import (
    ScoreChange,
    advice_of,
    changes_of,
    deadlines_of,
    indicators_of,
    neighbours_of,
    reported,
    results_behind,
    roadmaps_of,
    score_from_rows,
    source_of,
    standing_lines,
)
from services.portal.show.plan import headline, steps_of
from services.portal.show.region import region_of
from services.portal.show.situation import SIMILAR, read_asked, rows_of
from services.portal.show.trend import trend_of
from services.portal.show.words import GROUPS
from shared.kernel import NotFound
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")
READ = [Depends(may("portal.read"))]
Named = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО")]
Text = Annotated[str, Query(max_length=40)]
ADVICE, WAITING_ADVICE = "/v1/recommendations", ("drafted", "issued", "considered")
SCORE_CHANGED = "score_changed"


@dataclass(frozen=True, slots=True)
class Known:
    """What the services answered; None for what this visitor does not ask for."""

    found: Mapping[str, Answer]
    procedures: Answer
    activities: Answer
    roadmaps: Answer
    trend: Answer
    advice: Answer | None
    ratings: Mapping[str, Answer]

    @property
    def score(self) -> Answer | None:
        """By group; the public has the published ratings instead."""
        return self.found.get("score")

    @property
    def explain(self) -> Answer | None:
        """The chain down to values."""
        return self.found.get("explain")

    @property
    def plan(self) -> Answer | None:
        """The cheapest way to the next level."""
        return self.found.get("plan")

    @property
    def history(self) -> Answer | None:
        """The years."""
        return self.found.get("history")

    @property
    def inbox(self) -> Answer | None:
        """What was told of this municipality."""
        return self.found.get("inbox")


# What is asked only in the name of those who may see it: action, service, path.
ASKED = {
    "score": ("score.read", "scoring", ("v1", "scores", "{whose}")),
    "explain": ("score.explain", "scoring", ("v1", "scores", "{whose}", "explain")),
    "plan": ("score.what-if", "scoring", ("v1", "scores", "{whose}", "next-level")),
    "history": ("score.read", "scoring", ("v1", "scores", "{whose}", "history")),
    "inbox": ("inbox.read", "notification", ("v1", "inbox")),
}


def _params(name: str, whose: str, period: str) -> dict[str, Any]:
    own, year = {"municipality": whose}, {"period": period}
    chosen: dict[str, dict[str, Any]] = {
        "score": year,
        "explain": year,
        "plan": year,
        "history": {},
        "inbox": own | year | {"kind": SCORE_CHANGED},
    }
    return chosen[name]


async def _known(visitor: Visitor, whose: str, period: str, on: date | None) -> Known:
    """Everything at once; the public's score comes from the published ratings."""
    names = [name for name, (action, *_) in ASKED.items() if visitor.may(action, municipality=whose)]
    groups = ("overall",) if "score" in names else tuple(GROUPS)
    due = {"municipality": whose} | ({"on": on.isoformat()} if on else {})
    doors = [
        *(("scoring", path_of("v1", "ratings", period), {"group": group} | region_of(whose)) for group in groups),
        *(
            (ASKED[one][1], path_of(*(part.format(whose=whose) for part in ASKED[one][2])), _params(one, whose, period))
            for one in names
        ),
    ]
    rest, procedures, activities, roadmaps, trend, advice = await gather(
        gather(*(visitor.get(service, path, params=params) for service, path, params in doors)),
        visitor.get("monitoring", "/v1/procedures"),
        every(visitor, "roadmap", "/v1/activities", due),
        visitor.get("roadmap", "/v1/roadmaps"),
        visitor.get("scoring", "/v1/trends", params={"municipality": whose, "until": period}),
        _advice(visitor, whose),
    )
    ratings = dict(zip(groups, rest[: len(groups)], strict=True))
    found = dict(zip(names, rest[len(groups) :], strict=True))
    return Known(found, procedures, activities, roadmaps, trend, advice, ratings)


async def _advice(visitor: Visitor, whose: str) -> Answer | None:
    """The last recommendations, and all that wait for somebody; None for those who may not see them."""
    own = {"municipality": whose}
    if not visitor.may("recommendation.read", **own):
        return None
    last, *waiting = await gather(
        visitor.get("roadmap", ADVICE, params=own),
        *(every(visitor, "roadmap", ADVICE, own | {"state": state}) for state in WAITING_ADVICE),
    )
    missing = next((one for one in (last, *waiting) if not one.ok), None)
    if missing is not None:
        return missing
    found = {one["id"]: one for answer in (last, *waiting) for one in answer.items}
    return replace(last, body={**last.body, "items": list(found.values())})


@router.get(
    "/municipalities/{municipality}",
    dependencies=READ,
    operation_id="municipality_page",
    summary="Страница муниципалитета",
    response_class=Response,
)
async def municipality_page(
    visitor: Visit, municipality: Named, *, period: Text = "", on: Annotated[date | None, Query()] = None
) -> Response:
    """Score and level, what changed and why, what to do, by when, the chain, the years; `on` is the day asked about."""
    asked, named = period.strip(), visitor.portal.region.named
    if asked:
        whose = named(municipality, asked)
        periods, known = await gather(_periods(visitor, whose), _known(visitor, whose, asked, on))
    else:
        periods = await _periods(visitor, named(municipality))
        asked = begun_with(periods)
        if not asked:
            return without_period(visitor, periods)
        known = await _known(visitor, named(municipality, asked), asked, on)
    whose = named(municipality, asked)
    basis = known.score or known.ratings["overall"]
    if not basis.ok:
        return trouble_page(visitor, basis)
    changes = await _changes(visitor, whose, known, asked)
    values = _head(visitor, whose, known, asked) | _parts(visitor, whose, known) | {"changes": changes}
    values["centre"] = read_asked(period=asked, region=beside(visitor, whose))
    return page(visitor, "municipality/page.html", period=asked, periods=periods, on=on, known=known, **values)


async def _periods(visitor: Visitor, whose: str) -> Answer:
    return await visitor.get("scoring", "/v1/periods", params=region_of(whose))


def _head(visitor: Visitor, whose: str, known: Known, period: str) -> dict[str, Any]:
    """Who it is and where it stands; NotFound for somebody that no answer knows."""
    rating = known.ratings["overall"]
    rows = rows_of(rating.body, visitor.portal.region) if rating.ok else []
    row = next((one for one in rows if one.id == whose), None)
    unit = visitor.portal.region.unit(whose)
    if known.score is not None and known.score.ok:
        score = known.score.body
    else:
        score = score_from_rows({group: one.body if one.ok else None for group, one in known.ratings.items()}, whose)
    told = score.get("municipality") or {}
    if not told and row is None and unit is None:
        raise NotFound("municipality-not-found", "Такого муниципалитета нет", f"«{whose[:60]}»: проверьте адрес.")
    name = told.get("name") or (row.name if row else unit.name if unit else whose)
    similar = visitor.portal.region.similar(whose, SIMILAR, period)
    return {
        "whose": whose,
        "name": name,
        "code": told.get("oktmo") or (unit.oktmo if unit else None),
        "unit": unit,
        "row": row,
        "ranked": max((one.rank for one in rows if one.rank is not None), default=None),
        "shown_of": source_of(rating.body, rows) if rating.ok else None,
        "overall": score["overall"],
        "flagged": score.get("flags", []),
        "groups": standing_lines(score),
        "neighbours": neighbours_of(rows, whose, similar),
    }


async def _changes(visitor: Visitor, whose: str, known: Known, period: str) -> list[ScoreChange]:
    """The last changes of the period, with the very revisions behind them for those who may read results."""
    heard = known.inbox.items if known.inbox else []
    told = [one for one in heard if one["period"] == period and one["kind"] == SCORE_CHANGED]
    named = results_behind(told) if visitor.may("result.read", municipality=whose) else []
    read = await gather(*(_revisions(visitor, one) for one in named))
    return changes_of(told, [one for some in read for one in some], known.procedures.items)


async def _revisions(visitor: Visitor, result: str) -> list[Any]:
    """The revisions of a result, the oldest first; of one with more than a page the one that holds, too."""
    door = path_of("v1", "results", result)
    answer = await visitor.get("monitoring", f"{door}/revisions", params={"limit": EVERY})
    if not answer.ok or answer.body["next"] is None:
        return answer.items
    present = await visitor.get("monitoring", door)
    return [*answer.items, present.body] if present.ok else answer.items


def _parts(visitor: Visitor, whose: str, known: Known) -> dict[str, Any]:
    """What to do, by when, and the names for the chain."""
    procedures = known.procedures.items
    waiting = deadlines_of(known.activities.items)
    return {
        "advice": advice_of(known.advice.items if known.advice else []),
        "ahead": [one for one in waiting if not one.overdue],
        "overdue": [one for one in waiting if one.overdue],
        "roadmaps": roadmaps_of(waiting, known.roadmaps.items),
        "indicators": indicators_of(procedures),
        "reported": reported(known.explain.body) if known.explain and known.explain.ok else None,
        "steps": steps_of(known.plan.body, indicators_of(procedures)) if known.plan and known.plan.ok else [],
        "headline": headline(known.plan.body) if known.plan and known.plan.ok else "",
        "own": visitor.municipality == whose,
        "trend": trend_of(known.trend.body) if known.trend.ok else None,
    }
