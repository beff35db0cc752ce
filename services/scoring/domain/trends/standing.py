"""Where a municipality stands by one group or procedure, or why it does not: by its card, or as it was published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.card import NOT_APPLICABLE, UNSCORED, Card, Score, procedure_score
from services.scoring.domain.coverage import Coverage, coverage_of
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.rating import ALL_EXEMPT, NO_RESULTS
from shared.kernel import exact


@dataclass(frozen=True, slots=True)
class Standing:
    """A score with its rank; `reason` says why there is none; `coverage` that of a group or overall."""

    score: Score
    rank: int | None = None
    reason: str | None = None
    coverage: Coverage | None = None


def standing_of(card: Card, group: str, methodology: Methodology) -> Standing:
    """The standing without its rank; what the edition does not score does not apply."""
    placed = card.procedures.get(group)
    if placed is not None:
        score = procedure_score(methodology, placed)
        reason = placed.public().reason or NO_RESULTS
    elif group in card.scores:
        score = card.scores[group]
        reason = ALL_EXEMPT if score.state == "not_applicable" else NO_RESULTS
    else:
        score, reason = NOT_APPLICABLE, f"не оценивается редакцией методики «{methodology.title}»"
    states = (card.procedures[key].state for key in methodology.counted(group) if key in card.procedures)
    coverage = None if placed is not None else coverage_of(states)
    return Standing(score, None, None if score.state == "scored" else reason, coverage)


def published_standings(table: Mapping[str, Any]) -> dict[str, Standing]:
    """Where everybody stood in a published table of a group or procedure, in the shape of the API."""
    ranked = {row["municipality"]["id"]: Standing(_score(row), row["rank"]) for row in table["rows"]}
    absent = {
        one["municipality"]["id"]: Standing(UNSCORED[one["state"]], None, one["reason"]) for one in table["no_data"]
    }
    return ranked | absent


def published_states(tables: Mapping[str, Mapping[str, Any]], methodology: Methodology) -> dict[str, dict[str, str]]:
    """The state of every procedure by municipality, as its published tables say; each of them is read once."""
    found: dict[str, dict[str, str]] = {}
    for key in methodology.procedures:
        if key in tables:
            table = tables[key]
            for row in table["rows"]:
                found.setdefault(row["municipality"]["id"], {})[key] = "scored"
            for one in table["no_data"]:
                found.setdefault(one["municipality"]["id"], {})[key] = one["state"]
    return found


def _score(row: Mapping[str, Any]) -> Score:
    points, maximum, share = (exact(row[field]) for field in ("points", "maximum", "share"))
    return Score("scored", points, maximum, row["percent"], row["level"], row["level_conflict"], share)
