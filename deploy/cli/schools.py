"""`./rsoko load schools`: generated schools and their results through the public API; repeatable without effect."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from deploy.cli.posting import CHUNK, post_results, without
from deploy.local import Failed
from deploy.local.schools import SOURCE, YEARS, generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.cli.api import Api

IMPORTED = 500
MOST = 20_000


def bring_schools(api: Api, count: int, seed: int, tell: Callable[[str], None]) -> dict[str, int]:
    """Load everything in the order in which one part needs another; counts of what there is now."""
    if not api.get("registry", "/v1/municipalities", limit=1)["items"]:
        raise Failed("в реестре нет муниципалитетов", "сначала ./rsoko load region")
    generated = generate(count, seed)
    tell(f"реестр: {count} условных школ")
    organizations = generated.organizations
    for start in range(0, count, IMPORTED):
        api.post("registry", "/v1/organizations/import", {"items": organizations[start : start + IMPORTED]})
    tell(f"мониторинг: {len(generated.procedures)} процедур о школах, источник, пороги списков")
    for procedure in generated.procedures:
        api.put("monitoring", f"/v1/procedures/{procedure['key']}", without(procedure, "key"))
    source = {"name": "Порождённые сведения о школах", "procedures": "all", "clients": []}
    api.put("monitoring", f"/v1/sources/{SOURCE}", source)
    _put_thresholds(api, generated.thresholds)
    total = count * len(generated.procedures) * len(YEARS)
    done: Counter[str] = Counter()
    for number, rows in enumerate(_chunks(generated.results())):
        done += post_results(api, rows, tell, first=number * CHUNK, of=total)
    planted = {name: len(schools) for name, schools in generated.planted().items()}
    signs = sum(number for name, number in planted.items() if name not in {"weak", "strong"})
    return {
        "школы": count,
        "процедуры о школах": len(generated.procedures),
        "результаты, новых": done["new"],
        "результаты, уже были": done["known"],
        "заложено слабых": planted.get("weak", 0),
        "заложено сильных": planted.get("strong", 0),
        "заложено с признаками": signs,
    }


def _put_thresholds(api: Api, text: str) -> None:
    headers = {"Content-Type": "application/yaml"}
    api.call("PUT", "scoring", "/v1/school-thresholds/schools-2020", content=text.encode(), headers=headers)


def _chunks(bodies: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while rows := list(islice(bodies, CHUNK)):
        yield rows
