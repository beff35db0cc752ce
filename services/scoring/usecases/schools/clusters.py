"""Clusters of schools by the means of their procedures, of municipalities by the shares of their groups."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from services.scoring.domain import OVERALL, Card
from services.scoring.domain.clusters import Structure, structure_of
from services.scoring.domain.league import League
from services.scoring.domain.period import period_year
from services.scoring.domain.publication import canonical, digest
from services.scoring.usecases.schools.ports import KeepsSchools
from services.scoring.usecases.state import State
from shared.kernel import Forbidden
from shared.policy import Scope

Of = Literal["schools", "municipalities"]
Document = dict[str, Any]
# A mean over fewer units than that would tell of single ones.
SHOWN_FROM = 5
# To what sizes and means are rounded for who does not see all units.
ROUGHLY = 5
PERCENT = Decimal("0.01")
# Other than what an older version kept.
KEPT = "2"
WORDS: dict[Structure, str] = {
    "strong": "Группы отделены друг от друга чётко.",
    "reasonable": "Группы различимы.",
    "weak": "Группы слабо отделены друг от друга и могут быть случайными: такое бывает и там, где групп нет.",
    "none": "Различимых групп нет: деление условно, и делать из него выводы нельзя.",
}


@dataclass(frozen=True, slots=True)
class AskedClusters:
    """Clusters of what, of which region and period, how many (None: as the silhouettes say)."""

    period: str
    region: str
    of: Of = "schools"
    k: int | None = None


class Clusters:
    """Answers clusters in the shape of the API; what is computed once is kept until the data are others."""

    def __init__(self, store: KeepsSchools, state: State) -> None:
        self._store = store
        self._state = state

    async def answer(self, asked: AskedClusters, *, scope: Scope) -> Document:
        """The clusters; of their members only those that the reader may see.

        Forbidden to choose how many of schools for who sees only their own: means would differ by single schools.
        """
        if asked.of == "schools" and asked.k is not None and not scope.everything:
            detail = "Сколько групп школ, решают силуэты: своё число k передают министерство и оператор."
            raise Forbidden("forbidden", "Недостаточно прав", detail)
        year = str(period_year(asked.period))
        period = year if asked.of == "schools" else asked.period
        made, owners = await (self._schools(asked, year) if asked.of == "schools" else self._municipalities(asked))
        seen = {
            unit: self._unit(asked.of, unit, whose, period)
            for unit, whose in owners.items()
            if scope.covers(_resource(asked.of, unit, whose))
        }
        placed = made["members"].items()
        return self._view(asked, made) | {
            "clusters": made["clusters"] if scope.everything else [_shown(one, made, seen) for one in made["clusters"]],
            "items": [{"unit": seen[unit], "cluster": cluster} for unit, cluster in placed if unit in seen],
            "left_out": [seen[unit] for unit in made["left_out"] if unit in seen],
            "next": None,
            "period": period,
        }

    def _view(self, asked: AskedClusters, made: Document) -> Document:
        """What does not depend on who asks."""
        titles = self._state.procedures if asked.of == "schools" else self._groups(asked.period)
        silhouette = made["silhouettes"].get(str(made["k"]))
        structure = structure_of(None if silhouette is None else float(silhouette))
        return {
            "of": asked.of,
            "region": asked.region,
            "k": made["k"],
            "chosen_by": "silhouette" if asked.k is None else "reader",
            "seed": made["seed"],
            "silhouettes": made["silhouettes"],
            "structure": structure,
            "words": WORDS[structure],
            "features": [{"key": one, "title": titles.get(one, one)} for one in made["features"]],
        }

    def _groups(self, period: str) -> dict[str, str]:
        """Titles of the groups of a period's methodology."""
        methodology = self._state.edition_for(period)
        return {group.key: group.title for group in methodology.groups} if methodology else {}

    async def _schools(self, asked: AskedClusters, year: str) -> tuple[Document, dict[str, str | None]]:
        rows = {row["league"]: row for row in await self._store.years_of_schools()}
        version = str(rows.get(League(asked.region, year), {}).get("wanted", 0))
        key = f"schools|{KEPT}|{asked.region}|{year}|{asked.k or 0}"
        made = await self._store.clusters(key, version)
        if made is None:
            made = await self._store.group_schools(asked.region, int(year), k=asked.k)
            await self._store.keep_clusters(key, version, made)
        return made, await self._store.owners_of_schools(asked.region, int(year))

    async def _municipalities(self, asked: AskedClusters) -> tuple[Document, dict[str, str | None]]:
        held, names = self._state.mirror.of(League(asked.region, asked.period)), self._state.names
        units = {*held, *(one for one in names.ids(asked.region) if names.existed(one, asked.period))}
        rows = [(one, _shares(held[one].card) if one in held else {}) for one in sorted(units)]
        version = digest(canonical(rows))
        key = f"municipalities|{KEPT}|{asked.region}|{asked.period}|{asked.k or 0}"
        made = await self._store.clusters(key, version)
        if made is None:
            made = await self._store.group_units(rows, k=asked.k)
            await self._store.keep_clusters(key, version, made)
        return made, dict.fromkeys(units)

    def _unit(self, of: Of, unit: str, whose: str | None, period: str) -> Document:
        names = self._state.names
        if of == "municipalities":
            return {"school": None, "municipality": names.of(unit, period)}
        return {"school": unit, "municipality": None if whose is None else names.of(whose, period)}


def _shares(card: Card) -> dict[str, float]:
    """The shares of the groups that have any."""
    shares = {group: score.share for group, score in card.scores.items() if group != OVERALL}
    return {group: float(share) for group, share in shares.items() if share is not None}


def _resource(of: Of, unit: str, whose: str | None) -> dict[str, str | None]:
    if of == "municipalities":
        return {"municipality": unit, "organization": None}
    return {"municipality": whose, "organization": unit}


def _shown(cluster: Mapping[str, Any], made: Document, known: Container[str]) -> Document:
    """A cluster without the means of numbers that few members have but those that the reader knows; roughly told.

    Of exact means and sizes two readings around one school's report would tell what it reported.
    """
    others = {unit for unit, where in made["members"].items() if where == cluster["cluster"] and unit not in known}
    few = {name for name, without in made["missing"].items() if len(others.difference(without)) < SHOWN_FROM}
    told = {name: None if name in few else _whole_percent(mean) for name, mean in cluster["centre"].items()}
    size = max(ROUGHLY, (cluster["size"] + ROUGHLY // 2) // ROUGHLY * ROUGHLY)
    return {**cluster, "size": size, "centre": told if any(told.values()) else None}


def _whole_percent(share: str | None) -> str | None:
    return None if share is None else str(Decimal(share).quantize(PERCENT, ROUND_HALF_UP))
