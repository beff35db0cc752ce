"""The content of an edition: one canonical document of all ratings of a period, the same bytes from the same facts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from services.scoring.domain.card import Card
from services.scoring.domain.explain import score_view
from services.scoring.domain.facts import instant_text
from services.scoring.domain.league import League
from services.scoring.domain.methodology import OVERALL, Methodology, Statement
from services.scoring.domain.names import alphabetical
from services.scoring.domain.rating import ALL_EXEMPT, NO_RESULTS, rate

# 1 said of a group of which nothing applied that it had no results, 2 so of whoever had no result at all and, where the
# overall maximum is above the sum, of the overall table: an edition of that time is made again as it was.
# The tables of the first three were of all municipalities that were known, the overall one called otherwise than
# everywhere else; since 4 they are of one region, named. Until then who had no place in a procedure's table was listed
# with what was typed with the result, free text of anybody; since 5 with one phrase.
FORMAT = 5
APPLIED, REGIONAL, WORDLESS = 3, 4, 5
END = b"[]}"  # how a document ends whose last key in order is "ratings", an empty list
OVERALL_TITLE, EARLIER_TITLE = "Общая оценка", "Общий итог"
ROW = ("points", "maximum", "share", "percent", "level", "level_conflict")
Document = dict[str, Any]
Name = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Head:
    """What a content says of itself: which edition of which region and period, as of when, by which methodology."""

    edition: str
    period: str
    as_of: datetime
    methodology: str
    methodology_title: str
    methodology_sha256: str
    format: int = FORMAT
    region: str = ""

    @property
    def league(self) -> League:
        """Among whom it ranks."""
        return League(self.region, self.period)


Said = tuple[str, str, Statement]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a content was made of, kept beside it: results' revisions, names, flags of uses that were not permitted.

    Facts are never changed; with these, late records and renamed municipalities leave an edition as it was. `stated`
    is what the applicability acts said, by procedure and municipality; None in contents from before that was kept.
    """

    facts: tuple[str, ...]
    names: Mapping[str, Name]
    unborn: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[Mapping[str, Any], ...] = ()
    stated: tuple[Said, ...] | None = None

    def revision_of(self, result: str) -> int | None:
        """The revision of a result that it was made of; None where it was made without that result."""
        named = (one.rpartition(":") for one in self.facts)
        return next((int(revision) for whose, _, revision in named if whose == result), None)

    def bound(self, methodology: Methodology) -> Methodology:
        """The methodology with what the acts said then; as it is where that was not kept."""
        if self.stated is None:
            return methodology
        return methodology.stating({(procedure, whose): said for procedure, whose, said in self.stated})


@dataclass(frozen=True, slots=True)
class Scored:
    """The cards of a league, by which methodology, how the municipalities were called, since when each is as it is.

    `names` has every municipality: `{"id", "name", "oktmo"}`; `unborn` says of which that it was not there, and why.
    """

    cards: Sequence[Card]
    methodology: Methodology
    inputs: Inputs
    data_at: Mapping[str, str]


class Place(NamedTuple):
    """Where a municipality stands in one table of an edition."""

    rank: int
    percent: int


