"""Reading editions: listed, one with its files, a file, the keys that manifests are verified with."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.scoring.domain.publication import OPEN_TO_ALL, Edition
from services.scoring.domain.publication import manifest as signed
from services.scoring.domain.publication.writing import File
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.naming import READ_UNPUBLISHED, Shown, seen_by, show_edition
from services.scoring.usecases.publication.papers import Papers, Publishing
from shared.policy import Actor, actor_may


class Looking:
    """What doors show of editions."""

    def __init__(self, store: Keeps, papers: Papers, publishing: Publishing) -> None:
        self._store = store
        self._papers = papers
        self._publishing = publishing

    async def page(
        self, actor: Actor, wanted: Mapping[str, str], *, region: str, place: Sequence[Any] | None, limit: int
    ) -> tuple[list[Shown], list[Any] | None]:
        """A page of a region's editions that the reader may know of (`wanted`: period, state), and where the next is"""
        within = {} if actor_may(actor, READ_UNPUBLISHED, {}) else {"state": {"$in": list(OPEN_TO_ALL)}}
        condition = {"$and": [dict(wanted), within]}
        found = await self._store.editions_of(condition, region=region, skip=place, limit=limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return [show_edition(one, reader=actor) for one in found[:limit]], [last.period, last.number] if last else None

    async def one(self, edition: str, actor: Actor) -> Shown:
        """One edition and its files; those of an unpublished one are made when they are asked for, without hashes."""
        found = await self._found(edition, actor)
        files = await self._store.files(edition) if found.public else []
        listed = [one | {"url": signed.url_of(edition, one["name"])} for one in files]
        return show_edition(found, reader=actor) | {"files": listed}

    async def file(self, edition: str, name: str, actor: Actor) -> tuple[Edition, File]:
        """One file of an edition, and the edition."""
        found = await self._found(edition, actor)
        return found, await self._papers.one(found, name)

    async def keys(self) -> list[Mapping[str, Any]]:
        """The public keys of all manifests, and the one that the next will be signed with (JWK)."""
        kept = {one["kid"]: one for one in await self._store.signing_keys()}
        signer = self._publishing.signer
        if signer is not None:
            present = signer.public()
            kept[present["kid"]] = dict(present)
        return [kept[kid] for kid in sorted(kept)]

    async def _found(self, edition: str, actor: Actor) -> Edition:
        return seen_by(await self._store.edition(edition), edition, actor)
