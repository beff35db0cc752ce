"""An edition as tables for people: Russian headers, one table per rating; what a cell cannot say is in words."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.scoring.domain.period import period_words
from services.scoring.domain.permission import flag_words
from services.scoring.domain.publication.content import titled
from services.scoring.domain.publication.edition import WORDS, Edition
from services.scoring.domain.publication.passport import Field
from services.scoring.domain.words import STATE_WORDS, level_words
from shared.calendar import local
from shared.texts import readable

UNPERMITTED = "Учтено без разрешения"
HEADER = ("Место", "Муниципалитет", "Код ОКТМО", "Баллы", "Максимум", "Процент", "Уровень", "Примечание")
LONGEST_NAME, NAMELESS, CUT = 31, "Таблица", "…"
PASSPORT, CONTENTS = "Паспорт", "Таблицы"
PRINTED_ROWS = 3_000
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
# More digits a spreadsheet does not keep: such a number stays a text.
MOST_DIGITS = 15
Cell = str | int | Decimal | None
Rows = list[list[Cell]]


def rows(table: Mapping[str, Any]) -> Rows:
    """The rows of a table, then those without a place and why; exact numbers are decimals or, without an end, texts."""
    ranked: Rows = [
        [
            row["rank"],
            row["municipality"]["name"],
            row["municipality"]["oktmo"],
            _number(row["points"]),
            _number(row["maximum"]),
            row["percent"],
            level_words(row["level"]),
            "по баллам был бы другой уровень" if row["level_conflict"] else "",
        ]
        for row in table["rows"]
    ]
    absent: Rows = [
        [
            None,
            one["municipality"]["name"],
            one["municipality"]["oktmo"],
            None,
            None,
            None,
            STATE_WORDS.get(one["state"], one["state"]),
            one["reason"],
        ]
        for one in table["no_data"]
    ]
    return ranked + absent


def sheets(content: Mapping[str, Any], fields: Sequence[Field]) -> Iterator[tuple[str, Sequence[str], Rows]]:
    """Name, header and rows of every sheet: the passport (of what is published), the list of tables, each table."""
    names, titles = _names(content), titles_of(content)
    if fields:
        yield PASSPORT, ("Свойство", "Название", "Значение"), [[one.property, one.name, one.value] for one in fields]
    yield CONTENTS, ("Лист", "Таблица"), [[name, titled(table)] for name, table in names]
    for name, table in names:
        flagged = "; ".join(one["title"] for one in _titled(table, titles))
        yield name, (*HEADER, UNPERMITTED), [[*map(_kept, row), flagged] for row in rows(table)]


def _names(content: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each table with the name of its sheet; names do not repeat."""
    taken, found = {PASSPORT, CONTENTS}, []
    for table in content["ratings"]:
        name = _unused(" ".join(readable(titled(table)).translate(_FORBIDDEN).split()), taken)
        taken.add(name)
        found.append((name, table))
    return found


def paper(edition: Edition, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the printed edition shows; of too many rows for a paper the first tables, and where the others are."""
    tables = printed(content["ratings"])
    left = len(content["ratings"]) - len(tables)
    titles = titles_of(content)
    act = "" if edition.act is None else edition.act.words()
    return {
        "title": edition.title,
        "running": f"{period_words(edition.period)}, редакция {edition.id}, {act or WORDS[edition.state]}",
        "period": edition.period,
        "edition": edition.id,
        "state": WORDS[edition.state],
        "act": act,
        "as_of": f"{local(edition.as_of):%d.%m.%Y %H:%M} (время Екатеринбурга)",
        "methodology": content["methodology"],
        "sha256": edition.sha256,
        "previous": edition.previous or "",
        "header": list(HEADER),
        "elsewhere": f"Ещё таблиц: {left}; они в rating.xlsx и в файлах CSV этой редакции." if left else "",
        "tables": [
            {
                "title": titled(table),
                "kind": table["kind"],
                "flags": flag_words(_titled(table, titles)),
                "rows": [[_printed(cell) for cell in row] for row in rows(table)],
            }
            for table in tables
        ],
    }


def _number(exact: str) -> Decimal | str:
    return exact if "/" in exact else Decimal(exact)


def _kept(cell: Cell) -> Cell:
    """A cell as a spreadsheet keeps it without loss."""
    lost = isinstance(cell, Decimal) and len(cell.as_tuple().digits) > MOST_DIGITS
    return f"{cell:f}" if lost else cell


def _printed(cell: Cell) -> str:
    """A cell in Russian print: `36,5`, `1/3`, a dash for nothing."""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return "—" if cell is None else str(cell)


def printed(tables: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The tables for a paper: all of a region; of a country those that come first, as long as it stays readable."""
    rows_so_far, taken = 0, 0
    for table in tables:
        rows_so_far += len(table["rows"]) + len(table["no_data"])
        if taken and rows_so_far > PRINTED_ROWS:
            break
        taken += 1
    return tables[:taken]


def titles_of(content: Mapping[str, Any]) -> dict[str, str]:
    """What the tables of a content are called, by group or procedure."""
    return {table["group"]: titled(table) for table in content["ratings"]}


def _titled(table: Mapping[str, Any], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """The flags of a table, each with what its procedure is called."""
    return [{**one, "title": titles.get(one["procedure"], one["procedure"])} for one in table["flags"]]


def _unused(name: str, taken: set[str]) -> str:
    """A sheet's name of at most 31 characters that no other sheet has (spreadsheets compare without case)."""
    lower = {one.casefold() for one in taken}
    found, number = _whole_words(name) or NAMELESS, 1
    while found.casefold() in lower:
        number += 1
        tail = f" {number}"
        found = (_cut(name, LONGEST_NAME - len(tail)) or NAMELESS) + tail
    return found


def _whole_words(name: str) -> str:
    """The name, or as many whole words as a sheet's name has room for, and that there are more."""
    if _cut(name, LONGEST_NAME) == name.strip(" '"):
        return name.strip(" '")
    begun = _cut(name, LONGEST_NAME - len(CUT))
    words, _, _ = begun.rpartition(" ")
    return (words or begun).rstrip(" ,;:(") + CUT


def _cut(name: str, longest: int) -> str:
    """The beginning of a name as spreadsheets count (an emoji is two), without apostrophes at its ends."""
    units = name.encode("utf-16-le")[: 2 * longest]
    return units.decode("utf-16-le", "ignore").strip(" '")
