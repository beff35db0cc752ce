"""What scoring tells of editions of a rating: steps of the whole, scores of municipalities in it, objections."""

from datetime import date, datetime
from typing import ClassVar, Literal

from services.scoring.events.scores import LeagueTold, Part, Standing
from shared.kernel import Event


class EditionCounts(Part):
    """What a step of an edition comes to: of how many municipalities, how many have a place, whose place is another.

    `moved`: against the edition published before; null where there was none. `objections`: those raised so far, of a
    withdrawal those that it closed.
    """

    total: int
    placed: int
    moved: int | None = None
    objections: int = 0


class _EditionTold(LeagueTold):
    """What every event about an edition of a period's rating names; the whole is at `url`."""

    TYPE: ClassVar[str] = ""
    edition: str
    number: int
    url: str
    counts: EditionCounts | None = None


class EditionDrafted(_EditionTold):
    """A draft of a rating went to the municipalities, who may object until the end of `reply_until`."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.edition.drafted.v1"
    reply_until: date
    as_of: datetime
    methodology: str


class EditionFrozen(_EditionTold):
    """The content of an edition was fixed, as of an instant; `sha256` is that of its canonical document."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.edition.frozen.v1"
    as_of: datetime
    methodology: str
    sha256: str


class EditionPublished(_EditionTold):
    """An edition was published by an act; `previous` is the edition that it supersedes."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.edition.published.v1"
    act_number: str
    act_date: date
    as_of: datetime
    methodology: str
    sha256: str
    previous: str | None = None


class EditionWithdrawn(_EditionTold):
    """An edition that was not published yet was taken back."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.edition.withdrawn.v1"


class _ObjectionTold(Event):
    """What every event about an objection names; the texts of people are at `url`, for those who may read them."""

    TYPE: ClassVar[str] = ""
    objection: str
    edition: str
    period: str
    municipality: str
    url: str

    @property
    def key(self) -> str:
        return self.municipality


class ObjectionRaised(_ObjectionTold):
    """A municipality objected to a score of its own in a draft."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.objection.raised.v1"
    group: str | None = None
    procedure: str | None = None
    indicator: str | None = None


class ObjectionAnswered(_ObjectionTold):
    """An objection was declined, or accepted: with the result's revision or the applicability act that corrects it."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.objection.answered.v1"
    decision: Literal["accepted", "declined"]
    result: str | None = None
    revision: int | None = None
    applicability: str | None = None


class _ScoreAnnounced(Event):
    """One municipality's overall score in an edition, beside that of the edition published before it.

    `whole`: the step is told as a whole, too, with counts; an earlier version told it to each municipality only.
    """

    TYPE: ClassVar[str] = ""
    municipality: str
    edition: str
    period: str
    number: int
    url: str
    before: Standing | None = None
    after: Standing
    whole: bool = False

    @property
    def key(self) -> str:
        return self.municipality


class ScoreDrafted(_ScoreAnnounced):
    """A municipality's score stands in a draft, to which it may object until the end of `reply_until`."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.score.drafted.v1"
    reply_until: date


class ScorePublished(_ScoreAnnounced):
    """A municipality's score was published by an act."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.score.published.v1"
    act_number: str
    act_date: date


class ScoreWithdrawn(_ScoreAnnounced):
    """A municipality's score stands in a draft no more: it was taken back; its `objections` left open were closed."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.score.withdrawn.v1"
    objections: int = 0
