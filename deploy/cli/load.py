"""`./rsoko load`: the region's 2022 data, generated schools, files of results; by the public API, repeatable."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli.api import Api
from deploy.cli.files import post_files
from deploy.cli.posting import post_results, wait, without
from deploy.cli.schools import MOST, bring_schools
from deploy.cli.show import AsJson, answer, answer_json, progress
from deploy.local import Failed
from deploy.local.region import METHODOLOGY, PERIOD, read_region

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx


class _Files(typer.core.TyperGroup):
    """What is no command is the name of a file."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            return FILES, self.commands[FILES], args
        return super().resolve_command(ctx, args)


FILES = "files"
app = typer.Typer(cls=_Files, add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
PUBLISHED = "таблицы области за 2022 год опубликованы (реквизиты акта не опубликованы)"


@app.callback()
def load() -> None:
    """Загрузить данные через открытый API (повторно — без последствий): region, schools или файлы результатов.

    ./rsoko load ФАЙЛ… — результаты из .json (как в POST /v1/results) или .csv (docs/operations.md).
    """


@app.command(FILES, hidden=True)
def load_files(
    files: Annotated[list[Path], typer.Argument(help="файлы .json или .csv")], *, json: AsJson = False
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
    """Load everything in the order in which one part needs another; counts of what there is now."""
    region = read_region()
    tell(f"реестр: {len(region.municipalities)} муниципалитета")
    api.post("registry", "/v1/municipalities/import", {"items": region.municipalities})
    tell(f"мониторинг: {len(region.procedures)} процедур и источники")
    for procedure in region.procedures:
        api.put("monitoring", f"/v1/procedures/{procedure['key']}", without(procedure, "key"))
    for source in region.sources:
        api.put("monitoring", f"/v1/sources/{source['key']}", without(source, "key"))
    tell(f"оценка: методика {METHODOLOGY}")
    wait(partial(_put_methodology, api, region.methodology))
    with api.of("ministry") as ministry:
        ministry.put("scoring", f"/v1/periods/{PERIOD}/publication", {"public": True, "act": PUBLISHED})
    tell(f"дорожные карты: {len(region.roadmaps)}")
    for roadmap in region.roadmaps:
        wait(partial(_put_roadmap, api, roadmap))
    done = post_results(api, region.results, tell)
    tell("жду, пока всё пересчитается")
    wanted = len(region.municipalities)
    wait(lambda: _rated(api) == wanted)
    return {
        "муниципалитеты": wanted,
        "процедуры": len(region.procedures),
        "дорожные карты": len(region.roadmaps),
        "мероприятия": sum(len(roadmap["activities"]) for roadmap in region.roadmaps),
        "результаты, новых": done["new"],
        "результаты, уже были": done["known"],
    }


def _put_methodology(api: Api, text: str) -> bool:
    """Put the edition; False while scoring has not heard of its municipalities, a moment after the registry."""
    path = f"/v1/methodologies/{METHODOLOGY}"
    answer = api.ask("PUT", "scoring", path, content=text.encode(), headers={"Content-Type": "application/yaml"})
    return _known_there(api, answer, "scoring", path)


def _put_roadmap(api: Api, roadmap: dict[str, Any]) -> bool:
    """Put one road map; False while road maps have not heard of its municipality, a moment after the registry."""
    path = f"/v1/roadmaps/{roadmap['key']}"
    answer = api.ask("PUT", "roadmap", path, json=without(roadmap, "key"))
    return _known_there(api, answer, "roadmap", path)


def _known_there(api: Api, answer: httpx.Response, service: str, path: str) -> bool:
    """False where a service did not know a municipality yet; any other refusal is raised."""
    if answer.is_error and "unknown-municipality" in {one["code"] for one in answer.json().get("errors", ())}:
        return False
    api.check(answer, service, path)
    return True


def _rated(api: Api) -> int:
    """How many municipalities have a place; none while scoring has not heard of the period."""
    try:
        return len(api.get("scoring", f"/v1/ratings/{PERIOD}", group="overall")["rows"])
    except Failed:
        return 0
