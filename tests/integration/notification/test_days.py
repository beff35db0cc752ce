"""What is next for a municipality that came into being later, or has ended, on a real MongoDB."""

from datetime import date

import httpx

from services.registry.events import DatedName, MunicipalityChanged, MunicipalityRegistered
from tests.integration.notification.conftest import Live
from tests.integration.notification.test_advice import MAP, client, hear, items
from tests.integration.notification.told import facts, score

__all__ = ["client"]
NAMED = DatedName(name="Новый МО", kind="municipal_okrug", oktmo="75506000", valid_from=date(2023, 1, 1))
ENDED = NAMED.model_copy(update={"valid_to": date(2024, 1, 1)})


async def named(client: httpx.AsyncClient) -> dict[str, list[str]]:
    """The deadlines that each municipality's item names."""
    return {one["municipality"]["id"]: [each["due"] for each in one["deadlines"]] for one in await items(client)}


async def test_an_inbox_names_the_deadlines_of_the_days_on_which_its_municipality_is_there(
    live: Live, client: httpx.AsyncClient
):
    await hear(live.uses, MAP, MunicipalityRegistered(id="a", revision=1, region="74", history=(NAMED,)))
    await live.uses.telling.hear(facts(score("a"), score("b")))
    every = ["2122-11-30", "2022-11-30"]
    assert await named(client) == {"a": ["2122-11-30"], "b": every}
    assert not any("Просрочено" in one["body"] for one in await items(client) if one["municipality"]["id"] == "a")
    await hear(live.uses, MunicipalityChanged(id="a", revision=2, region="74", history=(ENDED,)))
    assert await named(client) == {"a": [], "b": every}
