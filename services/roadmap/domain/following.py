"""What road maps remember of others: whose municipalities there are and how each stands, newest revision only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.kernel import Cause


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality as the registry last told it; `name` and `oktmo` are its last ones, `codes` all it ever had."""

    id: str
    revision: int
    region: str
    name: str
    oktmo: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a group stands: `percent`, `level` and `rank` are None unless scored."""

    state: str
    percent: int | None = None
    level: str | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The latest told score of a municipality and period: a standing for each group that was ever told."""

    municipality: str
    period: str
    revision: int
    groups: Mapping[str, Standing] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """One score for each municipality and period."""
        return f"{self.municipality}|{self.period}"


@dataclass(frozen=True, slots=True)
class Move:
    """One group before and after a told change."""

    group: str
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class ScoreTold:
    """A told change of a score: where the groups that changed stood and stand; `quiet` is history loaded quietly."""

    municipality: str
    period: str
    revision: int
    moves: tuple[Move, ...]
    quiet: bool
    cause: Cause

    @property
    def score(self) -> Score:
        """What there is to remember of it."""
        return Score(self.municipality, self.period, self.revision, {one.group: one.after for one in self.moves})


def newest_municipalities(stored: Mapping[str, Municipality], heard: Sequence[Municipality]) -> dict[str, Municipality]:
    """Those that a batch changes; a revision that is not newer than the stored one changes nothing."""
    changed: dict[str, Municipality] = {}
    for one in heard:
        before = changed.get(one.id) or stored.get(one.id)
        if before is None or one.revision > before.revision:
            changed[one.id] = one
    return changed


def newest_scores(stored: Mapping[str, Score], heard: Sequence[Score]) -> dict[str, Score]:
    """The same for scores: a told change names only the groups that changed, the others stay as they were."""
    changed: dict[str, Score] = {}
    for one in heard:
        before = changed.get(one.id) or stored.get(one.id)
        if before is None:
            changed[one.id] = one
        elif one.revision > before.revision:
            changed[one.id] = replace(one, groups={**before.groups, **one.groups})
    return changed


def news(stored: Mapping[str, Score], heard: Iterable[ScoreTold]) -> list[ScoreTold]:
    """The told changes of a batch that are newer than all that was known before each of them, in their order."""
    reached = {key: score.revision for key, score in stored.items()}
    fresh = []
    for one in heard:
        key = one.score.id
        if one.revision > reached.get(key, 0):
            reached[key] = one.revision
            fresh.append(one)
    return fresh
