"""Reproducing: the content of an edition anew from the facts it was made of, compared byte for byte."""

from dataclasses import asdict
from typing import Any

from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.computing import Computing
from services.scoring.usecases.publication.published import edition_unknown, stage_of
from services.scoring.usecases.state import State
from services.scoring.works.contents import NAMED
from shared.telemetry import log


class Reproducing:
    """Recomputes editions."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._computing = Computing(store, state)

    async def reproduce(self, edition: str) -> dict[str, Any]:
        """Whether the same bytes come out of the same facts; else the places that differ, the first 100 by name.

        `late` are revisions and acts that were recorded by the edition's instant, but heard of only after it was
        frozen: they are no part of it, and count in the next one.
        """
        found = await self._store.edition(edition)
        content = await self._store.content(edition, stage_of(found)) if found else None
        if found is None or content is None:
            raise edition_unknown(edition)
        made = await self._computing.again(content, found)
        equal = made.reproduced == made.stored == found.sha256
        log.info("scoring.edition-reproduced", edition=edition, equal=equal, late=len(made.late))
        return {
            "edition": edition,
            "equal": equal,
            "published": found.sha256,
            "stored": made.stored,
            "reproduced": made.reproduced,
            "differences": [asdict(one) for one in made.differences],
            "late": made.late[:NAMED],
        }
