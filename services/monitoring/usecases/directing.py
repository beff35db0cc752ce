"""Keeping the directory: procedures and sources are described here, territory is heard from the registry."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.monitoring import domain
from services.monitoring.domain import (
    Candidate,
    Directory,
    Municipality,
    Organization,
    Procedure,
    Source,
    Submission,
)
from services.monitoring.usecases.ports import Catalogue
from shared.batch import Batch
from shared.kernel import Cause, FieldError, NotFound, Refused

Checked = Candidate | Refused


class Directing:
    """The directory of this process and its way to the store."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.directory = Directory()
        self._catalogue = catalogue

    async def load(self) -> None:
        """Read everything that is stored, or what is new since."""
        await self._catalogue.refresh(self.directory)

    async def follow(self) -> None:
        """Stay up to date with other processes until cancelled."""
        async for _ in self._catalogue.changes():
            await self.load()

    async def describe(self, wanted: Procedure, *, cause: Cause, expected: int | None = None) -> tuple[Procedure, bool]:
        """Set a procedure's description, over the `expected` revision; says whether it was new."""
        change = await self._catalogue.put_procedure(
            wanted.key,
            lambda current, held: domain.describe(current, wanted, expected=expected, held=held),
            stake=lambda current: domain.stake(current, wanted),
            cause=cause,
        )
        self.directory.learn(procedures=[change.state])
        return change.state, bool(change.events) and change.state.revision == 1

    async def register(self, wanted: Source, *, today: date, expected: int | None = None) -> tuple[Source, bool]:
        """The same of a source, whose procedures are there; its municipalities may be named by codes of today."""
        await self._check_procedures(wanted.procedures or ())
        if wanted.municipalities is not None:
            wanted = replace(wanted, municipalities=await self._ids_of(wanted.municipalities, today))
        source, new = await self._catalogue.put_source(
            wanted.key, lambda current: domain.register(current, wanted, expected=expected)
        )
        self.directory.learn(sources=[source])
        return source, new

    async def _check_procedures(self, named: Sequence[str]) -> None:
        if set(named) - self.directory.procedures.keys():
            await self._look_up(procedures=named)
        message, remedy = "Такой процедуры нет.", "Список: GET /v1/procedures."
        errors = [
            FieldError(f"/procedures/{number}", "unknown-procedure", message, remedy)
            for number, key in enumerate(named)
            if key not in self.directory.procedures
        ]
        if errors:
            raise Refused("invalid-source", "Описание источника не принято", message, errors=errors)

    async def _ids_of(self, named: Sequence[str], today: date) -> tuple[str, ...]:
        found = [(text, await self.municipality(text, today)) for text in named]
        message, remedy = "Такого муниципалитета в реестре нет.", "Укажите id или код ОКТМО."
        errors = [
            FieldError(f"/municipalities/{number}", "unknown-municipality", message, remedy)
            for number, (_, one) in enumerate(found)
            if one is None
        ]
        if errors:
            raise Refused("invalid-source", "Описание источника не принято", message, errors=errors)
        return tuple(one.id for _, one in found if one is not None)

    async def territory_told(
        self, batch: Batch[Any], municipalities: Sequence[Municipality], organizations: Sequence[Organization]
    ) -> None:
        """The registry told states of municipalities and organisations."""
        await self._catalogue.learn(batch, municipalities, organizations)
        self.directory.learn(municipalities=municipalities, organizations=organizations)

    async def procedure(self, key: str) -> Procedure:
        """One procedure; NotFound names the list."""
        if key not in self.directory.procedures:
            await self._look_up(procedures=[key])
        found = self.directory.procedures.get(key)
        if found is None:
            raise NotFound("procedure-not-found", "Такой процедуры нет", "Список процедур: GET /v1/procedures.")
        return found

    async def source(self, key: str) -> Source:
        """One source; NotFound names the list."""
        if key not in self.directory.sources:
            await self._look_up(sources=[key])
        found = self.directory.sources.get(key)
        if found is None:
            raise NotFound("source-not-found", "Такого источника нет", "Список источников: GET /v1/sources.")
        return found

    async def municipality(self, text: str, day: date) -> Municipality | None:
        """A municipality by id, or by a code as on a day."""
        if self.directory.bearer(text, day) is None:
            await self._look_up(municipalities=[text])
        return self.directory.bearer(text, day)

    async def know_sources(self, names: Collection[str], *, client: str | None) -> None:
        """Read afresh those of these sources that, as far as this process has heard, the client does not speak for."""
        doubtful = set(names) - set(self.directory.sources_of(client or ""))
        if client is not None and doubtful:
            await self._look_up(sources=sorted(doubtful))

    async def check_all(self, submissions: Sequence[tuple[Submission, str | None]], *, now: datetime) -> list[Checked]:
        """A candidate or a refusal for each; before refusing, what it names is read afresh."""
        checked = [self._check(submission, key, now) for submission, key in submissions]
        doubtful = [
            submission for (submission, _), outcome in zip(submissions, checked, strict=True) if _doubtful(outcome)
        ]
        if not doubtful:
            return checked
        await self._look_up(
            procedures=[one.procedure for one in doubtful if one.procedure],
            sources=[one.source for one in doubtful if one.source],
            municipalities=[one.municipality for one in doubtful if one.municipality],
            organizations=[one.organization for one in doubtful if one.organization],
        )
        return [
            self._check(submission, key, now) if _doubtful(outcome) else outcome
            for (submission, key), outcome in zip(submissions, checked, strict=True)
        ]

    def _check(self, submission: Submission, key: str | None, now: datetime) -> Checked:
        try:
            return domain.check(submission, self.directory, now=now, key=key)
        except Refused as refused:
            return refused

    async def _look_up(self, **names: Sequence[str]) -> None:
        asked = {"procedures": (), "sources": (), "municipalities": (), "organizations": (), **names}
        await self._catalogue.look_up(
            self.directory,
            procedures=set(asked["procedures"]),
            sources=set(asked["sources"]),
            municipalities=set(asked["municipalities"]),
            organizations=set(asked["organizations"]),
        )


def _doubtful(outcome: Checked) -> bool:
    """Whether it is, or may yet be, refused by what this process has heard so far."""
    return isinstance(outcome, Refused) or bool(outcome.lacking)
