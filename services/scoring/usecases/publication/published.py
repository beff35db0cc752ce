"""What is published: the last edition of a period, its tables, and the change against it; contents are kept read."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.league import League, league_of
from services.scoring.domain.permission import titled
from services.scoring.domain.publication import (
    DRAFT,
    FROZEN,
    Edition,
    Packed,
    Place,
    Tables,
    change,
    head_of,
    places,
    read_content,
    table,
)
from services.scoring.domain.publication.content import ROW
from services.scoring.domain.publication.writing import Content
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.computing import Computing
from services.scoring.usecases.state import State
from shared.kernel import NotFound

KEPT = 8
NOWHERE: Mapping[str, Place] = {}


@dataclass(frozen=True, slots=True)
class Open:
    """A frozen content: what it says of itself, and its tables, each read when it is asked for."""

    body: Packed
    head: Mapping[str, Any]
    tables: Tables


class Published:
    """Reads editions for the doors of ratings; what is frozen never changes, so that it is read once."""

    def __init__(self, store: Keeps, state: State, computing: Computing) -> None:
        self._store = store
        self._state = state
        self._computing = computing
        self._kept: OrderedDict[str, Open] = OrderedDict()
        self._data_at: dict[str, str] = {}

    def last(self, league: League) -> Edition | None:
        """The edition of a league that was published last."""
        return self._state.last_editions.get(league)

    async def public(self, edition: str) -> Edition:
        """An edition that everybody may read; NotFound otherwise."""
        found = await self._store.edition(edition)
        if found is None or not found.public:
            raise edition_unknown(edition)
        return found

    async def open(self, edition: str) -> Open:
        """The frozen content of an edition."""
        found = self._kept.get(edition)
        if found is None:
            body = (await self._frozen(edition)).body
            found = self._kept[edition] = Open(body, *read_content(body))
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(edition)
        return found

    async def data_at(self, edition: str) -> str:
        """When the last result behind an edition was recorded."""
        if edition not in self._data_at:
            self._data_at[edition] = head_of((await self._frozen(edition)).body)["data_at"]
        return self._data_at[edition]

    async def _frozen(self, edition: str) -> Content:
        content = await self._store.content(edition, FROZEN)
        if content is None:
            raise edition_unknown(edition)
        return content

    async def standing(self, edition: str | None, group: str) -> Mapping[str, Place]:
        """Where everybody stood in a table of an edition; nowhere without one."""
        tables = {} if edition is None else await self.tables(edition)
        return places(tables[group]) if group in tables else NOWHERE

    async def tables(self, edition: str) -> Mapping[str, Mapping[str, Any]]:
        """All tables of an edition by group or procedure."""
        return (await self.open(edition)).tables

    async def rating(self, edition: Edition, group: str, exclude: frozenset[str]) -> dict[str, Any]:
        """A table of an edition in the shape of the API; without procedures it is counted anew from its facts."""
        found = await self.open(edition.id)
        published = _table(found.tables, group)
        shown = await self._without(edition, group, exclude) if exclude else published
        before = NOWHERE if exclude else await self.standing(edition.previous, group)
        return {
            **edition.league._asdict(),
            "group": group,
            "exclude": sorted(exclude),
            "methodology": edition.methodology,
            "edition": edition.id,
            "flags": titled(
                (one for one in published["flags"] if one["procedure"] not in exclude),
                self._state.methodologies[edition.methodology],
            ),
            "as_of": found.head["as_of"],
            "data_at": found.head["data_at"],
            "rows": [
                {**row, "change": change(before.get(row["municipality"]["id"]), row["rank"], row["percent"])}
                for row in shown["rows"]
            ],
            "no_data": shown["no_data"],
        }

    async def score(self, edition: Edition, municipality: str) -> dict[str, Any]:
        """One municipality's score as an edition has it, in the shape of the API; NotFound where it knows nobody so."""
        line = await self._line(edition, municipality)
        if line is None:
            detail = f"В редакции {edition.id} муниципалитета «{municipality[:60]}» нет."
            raise NotFound("municipality-not-found", "Такого муниципалитета нет", detail)
        found = await self.open(edition.id)
        return line | {"edition": edition.id, "revision": None, "as_of": found.head["as_of"]}

    async def history(self, municipality: str, live: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """These live lines as everybody may read them: published ones as they were published, open ones as they are."""
        found: list[dict[str, Any] | None] = []
        for line in live:
            league = league_of(municipality, line["period"])
            last = self.last(league)
            if last is not None:
                found.append(await self._line(last, municipality))
            elif league in self._state.published:
                found.append(line)
        return [line for line in found if line is not None]

    async def _line(self, edition: Edition, municipality: str) -> dict[str, Any] | None:
        """One municipality's rows in the tables of an edition, but for those of procedures; None where it has none."""
        tables = (await self.open(edition.id)).tables
        overall, *groups = (tables[label.group] for label in tables.texts if label.kind != "procedure")
        row = _row(overall, municipality)
        return row and {
            "municipality": row["municipality"],
            "period": edition.period,
            "methodology": edition.methodology,
            "flags": titled(overall["flags"], self._state.methodologies[edition.methodology]),
            "overall": _score(row),
            "groups": {one["group"]: _score(_row(one, municipality) or {"state": "no_data"}) for one in groups},
        }

    async def _without(self, edition: Edition, group: str, exclude: frozenset[str]) -> Mapping[str, Any]:
        scored = await self._computing.scored(await self._frozen(edition.id), edition)
        return table(scored, group, without=exclude)


def stage_of(edition: Edition) -> str:
    """Which content of an edition is its present one."""
    return DRAFT if edition.at(FROZEN) is None else FROZEN


def edition_unknown(edition: str) -> NotFound:
    """That there is no such edition, or not for this reader."""
    detail = f"«{edition[:100]}»: возьмите id из /v1/editions."
    return NotFound("edition-not-found", "Такой редакции рейтинга нет", detail)


def _row(table: Mapping[str, Any], municipality: str) -> dict[str, Any] | None:
    """Where a table has this municipality: among the ranked ones, or among those without data."""
    listed = (one for part in ("rows", "no_data") for one in table[part])
    return next((one for one in listed if one["municipality"]["id"] == municipality), None)


def _score(row: Mapping[str, Any]) -> dict[str, Any]:
    if "rank" not in row:
        return {"state": row["state"]}
    return {"state": "scored", "rank": row["rank"]} | {name: row[name] for name in ROW}


def _table(tables: Tables, group: str) -> Mapping[str, Any]:
    if group not in tables:
        known = ", ".join(label.group for label in tables.texts if label.kind != "procedure")
        detail = f"«{group[:100]}»: есть {known} и ключи процедур"
        raise NotFound("group-not-found", "Такой группы нет в методике", detail)
    return tables[group]
