"""The expert community: items reported and corrected, the nine indicators of a municipality and of all."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from services.scoring.domain.community import (
    Definitions,
    HeldProcedure,
    Item,
    Report,
    Withdrawal,
    Year,
    check_year,
    indicators,
    left_out,
    put,
    read_definitions,
    withdraw,
)
from services.scoring.domain.community.views import compared_view, found_view, item_view, line_view, summary_view
from services.scoring.domain.names import alphabetical, day_of
from services.scoring.domain.yaml_text import read_yaml
from services.scoring.usecases.ports import KeepsCommunity
from services.scoring.usecases.state import State
from shared.kernel import NotFound

DEFINITIONS = Path(__file__).resolve().parents[3] / "data" / "expert_community.yaml"
Asked = dict[str, Any]


@cache
def the_definitions(path: Path = DEFINITIONS) -> Definitions:
    """The definitions of the platform, read once."""
    return read_definitions(read_yaml(path.read_text(encoding="utf-8")).data)


class Community:
    """What people do with items, and what follows from them."""

    def __init__(self, store: KeepsCommunity, state: State) -> None:
        self._store = store
        self._state = state

    def municipality(self, text: str, year: int) -> str:
        """The id behind an id or an OKTMO code valid in the year; NotFound where it means nobody."""
        found = self._state.names.find(text, str(year))
        if found is None:
            detail = f"«{text[:60]}»: нужен id муниципалитета или код ОКТМО, действовавший в {year} году."
            raise NotFound("municipality-not-found", "Такого муниципалитета нет", detail)
        return found

    async def bearer(self, text: str, item: str, *, may: Callable[[str], bool]) -> str:
        """The id behind an id or an OKTMO code that it bore at any time.

        Of several that bore a code, the one that did in the year of its item; of those that the reader `may` not see
        nothing is told. NotFound where it means nobody, or nobody's item.
        """
        names = self._state.names
        every = names.ever(text)
        if not every:
            detail = f"«{text[:60]}»: нужен id муниципалитета или код ОКТМО, который у него есть или был."
            raise NotFound("municipality-not-found", "Такого муниципалитета нет", detail)
        own = [one for one in every if may(one)]
        if len(every) == 1 or not own:
            return every[0]
        for one in own:
            found = await self._store.community_item(one, item)
            if found is not None and names.find(text, str(found.told.year)) == one:
                return one
        raise _no_item(text, item)

    async def put(self, municipality: str, item: str, report: Report) -> tuple[str, Asked]:
        """Report an item under its own id: `created`, `corrected` or `unchanged`, and the item as it stands."""
        check_year(report.told, existed=self._state.names.existed(municipality, str(report.told.year)))
        before, after = await self._store.change_item(
            municipality,
            item,
            lambda stored, others: put(item, municipality, stored, report, others=others),
            year=report.told.year,
        )
        outcome = "created" if before is None else "unchanged" if after == before else "corrected"
        return outcome, self._shown(after)

    async def withdraw(self, municipality: str, item: str, given: Withdrawal) -> Asked:
        """Withdraw an item with a reason; repeating it changes nothing."""
        _, after = await self._store.change_item(municipality, item, lambda stored, _: withdraw(item, stored, given))
        return self._shown(after)

    async def item(self, municipality: str, item: str) -> Asked:
        """One item with its past; NotFound where nobody reported it."""
        found = await self._store.community_item(municipality, item)
        if found is None:
            raise _no_item(municipality, item)
        return self._shown(found)

    async def items(
        self, municipality: str, year: int, *, after: str | None, limit: int
    ) -> tuple[list[Asked], str | None]:
        """A page of the items of a year by id, and where the next one begins."""
        found = await self._store.community_items(year, municipality=municipality)
        later = [one for one in found if after is None or one.id > after]
        following = later[limit - 1].id if len(later) > limit else None
        return [self._shown(one) for one in later[:limit]], following

    async def indicators(self, municipality: str, year: int) -> Asked:
        """The nine indicators with every counted item."""
        definitions = the_definitions()
        asked = await self._year(municipality, year)
        before = await self._year(municipality, year - 1)
        found = indicators(definitions, asked, before)
        others = definitions.not_within_region
        return self._head(municipality, year, definitions) | {
            "indicators": [found_view(one, definitions) for one in found],
            "left_out": [
                line_view(one) | {"reason": others[one.says["procedure"]]} for one in left_out(definitions, asked)
            ],
        }

    async def everywhere(self, year: int, region: str, *, may: Callable[[str], bool]) -> list[Asked]:
        """The nine indicators of every municipality of a region, counts without items, by name.

        Of whose items the reader may not read no numbers of few persons.
        """
        definitions = the_definitions()
        now, then = await self._years(year), await self._years(year - 1)
        names = self._state.names
        shown = []
        for municipality in names.ids(region):
            asked, before = now(municipality), then(municipality)
            view = summary_view if may(municipality) else compared_view
            found = [view(one, definitions) for one in indicators(definitions, asked, before)]
            shown.append({"municipality": names.of(municipality, str(year)), "year": year, "indicators": found})
        return sorted(shown, key=lambda one: (alphabetical(one["municipality"]["name"]), one["municipality"]["id"]))

    def _head(self, municipality: str, year: int, definitions: Definitions) -> Asked:
        named = self._state.names.of(municipality, str(year))
        return {"municipality": named, "year": year, "source": definitions.source}

    async def _year(self, municipality: str, year: int) -> Year:
        """What is known of a municipality's year."""
        return (await self._years(year, municipality))(municipality)

    async def _years(self, year: int, municipality: str | None = None) -> Callable[[str], Year]:
        """What is known of the year of any municipality, or of one."""
        items = _by_municipality(await self._store.community_items(year, municipality=municipality))
        held = await self._held(year, municipality)

        def known(one: str) -> Year:
            existed = self._state.names.existed(one, str(year))
            return Year(year, tuple(items.get(one, ())), tuple(held.get(one, {}).values()), existed=existed)

        return known

    async def _held(self, year: int, municipality: str | None) -> dict[str, dict[str, HeldProcedure]]:
        """Procedures with a result in force for the year, or else for the school year that ends in it."""
        periods = (f"{year - 1}-{year}", str(year))
        found: dict[str, dict[str, HeldProcedure]] = {}
        results = await self._store.held_results(periods, municipality=municipality)
        for one in sorted(results, key=lambda one: (periods.index(one.period), one.procedure)):
            title = self._state.procedures.get(one.procedure, one.procedure)
            on = day_of(one.occurred_at) or ""
            procedure = HeldProcedure(one.procedure, title, one.result, on, one.source)
            found.setdefault(one.municipality, {})[one.procedure] = procedure
        return found

    def _shown(self, item: Item) -> Asked:
        named = self._state.names.of(item.municipality, str(item.told.year))
        return item_view(item) | {"municipality": named}


def _no_item(municipality: str, item: str) -> NotFound:
    detail = f"«{item}»: такой записи у {municipality} нет. Возьмите id из списка записей года."
    return NotFound("community-item-not-found", "Такой записи нет", detail)


def _by_municipality(items: Iterable[Item]) -> Mapping[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.municipality, []).append(item)
    return found
