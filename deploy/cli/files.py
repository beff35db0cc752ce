"""Results in files: JSON as the API takes them, or CSV with a column for each indicator; a report line for each row."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from deploy.local import Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from deploy.cli.api import Api

CHUNK = 200
SUBJECT = ("municipality", "organization")
PLAIN = ("procedure", "period", "source", "occurred_at", "comment")
WORDS = frozenset({*PLAIN, *SUBJECT})
NO_DATA = "null"
# How .xlsx, .ods and every other zip file begins.
BOOK = b"PK\x03\x04"
# A Russian spreadsheet divides cells by semicolons because its numbers have commas.
COMMA = re.compile(r"(-?[0-9]+),([0-9]+)")
HEAD = f"столбцы: {', '.join((*PLAIN[:1], *SUBJECT, *PLAIN[1:]))} и по столбцу на показатель (i1, i2, …)"


def read_results(file: Path) -> list[dict[str, Any]]:
    """The results of a file, in the shape of `POST /v1/results`; Failed, in words, where it cannot be read."""
    try:
        if file.exists() and not file.is_file():
            raise Failed(f"{file}: не обычный файл", "./rsoko load --help")
        data = file.read_bytes()
    except OSError as error:
        raise Failed(f"{file}: файл не читается: {error.strerror}", "./rsoko load --help") from error
    if data.startswith(BOOK):
        raise Failed(f"{file}: это книга электронной таблицы, а не текст", "сохраните лист как «CSV UTF-8»")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failed(f"{file}: файл не в UTF-8", "сохраните его в UTF-8") from error
    if file.suffix.lower() == ".json":
        return _of_json(file, text)
    if file.suffix.lower() == ".csv":
        return list(_of_csv(file, text))
    raise Failed(f"{file}: нужен файл .json или .csv", "./rsoko load --help")


def post_files(api: Api, files: Iterable[Path], tell: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Post everything; what became of each row, by its file and number. All files are read before anything is sent."""
    for file, results in [(file, read_results(file)) for file in files]:
        for start in range(0, len(results), CHUNK):
            items = results[start : start + CHUNK]
            report = api.post("monitoring", "/v1/results/batch", {"items": items})["items"]
            tell(f"{file}: {start + len(items)} из {len(results)}")
            for line in report:
                told = {name: line[name] for name in ("status", "id", "revision", "errors")}
                yield {"file": str(file), "row": start + line["index"] + 1, **told}


def _of_json(file: Path, text: str) -> list[dict[str, Any]]:
    try:
        # Numbers stay as they are written: the API takes them as strings too.
        found = json.loads(text, parse_float=str, parse_constant=_no_number, object_pairs_hook=_once)
    except RecursionError as error:
        raise Failed(
            f"{file}: списки и объекты вложены слишком глубоко", 'нужен вид [{…}, …] или {"items": […]}'
        ) from error
    except json.JSONDecodeError as error:
        raise Failed(f"{file}: это не JSON: {error}", "проверьте указанное место") from error
    except ValueError as error:
        raise Failed(f"{file}: {error}", "исправьте это место") from error
    rows = found.get("items") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise Failed(f"{file}: нужен список результатов", 'вида [{…}, …] или {"items": [{…}, …]}')
    for number, row in enumerate(rows, 1):
        try:
            json.dumps(row, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Failed(f"{file}, результат {number}: знак не Unicode (\\ud800…\\udfff)", "исправьте его") from error
    return rows


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"в одном объекте записано дважды: {', '.join(twice)}")
    return dict(pairs)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} — не число; где данных нет, пишется null")


def _of_csv(file: Path, text: str) -> Iterator[dict[str, Any]]:
    head = text.partition("\n")[0]
    # Strictly: else a quotation mark that is not closed makes one cell of all the rows behind it.
    divided = ";" if ";" in head else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=divided, strict=True)
    line = 1
    try:
        reader.fieldnames = _names(file, reader.fieldnames or ())
        line = reader.line_num + 1
        for row in reader:
            if None in row or None in row.values():
                raise Failed(f"{file}, строка {reader.line_num}: столбцов не столько, сколько в заголовке", HEAD)
            line = reader.line_num + 1
            yield _result({name: _pointed(name, cell.strip(), divided) for name, cell in row.items()})
    except csv.Error as error:
        long = "field larger" in str(error)
        words = f"ячейка длиннее {csv.field_size_limit()} знаков" if long else "кавычка не закрыта или не удвоена"
        raise Failed(f"{file}, строка {line}: {words}", "исправьте её или сохраните файл заново как CSV") from error


def _names(file: Path, head: Iterable[str]) -> list[str]:
    names = [name.strip() for name in head]
    if missing := [name for name in ("procedure", "period", "source") if name not in names]:
        raise Failed(f"{file}: нет столбцов: {', '.join(missing)}", HEAD)
    if twice := sorted({name or "«»" for name in names if names.count(name) > 1}):
        raise Failed(f"{file}: столбцы названы дважды: {', '.join(twice)}", "оставьте каждый столбец по одному разу")
    return names


def _pointed(name: str, cell: str, divided: str) -> str:
    """The value of an indicator as the API takes it: with a decimal point."""
    return COMMA.sub(r"\1.\2", cell) if divided == ";" and name not in WORDS and COMMA.fullmatch(cell) else cell


def _result(cells: dict[str, str]) -> dict[str, Any]:
    """An empty cell says nothing; `null` in one of an indicator says that there are no data."""
    given = {name: cell for name, cell in cells.items() if cell}
    values = {name: None if cell == NO_DATA else cell for name, cell in given.items() if name not in WORDS}
    subject = {name: given[name] for name in SUBJECT if name in given}
    return {name: given[name] for name in PLAIN if name in given} | {"subject": subject, "values": values}
