"""The files of an edition: JSON, CSV of every table, the passport, a spreadsheet, a PDF, and the signed manifest."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.scoring.domain.methodology import OVERALL
from services.scoring.domain.permission import flag_words
from services.scoring.domain.publication import FROZEN, OPEN_TO_ALL, PUBLISHED, Edition, Packed, Tables
from services.scoring.domain.publication import manifest as signed
from services.scoring.domain.publication.edition import WORDS
from services.scoring.domain.publication.passport import Field, Issue, Publisher, passport
from services.scoring.domain.publication.writing import Content, File
from services.scoring.usecases.ports import Keeps, Signs
from services.scoring.usecases.publication.measures import making
from services.scoring.usecases.publication.published import Open, stage_of
from services.scoring.works.files import FILES, WANTED, Wanted, passport_files, write_paper, write_tables
from shared.aside import Who, aside
from shared.calendar import day_of
from shared.kernel import Conflict, NotFound

WRITERS = {"tables": write_tables, "paper": write_paper}


@dataclass(frozen=True, slots=True)
class Publishing:
    """What a platform publishes with: its signature (none: it cannot publish) and what it says of itself.

    `public_url` is the address at which people open the portal.
    """

    signer: Signs | None = None
    publisher: Publisher = field(default_factory=Publisher)
    public_url: str | None = None


class Papers:
    """Makes the files of an edition."""

    def __init__(self, store: Keeps, publishing: Publishing) -> None:
        self._store = store
        self._publishing = publishing

    async def made(self, edition: Edition, found: Open) -> tuple[File, ...]:
        """Every file of an edition that is being published, the manifest signed; Conflict where there is no key."""
        signer = self._publishing.signer
        if signer is None:
            detail = "Администратору: задайте RSOKO_SIGNING_KEY (или RSOKO_SIGNING_KEY_FILE) службе баллов."
            raise Conflict("publication-without-key", "Публикация на этой платформе не настроена", detail)
        wanted = Wanted(edition, found.body, await self._fields(edition, found.tables))
        files = [File(signed.CONTENT, signed.JSON_TYPE, found.body), *passport_files(wanted.fields)]
        for part in WRITERS:
            files += await _written(part, wanted, who="act")
        await self._store.keep_signing_key(signer.public(), edition.as_of)
        token = signer.sign(signed.manifest(edition, found.head, files))
        return (*files, File(signed.MANIFEST, signed.TEXT_TYPE, Packed.of(token.encode())))

    async def one(self, edition: Edition, name: str) -> File:
        """One file of an edition: as it was published, else made now; NotFound where there is none of this name."""
        if edition.state in OPEN_TO_ALL:
            found = await self._store.file(edition.id, name)
        else:
            found = await self._now(edition, name)
        if found is None:
            detail = f"«{name[:100]}»: имена файлов редакции — в поле files ответа {edition.url}."
            raise NotFound("file-not-found", "Такого файла у редакции нет", detail)
        return found

    async def _now(self, edition: Edition, name: str) -> File | None:
        """A file of what is not published: whoever may see the draft may take it along, unsigned."""
        if name in signed.OF_PUBLISHED:
            detail = f"Паспорт и перечень появляются при публикации, а эта редакция — {WORDS[edition.state]}."
            raise NotFound("file-not-found", "Такого файла у редакции ещё нет", detail)
        content = await self._content(edition)
        if name == signed.CONTENT:
            return File(name, signed.JSON_TYPE, content.body)
        part = "paper" if name == signed.PAPER else "tables"
        found = await _written(part, Wanted(edition, content.body), who="readers")
        return next((one for one in found if one.name == name), None)

    async def _content(self, edition: Edition) -> Content:
        content = await self._store.content(edition.id, stage_of(edition))
        if content is None:
            raise LookupError(f"an edition without its content: {edition.id} {FROZEN}")
        return content

    async def _fields(self, edition: Edition, tables: Tables) -> list[Field]:
        issued = edition.at(PUBLISHED) or edition.as_of
        condition = {"period": edition.period, "state": {"$in": list(OPEN_TO_ALL)}}
        earlier = await self._store.editions_of(condition, region=edition.region)
        first = min((at for one in earlier if (at := one.at(PUBLISHED))), default=issued)
        flags = [{**one, "title": tables[one["procedure"]]["title"]} for one in tables[OVERALL]["flags"]]
        issue = Issue(day_of(issued), day_of(first), flag_words(flags), self._publishing.public_url)
        return passport(edition, self._publishing.publisher, issue)


async def _written(part: str, wanted: Wanted, *, who: Who) -> Sequence[File]:
    with making(part):
        return FILES.validate_json(await aside(WRITERS[part], WANTED.dump_json([wanted]), who=who))
