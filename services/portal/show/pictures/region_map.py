"""The tile map of the region: one square a municipality."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from markupsafe import Markup

from services.portal.show import situation, words
from services.portal.show.numbers import percent, short_day
from services.portal.show.pictures.marks import STEP_OF
from shared.pictures import Caption, Mark, Tile, tiles

TITLE = "Карта муниципалитетов"
DESC = "один квадрат — один муниципалитет, соседи стоят рядом"
# On a tile there is room for a sign and a short word.
NOTHING = {"no_data": ("?", "нет данных"), "not_applicable": ("—", "не прим."), "did_not_exist": ("×", "не было")}
NO_LEVEL = "без уровня"


def region_map(some: Sequence[situation.Tile], period: str) -> Markup:
    """The map of a rating; each square leads to its municipality."""
    drawn = tiles([_tile(one, period) for one in some], Caption("map", TITLE, DESC))
    return Markup(drawn)  # noqa: S704 - made and escaped by shared.pictures


def _tile(tile: situation.Tile, period: str) -> Tile:
    row = tile.row
    made = Tile(
        id=row.id,
        href=f"/municipalities/{quote(row.id, safe='')}?period={quote(period, safe='')}",
        column=tile.place[0],
        row=tile.place[1],
        title=f"{row.name}: {_said(row)}",
        name=tile.label,
        short=tile.short,
        kind=words.SHORT_KINDS.get(row.kind, row.kind),
        mark=Mark(""),
        out=not tile.shown,
    )
    if not row.scored:
        state = row.state if row.state in NOTHING else "no_data"
        sign, word = NOTHING[state]
        return replace(made, mark=Mark(sign, nothing=state), beside=word)  # type: ignore[arg-type] # one of the three
    if row.level is None:
        return replace(made, mark=Mark(percent(row.percent)), beside=NO_LEVEL)
    mark = Mark(f"{words.SIGNS[row.level]} {percent(row.percent)}", step=STEP_OF[row.level])
    return replace(made, mark=mark, beside=short_day(row.data_at) if row.data_at else "")


def _said(row: situation.Row) -> str:
    if not row.scored:
        return words.STATES[row.state]
    level = words.word("level", row.level)
    since = f", данные на {short_day(row.data_at)}" if row.data_at else ""
    return f"{percent(row.percent)}, {level}, {row.rank}-е место{since}"
