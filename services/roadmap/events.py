"""What road maps tell: recommendations drafted by the platform and issued by people."""

from typing import ClassVar

from shared.kernel import Event


class RecommendationState(Event):
    """A recommendation and the score revision it follows from; the text is named by its key."""

    TYPE: ClassVar[str] = ""
    recommendation: str
    municipality: str
    addressee: str
    score_revision: int
    text_key: str

    @property
    def key(self) -> str:
        return self.municipality


class RecommendationDrafted(RecommendationState):
    """The platform drafted a recommendation after a level fell."""

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.recommendation.drafted.v1"


class RecommendationIssued(RecommendationState):
    """A person issued a recommendation."""

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.recommendation.issued.v1"
