"""The situation centre worked out: which rows in which order, tiles, levels counted, who is similar to whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from services.portal.show.labels import label_of, shortest
from services.portal.show.region import Place, Region, Unit
from services.portal.show.words import GROUPS, KINDS, LEVELS, SHORT_KINDS, word

SORTS = ("rank", "name", "level", "points", "change", "date")
SIMILAR = 6
# The level of a score whose percent is in no band.
UNDEFINED = "undefined"
LAST = 10**9


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; a value that nobody offers counts as not given."""

    period: str = ""
    group: str = "overall"
    sort: str = "rank"
    level: str = ""
    kind: str = ""
    q: str = ""
    near: str = ""
    region: str = ""

    @property
    def of_region(self) -> dict[str, str]:
        """The region as it is asked for; nothing where the visitor's own is meant."""
        return {"region": self.region} if self.region else {}

    @property
    def narrowed(self) -> bool:
        """Whether some rows are left out."""
        return bool(self.level or self.kind or self.q or self.near)

    @property
    def limits(self) -> str:
        """What rows are left out by, in words: `вид — городской округ; название — «троицк»`; paper has no filters."""
        level = {"none": "нет оценки", UNDEFINED: "не определён"}.get(self.level) or word("level", self.level)
        told = {
            "уровень": self.level and level,
            "вид": self.kind and word("kind", self.kind),
            "название": self.q and f"«{self.q}»",
        }
        return "; ".join(f"{name} — {text}" for name, text in told.items() if text)

    def address(self, path: str = "/", **other: str) -> str:
        """The address of the same view with something changed; what is usual is left out."""
        usual = Asked()
        names = ("region", "period", "group", "sort", "level", "kind", "q", "near")
        given = {name: other.get(name, getattr(self, name)) for name in names}
        query = {name: value for name, value in given.items() if value and value != getattr(usual, name)}
        return f"{path}?{urlencode(query)}" if query else path

    def toggled(self, column: str) -> str:
        """The address sorted by a column, the other way round where it is sorted by it already."""
        return self.address(sort=f"-{column}" if self.sort == column else column)

    def sorted_by(self, column: str) -> str | None:
        """For `aria-sort`: ascending, descending, or nothing."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort)


def read_asked(**told: str) -> Asked:
    """What was asked for, cleaned of what there is not."""
    sort = told.get("sort", "")
    return Asked(
        period=told.get("period", "").strip(),
        group=told.get("group", "").strip() or "overall",
        sort=sort if sort.removeprefix("-") in SORTS else "rank",
        level=told["level"] if told.get("level") in {*LEVELS, UNDEFINED, "none"} else "",
        kind=told["kind"] if told.get("kind") in KINDS else "",
        q=told.get("q", "").strip(),
        near=told.get("near", "").strip(),
        region=told.get("region", "").strip(),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One municipality of the table; unless `scored` the `reason` says why. A score may have no `level`."""

    id: str
    name: str
    kind: str
    rank: int | None = None
    points: str | None = None
    maximum: str | None = None
    percent: int | None = None
    level: str | None = None
    conflict: bool = False
    change: Mapping[str, int] | None = None
    data_at: str | None = None
    state: str = "scored"
    reason: str = ""
    population: int | None = None

    @property
    def scored(self) -> bool:
        """Whether it has a score."""
        return self.state == "scored"

    @property
    def standing(self) -> str:
        """Its level as filters name it: also that it is not defined, or that there is no score."""
        return self.level or (UNDEFINED if self.scored else "none")


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the map at its column and row; `short` is its label on a phone.

    `shown` is False where a filter leaves its row out.
    """

    row: Row
    place: Place
    label: str
    short: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating as the page shows it; `compared` with a published edition, where there is one."""

    asked: Asked
    rows: Sequence[Row]
    total: int
    counts: Mapping[str, int]
    tiles: Sequence[Tile]
    edition: str | None
    methodology: str
    data_at: str | None
    region: str = ""
    flags: Sequence[Mapping[str, Any]] = ()
    near: str | None = None
    choices: Sequence[tuple[str, str]] = field(default=())
    compared: bool = False

    @property
    def unplaced(self) -> list[str]:
        """The names of those shown that have no place on the map."""
        placed = {tile.row.id for tile in self.tiles}
        return [row.name for row in self.rows if row.id not in placed]


def _kind_of(name: str, unit: Unit | None, period: str) -> str:
    if unit is not None:
        return unit.kind_in(period)
    return next((kind for kind, short in SHORT_KINDS.items() if name.endswith(f" {short}")), "")


