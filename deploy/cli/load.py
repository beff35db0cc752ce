"""`./rsoko load`: the region's 2022 data through the public API; repeatable without effect."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from deploy.cli.api import Api
from deploy.cli.show import AsJson, answer, answer_json, progress
from deploy.local import Failed
from deploy.local.region import METHODOLOGY, PERIOD, read_region

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
CHUNK = 200
KNOWN_WITHIN = 30.0
PUBLISHED = "таблицы области за 2022 год опубликованы (реквизиты акта не опубликованы)"


@app.callback()
def load() -> None:
    """Загрузить данные через открытый API (повторно — без последствий)."""


@app.command("region")
def load_region(*, json: AsJson = False) -> None:
    """Данные области за 2022 год: муниципалитеты, процедуры, методика, результаты."""
    counts = bring_region(Api(), progress)
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
        api.put("monitoring", f"/v1/procedures/{procedure['key']}", _without(procedure, "key"))
    for source in region.sources:
        api.put("monitoring", f"/v1/sources/{source['key']}", _without(source, "key"))
    tell(f"оценка: методика {METHODOLOGY}")
    api.call(
        "PUT",
        "scoring",
        f"/v1/methodologies/{METHODOLOGY}",
        content=region.methodology.encode(),
        headers={"Content-Type": "application/yaml"},
    )
    with Api("ministry", settings=api.settings) as ministry:
        ministry.put("scoring", f"/v1/periods/{PERIOD}/publication", {"public": True, "act": PUBLISHED})
    tell(f"дорожные карты: {len(region.roadmaps)}")
    for roadmap in region.roadmaps:
        _wait(partial(_put_roadmap, api, roadmap))
    done = _post_results(api, region.results, tell)
    tell("жду, пока всё пересчитается")
    wanted = len(region.municipalities)
    _wait(lambda: _rated(api) == wanted)
    return {
        "муниципалитеты": wanted,
        "процедуры": len(region.procedures),
        "дорожные карты": len(region.roadmaps),
        "мероприятия": sum(len(roadmap["activities"]) for roadmap in region.roadmaps),
        "результаты, новых": done["new"],
        "результаты, уже были": done["known"],
    }


def _put_roadmap(api: Api, roadmap: dict[str, Any]) -> bool:
    """Put one road map; False while road maps have not heard of its municipality, a moment after the registry."""
    path = f"/v1/roadmaps/{roadmap['key']}"
    answer = api.ask("PUT", "roadmap", path, json=_without(roadmap, "key"))
    if answer.is_error and "unknown-municipality" in {one["code"] for one in answer.json().get("errors", ())}:
        return False
    api.check(answer, "roadmap", path)
    return True


def _rated(api: Api) -> int:
    """How many municipalities have a place; none while scoring has not heard of the period."""
    try:
        return len(api.get("scoring", f"/v1/ratings/{PERIOD}", group="overall")["rows"])
    except Failed:
        return 0


def _without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def _post_results(api: Api, results: Sequence[dict[str, Any]], tell: Callable[[str], None]) -> Counter[str]:
    """All results in batches; a row that stands already is no error, anything else is."""
    done: Counter[str] = Counter()
    for start in range(0, len(results), CHUNK):
        rows = results[start : start + CHUNK]
        # Monitoring hears of municipalities and their codes through Kafka, a moment after the registry's answer.
        _wait(partial(_posted, api, rows, start=start, done=done))
        tell(f"результаты: {min(start + CHUNK, len(results))} из {len(results)}")
    return done


def _posted(api: Api, rows: Sequence[dict[str, Any]], *, start: int, done: Counter[str]) -> bool:
    """Post one batch; False when monitoring does not know a municipality yet."""
    counts: Counter[str] = Counter()
    for row in api.post("monitoring", "/v1/results/batch", {"items": rows})["items"]:
        codes = {error["code"] for error in row["errors"]}
        if "unknown-municipality" in codes:
            return False
        if row["status"] == "refused" and codes != {"result-exists"}:
            raise Failed(f"строка {start + row['index'] + 1}: {row['errors']}", "исправьте данные и повторите")
        counts["new" if row["status"] == "accepted" else "known"] += 1
    done.update(counts)
    return True


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + KNOWN_WITHIN
    while not condition():
        if time.monotonic() > end:
            raise Failed("данные не дошли до соседней службы", "посмотрите ./rsoko status и ./rsoko logs")
        time.sleep(0.1)
