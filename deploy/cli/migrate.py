"""`./rsoko migrate`: indexes, validators and document versions of every service's database."""

import asyncio
import importlib
import importlib.util
from collections.abc import Sequence

from deploy.cli.show import AsJson, answer, answer_json
from deploy.cli.stores import reached
from deploy.local import SERVICES, Settings
from shared.migrate import migrate as bring_up


def migrate(*, json: AsJson = False) -> None:
    """Применить индексы и проверки, переписать старые версии документов (повторно — без последствий)."""
    with reached("migrate"):
        done = run(SERVICES)
    if json:
        answer_json({"items": done})
    else:
        answer("\n".join(f"{item['service']}: {item['result']}" for item in done) or "нечего менять")


def run(services: tuple[str, ...]) -> list[dict[str, str | int]]:
    """Migrate the stores of the services that have one; what was done, in numbers and in words."""
    stores = [name for name in services if importlib.util.find_spec(f"services.{name}.store")]
    return [asyncio.run(_migrate(name)) for name in stores]


def refuse_half_restored(settings: Settings, databases: Sequence[str]) -> None:
    """Failed where a restore was interrupted: of half a database nothing would be found."""
    from deploy.backup.databases import connected
    from deploy.backup.marking import refuse_marked

    with connected(settings.mongo_uri) as client:
        refuse_marked(client, databases)


async def _migrate(service: str) -> dict[str, str | int]:
    store = importlib.import_module(f"services.{service}.store")
    done = await bring_up(Settings.from_env().mongo_uri, service, store.SCHEMAS)
    words = f"создано {done.made}, переписано {done.rewritten}"
    return {"service": service, "created": done.made, "rewritten": done.rewritten, "result": words}