def _row(told: Mapping[str, Any], region: Region, period: str) -> Row:
    whose = told["municipality"]
    unit = region.unit(whose["id"])
    scored = "rank" in told
    return Row(
        id=whose["id"],
        name=whose["name"],
        kind=_kind_of(whose["name"], unit, period),
        rank=told.get("rank"),
        points=told.get("points"),
        maximum=told.get("maximum"),
        percent=told.get("percent"),
        level=told.get("level"),
        conflict=bool(told.get("level_conflict")),
        change=told.get("change"),
        data_at=told.get("data_at"),
        state="scored" if scored else told.get("state", "no_data"),
        reason=told.get("reason") or "",
        population=unit.population if unit else None,
    )


def rows_of(told: Mapping[str, Any], region: Region) -> list[Row]:
    """Every municipality of a rating as scoring answers it: ranked ones, then those without data."""
    period = str(told.get("period") or "")
    return [_row(one, region, period) for one in (*told["rows"], *told["no_data"])]


def _share(row: Row) -> Fraction:
    return Fraction(row.points) / Fraction(row.maximum) if row.points and row.maximum else Fraction(-1)


def _alphabetical(row: Row) -> str:
    return row.name.replace("ё", "е")


def _key(row: Row, column: str) -> Any:
    order = list(LEVELS)
    keys: dict[str, Any] = {
        "rank": row.rank or LAST,
        "name": _alphabetical(row),
        "level": order.index(row.level) if row.level in order else -1,
        "points": _share(row),
        "change": (row.change or {}).get("rank", 0),
        "date": row.data_at or "",
    }
    return keys[column]


def ordered(rows: Sequence[Row], sort: str) -> list[Row]:
    """The rows in the order asked for, equal ones by name; those without data stay last unless sorted by name."""
    column = sort.removeprefix("-")
    found = sorted(sorted(rows, key=_alphabetical), key=lambda row: _key(row, column), reverse=sort.startswith("-"))
    return found if column == "name" else sorted(found, key=lambda row: not row.scored)


def _wanted(row: Row, asked: Asked, near: frozenset[str]) -> bool:
    return (
        (not asked.level or row.standing == asked.level)
        and (not asked.kind or row.kind == asked.kind)
        and (not asked.q or asked.q.casefold().replace("ё", "е") in row.name.casefold().replace("ё", "е"))
        and (not asked.near or row.id in near)
    )


def _tiles(rows: Sequence[Row], shown: frozenset[str], region: Region) -> list[Tile]:
    """A square of each that has a place on the map."""
    short = shortest(row.name for row in rows)
    units = ((row, region.unit(row.id)) for row in rows)
    return [
        Tile(row, unit.place, label_of(row.name), short[row.name], row.id in shown)
        for row, unit in units
        if unit and unit.place
    ]


def rating_of(told: Mapping[str, Any], asked: Asked, region: Region) -> Rating:
    """The page's rating from scoring's answer."""
    rows = rows_of(told, region)
    period = str(told.get("period") or "")
    whose = region.named(asked.near, period) if asked.near else None
    unit = region.unit(whose) if whose else None
    near = frozenset((whose, *region.similar(whose, SIMILAR, period))) if whose else frozenset()
    shown = [row for row in rows if _wanted(row, asked, near)]
    return Rating(
        asked=asked,
        rows=ordered(shown, asked.sort),
        total=len(rows),
        counts=Counter(row.standing for row in rows),
        tiles=_tiles(rows, frozenset(row.id for row in shown), region),
        edition=told.get("edition"),
        methodology=str(told.get("methodology", "")),
        data_at=told.get("data_at"),
        region=str(told.get("region", "")),
        flags=told.get("flags", ()),
        near=next((row.name for row in rows if row.id == whose), unit.name if unit else whose),
        choices=sorted((row.name, row.id) for row in rows),
        compared=any(row.change is not None for row in rows),
    )


def regions_of(asked: Asked, region: Region, shown: str) -> list[tuple[str, str, bool]]:
    """The loaded regions as addresses, where there are several: address, number, whether it is the one `shown`."""
    # Another region may have other periods, and nobody of this one to be compared with.
    found = [(asked.address(region=one, period="", near=""), one, one == shown) for one in region.numbers()]
    return found if len(found) > 1 else []


def groups_of(asked: Asked) -> list[tuple[str, str, bool]]:
    """The four groups as addresses: address, title, whether it is this one."""
    return [(asked.address(group=key), title, key == asked.group) for key, title in GROUPS.items()]
