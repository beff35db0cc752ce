"""Who is told of a step of an edition: every municipality with its own score before and after, the staff with counts.

Before and after are the overall tables of two contents.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.scoring.domain.publication.act import Act
from services.scoring.domain.publication.edition import Edition
from services.scoring.domain.publication.objection import Objection
from services.scoring.events import EditionCounts, ScoreDrafted, ScorePublished, ScoreWithdrawn, Standing
from shared.kernel import Event

Table = Mapping[str, Any]


def drafted(edition: Edition, overall: Table, before: Table | None) -> Iterator[ScoreDrafted]:
    """What each municipality hears of a draft."""
    for municipality, told in _announced(edition, overall, before):
        yield ScoreDrafted(municipality=municipality, reply_until=edition.reply_until, **told)


def published(edition: Edition, act: Act, overall: Table, before: Table | None) -> Iterator[ScorePublished]:
    """What each municipality hears of a publication: also one that moved only because others did."""
    for municipality, told in _announced(edition, overall, before):
        yield ScorePublished(municipality=municipality, act_number=act.number, act_date=act.on, **told)


def withdrawn(edition: Edition, overall: Table, closed: Sequence[Objection]) -> Iterator[ScoreWithdrawn]:
    """What each municipality that was told of a draft hears of its withdrawal, by the draft's table."""
    objections = Counter(one.municipality for one in closed)
    for municipality, told in _announced(edition, overall, None):
        yield ScoreWithdrawn(municipality=municipality, objections=objections[municipality], **told)


def counted(events: Sequence[Event], overall: Table, before: Table | None, objections: int) -> tuple[Event, ...]:
    """What the staff hears of a step, each with what it comes to for all municipalities together."""
    now, old = standings_in(overall), standings_in(before) if before is not None else None
    counts = EditionCounts(
        total=len(now),
        placed=sum(one.rank is not None for one in now.values()),
        moved=None if old is None else sum(one.rank != _rank(old.get(name)) for name, one in now.items()),
        objections=objections,
    )
    return tuple(one.model_copy(update={"counts": counts}) for one in events)


def _rank(standing: Standing | None) -> int | None:
    return standing.rank if standing else None


def _announced(edition: Edition, overall: Table, before: Table | None) -> Iterator[tuple[str, dict[str, Any]]]:
    old = standings_in(before) if before is not None else {}
    for municipality, standing in sorted(standings_in(overall).items()):
        yield (
            municipality,
            {
                "edition": edition.id,
                "period": edition.period,
                "number": edition.number,
                "url": edition.url,
                "before": old.get(municipality),
                "after": standing,
                "whole": True,
            },
        )


def standings_in(table: Table) -> dict[str, Standing]:
    """How everybody who existed stands in a table."""
    there = [one for one in table["no_data"] if one["state"] != "did_not_exist"]
    found = {one["municipality"]["id"]: Standing(state=one["state"]) for one in there}
    for row in table["rows"]:
        found[row["municipality"]["id"]] = Standing(state="scored", **{key: row[key] for key in _FIELDS})
    return found


_FIELDS = ("points", "maximum", "share", "percent", "level", "rank")
