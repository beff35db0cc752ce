"""Whose score a freeze would change against the draft without an accepted objection: nobody could object to that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.methodology import OVERALL, Methodology
from services.scoring.domain.publication.announcing import standings_in
from services.scoring.domain.publication.objection import ACCEPTED, Objection, concerns
from services.scoring.domain.publication.reading import Tables
from services.scoring.events import Standing


@dataclass(frozen=True, slots=True)
class Difference:
    """A score in the draft and as it would be frozen; None: there was, or would be, none of it at all."""

    before: Standing | None
    after: Standing | None

    @property
    def own(self) -> bool:
        """Whether the score itself differs, and not only its place."""
        return _unranked(self.before) != _unranked(self.after)


@dataclass(frozen=True, slots=True)
class Unannounced:
    """A municipality whose score differs: overall, and in which procedures that no accepted objection is about."""

    municipality: str
    overall: Difference
    procedures: Mapping[str, Difference]


def unannounced(
    draft: Tables, fresh: Tables, objections: Sequence[Objection], methodology: Methodology
) -> list[Unannounced]:
    """The municipalities whose score in `fresh` differs from the draft's without an accepted objection, by id.

    Every table is a sum of procedures: where a score differs, that of a procedure does.
    """
    accepted = [one for one in objections if one.state == ACCEPTED]
    found: dict[str, dict[str, Difference]] = {}
    for procedure in (label.group for label in fresh.texts if label.kind == "procedure"):
        for municipality, difference in _differences(draft[procedure], fresh[procedure]):
            about = (one.complaint.about for one in accepted if one.municipality == municipality)
            if not any(concerns(one, procedure, methodology) for one in about):
                found.setdefault(municipality, {})[procedure] = difference
    before, after = standings_in(draft[OVERALL]), standings_in(fresh[OVERALL])
    return [Unannounced(one, Difference(before.get(one), after.get(one)), found[one]) for one in sorted(found)]


def _differences(draft: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[tuple[str, Difference]]:
    before, after = standings_in(draft), standings_in(fresh)
    for municipality in before.keys() | after.keys():
        difference = Difference(before.get(municipality), after.get(municipality))
        if difference.own:
            yield municipality, difference


def _unranked(standing: Standing | None) -> Standing | None:
    return None if standing is None else standing.model_copy(update={"rank": None})
