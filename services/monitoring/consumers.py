"""What monitoring hears: the registry's municipalities and organisations, and results told by other systems."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from services.monitoring.domain import Dated, Municipality, Organization
from services.monitoring.events import NotApplicable, Subject
from services.monitoring.usecases import REPORTED, Monitoring
from services.registry.events import (
    MunicipalityChanged,
    MunicipalityRegistered,
    MunicipalityState,
    OrganizationChanged,
    OrganizationRegistered,
    OrganizationState,
)
from shared.batch import Batch
from shared.broker import Listener, listen_to
from shared.kernel import Event

INTAKE = "monitoring.intake.v1"
TERRITORY = (MunicipalityRegistered, MunicipalityChanged, OrganizationRegistered, OrganizationChanged)


class ResultReported(Event):
    """Another system reports a result; told by it, read by our own acceptance, described here for its authors."""

    TYPE: ClassVar[str] = REPORTED
    procedure: str
    subject: Subject
    period: str
    values: dict[str, int | Decimal | str | None] | None = None
    not_applicable: NotApplicable | None = None
    occurred_at: datetime
    comment: str | None = None

    @property
    def key(self) -> str:
        return self.subject.municipality or ""

    @classmethod
    def topic(cls) -> str:
        """The topic of the intake, whose name follows the reader."""
        return INTAKE


HEARS = (*TERRITORY, ResultReported)


def listeners(uses: Monitoring) -> tuple[Listener, ...]:
    """The two groups of monitoring."""

    async def territory(batch: Batch[Any]) -> None:
        told = [heard.event for heard in batch.heard]
        municipalities = [_municipality(one) for one in told if isinstance(one, MunicipalityState)]
        organizations = [_organization(one) for one in told if isinstance(one, OrganizationState)]
        await uses.directing.territory_told(batch, municipalities, organizations)

    intake = Listener(
        group="monitoring.intake",
        readers={INTAKE: {REPORTED: uses.hearing.read}},
        handle=uses.hearing.intake,
        dlq=f"{INTAKE}.dlq",
        foreign=True,
    )
    return listen_to("monitoring", TERRITORY, territory), intake


def _municipality(state: MunicipalityState) -> Municipality:
    history = tuple(
        Dated(name=one.name, oktmo=one.oktmo, since=one.valid_from, until=one.valid_to) for one in state.history
    )
    return Municipality(id=state.id, revision=state.revision, history=history)


def _organization(state: OrganizationState) -> Organization:
    return Organization(
        id=state.id,
        revision=state.revision,
        municipality=state.municipality,
        since=state.valid_from,
        until=state.valid_to,
    )
