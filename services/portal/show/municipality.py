"""A municipality's page worked out: what changed and by whom, deadlines, the chain with names, the neighbours."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.show.region import Region
from services.portal.show.situation import SIMILAR, Row
from services.portal.show.words import GROUPS, ROLES, bound

Told = Mapping[str, Any]
SHOWN_CHANGES = 5
# Each is asked for by itself; a change by many results is usually one load, and they say the same.
SHOWN_CAUSES = 10
WAITING = frozenset({"overdue", "open", "planned"})
OPEN_ADVICE = ("drafted", "issued", "considered", "accepted", "declined", "discarded")


@dataclass(frozen=True, slots=True)
class Cause:
    """Which revision moved a score, whose it is and why it was made; what this reader may not see is empty."""

    result: str
    procedure: str
    revision: int
    act: str
    source: str = ""
    by: str = ""
    reason: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One told change: the groups before and after, the results behind it, and the rules, in words."""

    id: str
    title: str
    at: str
    groups: Sequence[Told]
    causes: Sequence[Cause]
    more: int
    rules: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something must be done: one occurrence of an activity that is not done yet."""

    activity: Told
    due: str
    state: str

    @property
    def overdue(self) -> bool:
        """Whether the day has passed."""
        return self.state == "overdue"


@dataclass(frozen=True, slots=True)
class Source:
    """Whose numbers a page shows: of an edition, else live ones; `compared` where those have an edition beside them."""

    edition: str | None
    compared: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A similar municipality in the same rating."""

    row: Row
    own: bool


def author(told: str) -> str:
    """Who submitted, in words: a role, a municipality's authority, a system by its name."""
    role, _, _own = told.partition(":")
    return ROLES.get(role, told)


def submitter(told: Told | None, region: Region) -> str:
    """Who submitted, in words, with whom the account works for, by id where it has no name here.

    What was not told is said.
    """
    if not told:
        return "не сообщено"
    unit = region.unit(str(told.get("id")))
    whom = unit.name if unit else told.get("id")
    return author(str(told["role"])) + (f" ({whom})" if whom else "")


def _cause(told: Told, revisions: Mapping[tuple[str, int], Told], names: Mapping[str, str]) -> Cause:
    found = revisions.get((told["result"], told["revision"]), {})
    return Cause(
        result=told["result"],
        procedure=names.get(told["procedure"], told["procedure"]),
        revision=told["revision"],
        act=_act(told, found),
        source=str(found.get("source") or ""),
        by=author(str(found.get("submitted_by") or "")),
        reason=str(found.get("reason") or ""),
        at=str(found.get("recorded_at") or ""),
    )


def _act(told: Told, found: Told) -> str:
    """What a revision did, in words; whether it withdraws was not always told, and is known of one that was read."""
    revision = told["revision"]
    if told.get("withdrawn") or found.get("status") == "withdrawn":
        return f"отзыв, версия {revision}"
    return "новый результат" if revision == 1 else f"исправление, версия {revision}"


def results_behind(items: Sequence[Told]) -> list[str]:
    """The results whose revisions `changes_of` can tell of, each once."""
    return list(dict.fromkeys(one["result"] for item in items[:SHOWN_CHANGES] for one in item["causes"][:SHOWN_CAUSES]))


def changes_of(items: Sequence[Told], revisions: Iterable[Told], procedures: Iterable[Told]) -> list[ScoreChange]:
    """The last told changes, the latest first, each cause joined with its revision and the procedure's name."""
    known = {(one["id"], one["revision"]): one for one in revisions}
    names = names_of(procedures)
    return [
        ScoreChange(
            id=item["id"],
            title=bound(item["title"]),
            at=item["created_at"],
            groups=item["changes"],
            causes=[_cause(one, known, names) for one in item["causes"][:SHOWN_CAUSES]],
            more=max(0, item.get("causes_count", 0) - len(item["causes"][:SHOWN_CAUSES])),
            rules=[bound(one["words"]) for one in item.get("rules", ())],
        )
        for item in items[:SHOWN_CHANGES]
    ]


def reported(explained: Told) -> tuple[int, int]:
    """How many procedures a score has data of, of how many that apply."""
    states = [one["state"] for group in explained["overall"].get("groups", ()) for one in group["procedures"]]
    return states.count("scored"), states.count("scored") + states.count("no_data")


def names_of(procedures: Iterable[Told]) -> dict[str, str]:
    """The name of each procedure by key."""
    return {one["key"]: one["name"] for one in procedures}


def indicators_of(procedures: Iterable[Told]) -> dict[tuple[str, str], str]:
    """The name of each indicator by procedure and key."""
    return {(one["key"], part["key"]): part["name"] for one in procedures for part in one["indicators"]}


def deadlines_of(activities: Iterable[Told]) -> list[Deadline]:
    """Every occurrence that waits for somebody, by its day; one that was missed hides no coming one."""
    waiting = [
        Deadline(one, each["end"], each["state"])
        for one in activities
        if one["state"] in WAITING
        for each in one["occurrences"]
        if each["state"] in WAITING
    ]
    return sorted(waiting, key=lambda one: (one.due, one.activity["roadmap"], _counted(one.activity["number"])))


def _counted(number: str) -> list[tuple[int, str]]:
    """A number of a road map by what it counts: `2` and `2.9` before `2.10` and `10`."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.findall(r"\d+|\D+", number)]


def roadmaps_of(deadlines: Sequence[Deadline], roadmaps: Iterable[Told]) -> dict[str, str]:
    """What the road maps of these are called, by id; nothing where all are of one: their numbers say enough there."""
    titles = {one["id"]: str(one["title"]) for one in roadmaps}
    found = {one.activity["roadmap"] for one in deadlines}
    return {one: titles.get(one, one) for one in found} if len(found) > 1 else {}


def advice_of(recommendations: Iterable[Told]) -> list[Told]:
    """Recommendations, those that wait for a decision first."""
    return sorted(recommendations, key=lambda one: OPEN_ADVICE.index(one["state"]))


def neighbours_of(rows: Sequence[Row], municipality: str, similar: Sequence[str]) -> list[Neighbour]:
    """The municipality among similar ones, by percent."""
    wanted = {municipality, *similar[:SIMILAR]}
    found = [row for row in rows if row.id in wanted]
    found.sort(key=lambda row: (-(row.percent if row.percent is not None else -1), row.name))
    return [Neighbour(row, row.id == municipality) for row in found]


def source_of(rating: Told, rows: Sequence[Row]) -> Source:
    """Whose numbers a rating shows."""
    return Source(rating.get("edition"), any(row.change is not None for row in rows))


def score_from_rows(told: Mapping[str, Told | None], municipality: str) -> dict[str, Any]:
    """The public's score: the rows of the four published ratings, in the shape of a score."""
    found = {group: _row(rating, municipality) for group, rating in told.items()}
    rest = {group: row for group, row in found.items() if group != "overall"}
    flags = (told.get("overall") or {}).get("flags", [])
    return {"overall": found.get("overall", {"state": "no_data"}), "groups": rest, "flags": flags}


def _row(rating: Told | None, municipality: str) -> dict[str, Any]:
    for one in (*rating["rows"], *rating["no_data"]) if rating else ():
        if one["municipality"]["id"] == municipality:
            return {"state": "scored", **one}
    return {"state": "no_data"}


def standing_lines(score: Told) -> list[tuple[str, str, Told]]:
    """The three groups of a score: key, title, standing."""
    return [(key, GROUPS.get(key, key), one) for key, one in score["groups"].items()]
