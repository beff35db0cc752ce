"""What is published: the last edition of a period, its tables, and the change against it; contents are kept read."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from services.scoring.domain.publication import DRAFT, FROZEN, Edition, Place, change, places, table
from services.scoring.domain.publication.writing import Content
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.computing import Computing
from services.scoring.usecases.state import State
from shared.kernel import NotFound

KEPT, KEPT_BYTES = 8, 8 * 2**20
NOWHERE: Mapping[str, Place] = {}


@dataclass(frozen=True, slots=True)
class Open:
    """A frozen content read: its document and where everybody stands in it."""

    content: Content
    document: Mapping[str, Any]
    places: Mapping[str, Mapping[str, Place]]


class Published:
    """Reads editions for the doors of ratings; what is frozen never changes, so that it is read once."""

    def __init__(self, store: Keeps, state: State, computing: Computing) -> None:
        self._store = store
        self._state = state
        self._computing = computing
        self._kept: OrderedDict[str, Open] = OrderedDict()

    def last(self, period: str) -> Edition | None:
        """The edition of a period that was published last."""
        return self._state.last_editions.get(period)

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
            content = await self._store.content(edition, FROZEN)
            if content is None:
                raise edition_unknown(edition)
            document = orjson.loads(content.body)
            found = self._kept[edition] = Open(content, document, places(document))
            self._forget()
        self._kept.move_to_end(edition)
        return found

    def _forget(self) -> None:
        """Give up what was opened first: of too many, or of great ones, whose documents take ten times their bytes."""
        while len(self._kept) > 1 and (len(self._kept) > KEPT or self._size() > KEPT_BYTES):
            self._kept.popitem(last=False)

    def _size(self) -> int:
        return sum(len(one.content.body) for one in self._kept.values())

    async def standing(self, edition: str | None, group: str) -> Mapping[str, Place]:
        """Where everybody stood in a table of an edition; nowhere without one."""
        return NOWHERE if edition is None else (await self.open(edition)).places.get(group, NOWHERE)

    async def tables(self, edition: str) -> Mapping[str, Mapping[str, Any]]:
        """All tables of an edition by group or procedure."""
        return {one["group"]: one for one in (await self.open(edition)).document["ratings"]}

    async def rating(self, edition: Edition, group: str, exclude: frozenset[str]) -> dict[str, Any]:
        """A table of an edition in the shape of the API; without procedures it is counted anew from its facts."""
        found = await self.open(edition.id)
        shown = await self._without(edition, found, group, exclude) if exclude else _table(found.document, group)
        before = NOWHERE if exclude else await self.standing(edition.previous, group)
        return {
            "period": edition.period,
            "group": group,
            "exclude": sorted(exclude),
            "methodology": edition.methodology,
            "edition": edition.id,
            "flags": [one for one in _table(found.document, group)["flags"] if one["procedure"] not in exclude],
            "as_of": found.document["as_of"],
            "data_at": found.document["data_at"],
            "rows": [
                {**row, "change": change(before.get(row["municipality"]["id"]), row["rank"], row["percent"])}
                for row in shown["rows"]
            ],
            "no_data": shown["no_data"],
        }

    async def _without(self, edition: Edition, found: Open, group: str, exclude: frozenset[str]) -> Mapping[str, Any]:
        scored = await self._computing.scored(
            found.content, edition.period, methodology=edition.methodology, as_of=edition.as_of
        )
        return table(scored, group, without=exclude)


def stage_of(edition: Edition) -> str:
    """Which content of an edition is its present one."""
    return DRAFT if edition.at(FROZEN) is None else FROZEN


def edition_unknown(edition: str) -> NotFound:
    """That there is no such edition, or not for this reader."""
    detail = f"«{edition[:100]}»: возьмите id из /v1/editions."
    return NotFound("edition-not-found", "Такой редакции рейтинга нет", detail)


def _table(document: Mapping[str, Any], group: str) -> Mapping[str, Any]:
    for one in document["ratings"]:
        if one["group"] == group:
            found: Mapping[str, Any] = one
            return found
    known = ", ".join(one["group"] for one in document["ratings"] if one["kind"] != "procedure")
    detail = f"«{group[:100]}»: есть {known} и ключи процедур"
    raise NotFound("group-not-found", "Такой группы нет в методике", detail)
