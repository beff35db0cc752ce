"""`./rsoko load schools`: generated schools and their results through the public API; repeatable without effect."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from deploy.cli.bringing import import_absent, put_absent, put_document
from deploy.cli.posting import CHUNK, post_results
from deploy.local import Failed
from deploy.local.schools import SOURCE, YEARS, generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.cli.api import Api

IMPORTED = 500
MOST = 20_000
THRESHOLDS = "schools-2020"


def bring_schools(api: Api, count: int, seed: int, tell: Callable[[str], None]) -> dict[str, int]:
    """Load what is absent in the order in which one part needs another; counts of what there is now."""
    if not api.get("registry", "/v1/municipalities", limit=1)["items"]:
        raise Failed("в реестре нет муниципалитетов", "сначала ./rsoko load region")
    generated = generate(count, seed)
    tell(f"реестр: условных школ {count}")
    import_absent(api, "/v1/organizations", generated.organizations, at_once=IMPORTED)
    tell(f"мониторинг: процедур о школах {len(generated.procedures)}, источник, пороги списков")
    put_absent(api, "/v1/procedures", generated.procedures)
    source = {
        "key": SOURCE,
        "name": "Порождённые сведения о школах",
        "procedures": "all",
        "clients": [],
        "people": False,
    }
    put_absent(api, "/v1/sources", [source])
    put_document(api, "/v1/school-thresholds", THRESHOLDS, generated.thresholds)
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


def _chunks(bodies: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while rows := list(islice(bodies, CHUNK)):
        yield rows
