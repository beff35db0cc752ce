"""Permitted uses: which procedures of a rating may not be used for scoring municipalities, by which act, since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.scoring.domain.facts import instant_text
from services.scoring.domain.methodology import Methodology

SCORING = "municipality_scoring"
NOT_PERMITTED = "use-not-permitted"


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a procedure may be used for, by which act; `since` when that was recorded (sortable), None: always."""

    uses: frozenset[str]
    act: str | None = None
    since: str | None = None

    def document(self) -> dict[str, Any]:
        """The same as plain data."""
        return {"uses": sorted(self.uses), "act": self.act, "since": self.since}


def permitted_from(procedure: Mapping[str, Any]) -> tuple[Permitted, ...]:
    """What a stored procedure was permitted for, oldest first.

    One that was stored before times were kept has been as it is always; one known by its name alone says nothing.
    """
    kept = procedure.get("permitted")
    if kept is not None:
        return tuple(Permitted(frozenset(one["uses"]), one["act"], one["since"]) for one in kept)
    uses = procedure.get("permitted_uses")
    return () if uses is None else (Permitted(frozenset(uses), procedure.get("act")),)


def remembering(told: Mapping[str, Any], before: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """A described procedure as it is to be stored: what it was permitted for before stays known.

    What is not newer changes nothing, unless the stored one lacks what is kept by now (it was kept by name alone).
    """
    if before is not None and before["revision"] >= told["revision"] and "permitted_uses" in before:
        return before
    known = permitted_from(before or {})
    for now in permitted_from(told):
        if not known or (known[-1].uses, known[-1].act) != (now.uses, now.act):
            known = (*known, replace(now, since=told.get("described_at")))
    return {**told, "permitted": [one.document() for one in known]}


def flags(
    procedures: Iterable[str], permitted: Mapping[str, tuple[Permitted, ...]], at: datetime | None = None
) -> list[dict[str, Any]]:
    """A flag for each of these procedures that is scored without permission, in their order; as known `at` an instant.

    Where nothing was told of a procedure by then, nothing is flagged.
    """
    until = None if at is None else instant_text(at)
    told = ((key, _known(permitted.get(key, ()), until)) for key in procedures)
    return [
        {"procedure": key, "code": NOT_PERMITTED, "act": found.act}
        for key, found in told
        if found is not None and SCORING not in found.uses
    ]


def titled(flagged: Iterable[Mapping[str, Any]], methodology: Methodology) -> list[dict[str, Any]]:
    """Flags with what the edition calls each procedure."""
    procedures = methodology.procedures
    return [
        {**one, "title": procedures[one["procedure"]].title if one["procedure"] in procedures else one["procedure"]}
        for one in flagged
    ]


def flag_words(flagged: Sequence[Mapping[str, Any]]) -> str:
    """Titled flags as one sentence for people; nothing where nothing is flagged."""
    named = [one["title"] + (f" ({one['act']})" if one["act"] else "") for one in flagged]
    return f"Учтены процедуры, которым оценка муниципалитетов не разрешена: {'; '.join(named)}." if named else ""


def _known(history: tuple[Permitted, ...], until: str | None) -> Permitted | None:
    """The last of a history that was recorded by an instant."""
    then = [one for one in history if until is None or one.since is None or one.since <= until]
    return then[-1] if then else None
