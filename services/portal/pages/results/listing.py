"""What monitoring has stored, the newest first: of one's own municipality or school, or of whom the staff choose."""

import re
from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Response

from services.portal.page import Visit, Visitor, page
from services.portal.pages.every import EVERY, MOST_PAGES, every
from services.portal.pages.latest import begun_with
from services.portal.pages.results.asked import Reader, by_code, catalogue, organization_name
from shared.web import router as make_router

router = make_router(tag="results")
HOME, SHOWN = "/results", 50
Text = Annotated[str, Query(max_length=100)]
Period = Annotated[str | None, Query(max_length=100)]
_PERIOD = re.compile(r"[0-9]{4}(-[0-9]{4})?")
NO_PERIOD = "Напишите год или учебный год, например 2022 или 2021-2022; пусто — за все периоды."


@dataclass(frozen=True, slots=True)
class Asked:
    """Which results, and which piece of them: the monitoring tells the oldest first, so that a page turns them all."""

    period: str
    procedure: str
    municipality: str
    number: int

    @property
    def wrong(self) -> str:
        """What is wrong with the period; empty where nothing is."""
        return NO_PERIOD if self.period and not _PERIOD.fullmatch(self.period) else ""

    def params(self) -> dict[str, str]:
        """The filters as monitoring takes them."""
        told = {"period": self.period, "procedure": self.procedure, "municipality": self.municipality}
        return {name: said for name, said in told.items() if said}

    def narrower(self, *, municipalities: bool) -> list[str]:
        """By what else these can be narrowed, in words."""
        open_ = (("муниципалитет", municipalities and not self.municipality), ("процедуру", not self.procedure))
        return [word for word, left in (*open_, ("период", not self.period)) if left]

    def address(self, number: int) -> str:
        """The address of a piece of the same list."""
        return f"{HOME}?{urlencode({'period': self.period, **self.params(), 'page': number})}"


@router.get(HOME, operation_id="results_page", summary="Записанные результаты", response_class=Response)
async def results_page(  # noqa: PLR0917 - FastAPI calls it by names
    visitor: Visit,
    _: Reader,
    period: Period = None,
    procedure: Text = "",
    municipality: Text = "",
    number: Annotated[int, Query(alias="page", ge=1, le=100)] = 1,
) -> Response:
    """The results within one's scope by period and procedure, the newest first; the address holds the choice."""
    if period is None:
        period = begun_with(await visitor.get("scoring", "/v1/periods"))
    asked = Asked(period.strip(), procedure, municipality, number)
    procedures = await catalogue(visitor)
    values: dict[str, Any] = {"asked": asked, "procedures": by_code(procedures.items)}
    values["chosen"] = _municipalities(visitor)
    if asked.wrong:
        return page(visitor, "results/all.html", status=422, answer=None, items=[], whole=0, further=None, **values)
    answer = await every(visitor, "monitoring", "/v1/results", asked.params())
    # More than are read here are the oldest of them: these are not shown for the newest.
    many = answer.ok and bool(answer.body["next"])
    newest = [] if many else answer.items[::-1]
    shown = newest[(number - 1) * SHOWN : number * SHOWN]
    return page(
        visitor,
        "results/all.html",
        status=answer.page_status,
        answer=answer,
        many=many,
        most=EVERY * MOST_PAGES,
        narrower=asked.narrower(municipalities=bool(values["chosen"])),
        items=shown,
        whole=len(newest),
        names={one["key"]: one["name"] for one in procedures.items},
        schools=await _schools(visitor, shown),
        further=asked.address(number + 1) if len(newest) > number * SHOWN else None,
        **values,
    )


def _municipalities(visitor: Visitor) -> list[tuple[str, str]]:
    """The municipalities to narrow by, for whoever sees more than one."""
    return visitor.portal.region.choices() if visitor.may("result.read", municipality=None, organization=None) else []


async def _schools(visitor: Visitor, items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What the schools of this page are called."""
    found = sorted({one["subject"]["organization"] for one in items if one["subject"].get("organization")})
    names = await gather(*(organization_name(visitor, one) for one in found))
    return dict(zip(found, names, strict=True))