def canonical(document: Any) -> bytes:
    """The one way to write a document: keys in order, no spaces, UTF-8, no floats (as RFC 8785 has it)."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def make_content(head: Head, scored: Scored) -> bytes:
    """Every table of a league (overall, groups, procedures) as one canonical document.

    Written table by table: of a country's municipalities all of them at once would be a hundred megabytes of objects.
    """
    front = canonical(
        {
            "format": head.format,
            "edition": head.edition,
            "period": head.period,
            "as_of": instant_text(head.as_of),
            "data_at": max(scored.data_at.values(), default=None),
            "methodology": {
                "id": head.methodology,
                "title": head.methodology_title,
                "sha256": head.methodology_sha256,
            },
            "ratings": [],
        }
        | ({"of": {"region": head.region}} if head.format >= REGIONAL else {})
    )
    tables = b",".join(
        canonical(
            {"group": key, "kind": kind, "title": title, "flags": flagged(scored, key)}
            | _formatted(scored, key, kind, form=head.format)
        )
        for key, kind, title in _tables(scored.methodology)
    )
    return front.removesuffix(END) + b"[" + tables + b"]}"


def _formatted(scored: Scored, group: str, kind: str, *, form: int) -> Document:
    """The table as a format has it."""
    made, methodology = table(scored, group), scored.methodology
    if form < WORDLESS and kind == "procedure":
        _say_what_was_typed(made["no_data"], scored, group)
    if form < REGIONAL and kind == "overall":
        made |= {"title": EARLIER_TITLE}
    said: Document = {"reason": NO_RESULTS} if form == 1 and kind != "procedure" else {}
    if form < APPLIED and kind == "overall" and methodology.declared is not None:
        said = {"state": "no_data", "reason": NO_RESULTS} if methodology.declared > methodology.summed else said
    if not said:
        return made
    return made | {"no_data": [one | said if one["reason"] == ALL_EXEMPT else one for one in made["no_data"]]}


def _say_what_was_typed(absent: Sequence[Document], scored: Scored, procedure: str) -> None:
    """Give those to whom a procedure did not apply the reason typed with the result, as formats before the fifth."""
    placed = {card.municipality: card.procedures[procedure] for card in scored.cards}
    typed = {one: score.reason for one, score in placed.items() if score.basis == "result"}
    for one in absent:
        if one["state"] == "not_applicable":
            one["reason"] = typed.get(one["municipality"]["id"], one["reason"])


def table(scored: Scored, group: str, *, without: frozenset[str] = frozenset()) -> Document:
    """One table: ranked rows, and those without data with the reason."""
    names = scored.inputs.names
    sortable = {one: alphabetical(str(name["name"])) for one, name in names.items()}
    found = rate(
        scored.cards,
        group=group,
        names=sortable,
        methodology=scored.methodology,
        without=without,
        unborn=scored.inputs.unborn,
    )
    rows = []
    for row in found.rows:
        view = score_view(row.score, row.rank)
        head = {"rank": row.rank, "municipality": _named(row.municipality, names)}
        rows.append(head | {field: view[field] for field in ROW} | {"data_at": scored.data_at[row.municipality]})
    absent = [
        {"municipality": _named(one.municipality, names), "state": one.state, "reason": one.reason}
        for one in found.no_data
    ]
    return {"rows": rows, "no_data": absent}


def titled(table: Mapping[str, Any]) -> str:
    """What a table is called to people: the overall one as everywhere, whatever format the content has."""
    return OVERALL_TITLE if table["group"] == OVERALL else str(table["title"])


def flagged(scored: Scored, group: str) -> list[Mapping[str, Any]]:
    """The flags of the procedures that a table is made of."""
    counted = set(scored.methodology.counted(group))
    return [one for one in scored.inputs.flags if one["procedure"] in counted]


def places(table: Mapping[str, Any]) -> dict[str, Place]:
    """Where everybody stands in a table."""
    return {row["municipality"]["id"]: Place(row["rank"], row["percent"]) for row in table["rows"]}


def change(before: Place | None, rank: int, percent: int) -> dict[str, int] | None:
    """The change against an edition: now less then (a smaller rank is a better one); None where it had no place."""
    return None if before is None else {"rank": rank - before.rank, "percent": percent - before.percent}


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One place of a content that came out otherwise; None: it is not there at all."""

    where: str
    published: Any
    reproduced: Any


def otherwise(published: Any, reproduced: Any, where: str = "") -> Iterator[Otherwise]:
    """Every place where two documents differ, by JSON pointer."""
    if isinstance(published, Mapping) and isinstance(reproduced, Mapping):
        for key in sorted(published.keys() | reproduced.keys()):
            yield from otherwise(published.get(key), reproduced.get(key), f"{where}/{key}")
    elif isinstance(published, list) and isinstance(reproduced, list):
        for index in range(max(len(published), len(reproduced))):
            yield from otherwise(_item(published, index), _item(reproduced, index), f"{where}/{index}")
    elif published != reproduced:
        yield Otherwise(where, published, reproduced)


def _item(listed: Sequence[Any], index: int) -> Any:
    return listed[index] if index < len(listed) else None


def _named(municipality: str, names: Mapping[str, Name]) -> Name:
    return dict(names.get(municipality) or {"id": municipality, "name": municipality, "oktmo": None})


def _tables(methodology: Methodology) -> Iterator[tuple[str, str, str]]:
    yield OVERALL, "overall", OVERALL_TITLE
    for group in methodology.groups:
        yield group.key, "group", group.title
    for group in methodology.groups:
        for procedure in group.procedures:
            yield procedure.key, "procedure", procedure.title
