"""The shapes of editions, objections, contents, passports, keys and reproductions."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict

from services.scoring.api.told.ratings import RatingAbsent
from services.scoring.api.told.scores import FlagInTable, NamedMunicipality, Reached
from shared.web import Exact, PageShape, Shape, left_out

State = Literal["draft", "frozen", "published", "superseded", "withdrawn"]


class ActAnswer(Shape):
    """The act by which an edition was published."""

    number: str
    date: date


class StepAnswer(Shape):
    """A change of state: to which, by which role, when, why.

    `account`: for those who read the journal of changes (ministry, operator).
    """

    state: State
    by: str
    at: datetime
    reason: str | None
    account: str = left_out()


class EditionState(Shape):
    """An edition of a period's rating; `sha256` is that of its canonical document."""

    id: str
    period: str
    region: str
    number: int
    title: str
    state: State
    revision: int
    reply_until: date
    replies_end: datetime
    as_of: datetime
    methodology: str
    sha256: str
    act: ActAnswer | None
    previous: str | None
    superseded_by: str | None
    history: list[StepAnswer]


class EditionPage(PageShape[EditionState]):
    """Editions, the latest period and number first."""


class FileAnswer(Shape):
    """One file of a published edition."""

    name: str
    media_type: str
    size: int
    sha256: str
    url: str


class EditionAnswer(EditionState):
    """An edition and the files that its manifest names; none while it is not published."""

    files: list[FileAnswer]


class ScoreStanding(Shape):
    """A score of a municipality in a table; all but the state are null unless it was scored."""

    state: Literal["scored", "no_data", "not_applicable", "did_not_exist"]
    points: Exact | None
    maximum: Exact | None
    share: Exact | None
    percent: int | None
    level: Reached
    rank: int | None


class ProcedureChange(Shape):
    """A procedure whose score differs from the draft; null: there is none at all."""

    procedure: str
    title: str
    before: ScoreStanding | None
    after: ScoreStanding | None


class MunicipalityChange(Shape):
    """A municipality whose score differs: overall, and in the procedures that no accepted objection is about."""

    municipality: NamedMunicipality
    before: ScoreStanding | None
    after: ScoreStanding | None
    procedures: list[ProcedureChange]


class ChangesAnswer(Shape):
    """What a freeze would change against the draft without an accepted objection, as of the instant of asking."""

    edition: str
    as_of: datetime
    items: list[MunicipalityChange]


class CorrectionAnswer(Shape):
    """What corrects what was objected to: a revision of a result, or an applicability act; the other is null."""

    result: str | None
    revision: int | None
    applicability: str | None


class ObjectionAnswer(Shape):
    """An objection and its answer; `settled`: declined, accepted and corrected, or closed with its edition.

    `closed_at`: when the edition was withdrawn with the objection unsettled; without an answer it is `closed` then.
    `raised_account`, `answered_account`: for those who read the journal of changes (ministry, operator).
    """

    id: str
    edition: str
    municipality: NamedMunicipality
    group: str | None
    procedure: str | None
    indicator: str | None
    text: str
    evidence: str
    state: Literal["open", "accepted", "declined", "closed"]
    settled: bool
    raised_at: datetime
    reason: str | None
    correction: CorrectionAnswer | None
    answered_by: str | None
    answered_at: datetime | None
    closed_at: datetime | None
    raised_account: str = left_out()
    answered_account: str = left_out()


class ObjectionPage(PageShape[ObjectionAnswer]):
    """The objections to an edition that the reader may see, in the order they came."""


class MethodologyNamed(Shape):
    """The methodology of an edition and the hash of its document."""

    id: str
    title: str
    sha256: str


class ContentRow(Shape):
    """A municipality's place in a table of an edition."""

    rank: int
    municipality: NamedMunicipality
    points: Exact
    maximum: Exact
    share: Exact
    percent: int
    level: Reached
    level_conflict: bool
    data_at: datetime


class ContentTable(Shape):
    """One table of an edition."""

    group: str
    kind: Literal["overall", "group", "procedure"]
    title: str
    flags: list[FlagInTable]
    rows: list[ContentRow]
    no_data: list[RatingAbsent]


class OfRegion(Shape):
    """Of which region's municipalities something is."""

    region: str


class ContentAnswer(Shape):
    """The canonical document of an edition: the same bytes whenever it is made of the same facts.

    `of` is missing before format 4: there all municipalities are ranked that were known.
    """

    format: int
    edition: str
    period: str
    as_of: datetime
    data_at: datetime
    methodology: MethodologyNamed
    of: OfRegion = left_out()
    ratings: list[ContentTable]


class PassportField(Shape):
    """A field of a passport: its Russian name and its value."""

    name: str
    value: str


class PassportAnswer(Shape):
    """The passport of the set, by the customary properties; `notpermitted` is missing where it was not told yet."""

    identifier: PassportField
    title: PassportField
    description: PassportField
    creator: PassportField
    publishername: PassportField
    publisherphone: PassportField
    publishermbox: PassportField
    link: PassportField
    format: PassportField
    structure: PassportField
    created: PassportField
    modified: PassportField
    provenance: PassportField
    valid: PassportField
    subject: PassportField
    version: PassportField
    structureversion: PassportField
    licence: PassportField
    act: PassportField
    methodology: PassportField
    notpermitted: PassportField = left_out()


class KeyAnswer(Shape):
    """A public key (JWK, EC P-256)."""

    model_config = ConfigDict(extra="allow")
    kty: str
    kid: str


class KeysAnswer(Shape):
    """A JSON Web Key Set."""

    keys: list[KeyAnswer]


class OtherwiseAnswer(Shape):
    """One place of a content that came out otherwise; null: it is not there at all."""

    where: str
    published: Any
    reproduced: Any


class ReproductionAnswer(Shape):
    """Whether the same bytes came out; `late` names revisions and acts that were heard of only after the freeze."""

    edition: str
    equal: bool
    published: str
    stored: str
    reproduced: str
    differences: list[OtherwiseAnswer]
    late: list[str]
