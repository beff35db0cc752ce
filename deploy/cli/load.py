"""`./rsoko load`: the region's 2022 data, generated schools, files of results; by the public API, repeatable."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli.api import Api
from deploy.cli.bringing import import_absent, put_absent, put_document, put_roadmaps, unreported
from deploy.cli.files import post_files
from deploy.cli.posting import post_results, wait
from deploy.cli.schools import IMPORTED, MOST, bring_schools
from deploy.cli.show import AsJson, answer, answer_json, progress
from deploy.local import Failed
from deploy.local.region import METHODOLOGY, PERIOD, read_region

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable


class _Files(typer.core.TyperGroup):
    """What is no command is the name of a file."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """`--json` may stand before the files, too."""
        if args[:1] == ["--json"] and len(args) > 1:
            args = [*args[1:], "--json"]
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            return FILES, self.commands[FILES], args
        return super().resolve_command(ctx, args)


FILES = "files"
app = typer.Typer(cls=_Files, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
PUBLISHED = "таблицы области за 2022 год опубликованы (реквизиты акта не опубликованы)"


@app.callback()
def load() -> None:
    """Загрузить данные через открытый API: region, schools или файлы результатов.

    Повторно — без последствий: заводится только то, чего нет; что платформа уже знает, остаётся как есть.

    ./rsoko load ФАЙЛ… — результаты из .json (как в POST /v1/results) или .csv (docs/operations.md).
    """


@app.command(FILES, hidden=True)
def load_files(
    files: Annotated[list[Path], typer.Argument(metavar="ФАЙЛ…", help="файлы .json или .csv")], *, json: AsJson = False
) -> None:
    """Результаты из файлов; что стало с каждой строкой; код выхода 1, если какая-то не принята."""
    rows: list[dict[str, Any]] = []
    try:
        for row in post_files(Api(), files, progress):
            rows.append(row)
            if not json:
                answer(_row(row))
    finally:
        # Where a later batch fails, what became of those before it is told all the same.
        if json and rows:
            answer_json({"items": rows})
    if not rows:
        answer_json({"items": []}) if json else answer("в файлах нет ни одного результата")
    raise typer.Exit(1 if any(row["status"] == "refused" for row in rows) else 0)


def _row(row: dict[str, Any]) -> str:
    wrong = " ".join(f"{one['pointer']}: {one['message']} {one['remedy']}".strip(" :") for one in row["errors"])
    return f"{row['file']}\t{row['row']}\t{row['status']}\t{wrong or row['id']}"


@app.command("region")
def load_region(*, json: AsJson = False) -> None:
    """Данные области за 2022 год: муниципалитеты, процедуры, методика, результаты."""
    _answer(bring_region(Api(), progress), json=json)


@app.command("schools")
def load_schools(
    *,
    count: Annotated[int, typer.Option(min=1, max=MOST, help="сколько условных школ")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="начало случайных чисел: те же числа — те же школы")] = 1,
    json: AsJson = False,
) -> None:
    """Порождённые школы и их результаты за три года, с заложенными слабыми, сильными и необъективными."""
    _answer(bring_schools(Api(), count, seed, progress), json=json)


def _answer(counts: dict[str, int], *, json: bool) -> None:
    if json:
        answer_json({"items": [{"what": what, "count": count} for what, count in counts.items()]})
    else:
        answer("\n".join(f"{what}: {count}" for what, count in counts.items()))


def bring_region(api: Api, tell: Callable[[str], None]) -> dict[str, int]:
    """Load what is absent, in the order in which one part needs another; what is known stays. Counts of both."""
    region = read_region()
    tell(f"реестр: {len(region.municipalities)} муниципалитета")
    municipalities = import_absent(api, "/v1/municipalities", region.municipalities, at_once=IMPORTED)
    tell(f"мониторинг: {len(region.procedures)} процедур и источники")
    procedures = put_absent(api, "/v1/procedures", region.procedures)
    put_absent(api, "/v1/sources", region.sources)
    tell(f"оценка: методика {METHODOLOGY}")
    put_document(api, "/v1/methodologies", METHODOLOGY, region.methodology)
    _open_rating(api)
    tell(f"дорожные карты: {len(region.roadmaps)}")
    roadmaps = put_roadmaps(api, region.roadmaps)
    fresh = unreported(api, region.results, PERIOD)
    results = post_results(api, fresh, tell)
    results["known"] += len(region.results) - len(fresh)
    tell("жду, пока всё пересчитается")
    reported = defaultdict(set)
    for body in fresh:
        reported[body["subject"]["municipality"]].add(body["procedure"])
    for municipality, those in reported.items():
        wait(partial(_scored, api, municipality, those))
    parts = {
        "муниципалитеты": municipalities,
        "процедуры": procedures,
        "дорожные карты": roadmaps,
        "результаты": results,
    }
    return _both(parts)


def _both(parts: dict[str, Counter[str]]) -> dict[str, int]:
    said = {"new": "новых", "known": "уже были"}
    return {f"{what}, {words}": counts[name] for what, counts in parts.items() for name, words in said.items()}


def _open_rating(api: Api) -> None:
    """Publish the period that has no rating yet; whether one that is there is public, the ministry has decided."""
    with api.of("ministry") as ministry:
        if all(one["period"] != PERIOD for one in ministry.every("scoring", "/v1/periods")):
            ministry.put("scoring", f"/v1/periods/{PERIOD}/publication", {"public": True, "act": PUBLISHED})


def _scored(api: Api, municipality: str, procedures: set[str]) -> bool:
    """Whether these results of a municipality are all scored; not while scoring has not heard of it or the period."""
    try:
        known = api.get("scoring", f"/v1/scores/{municipality}", period=PERIOD)["procedures"]
    except Failed:
        return False
    return all(one["state"] != "no_data" for key, one in known.items() if key in procedures)
