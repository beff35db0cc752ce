"""What the doors of webhooks take."""

from datetime import datetime
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.notification.usecases.webhooks import REPLAY_MOST
from shared.web.moments import Moment

Kind = Literal[
    "score_changed",
    "rating_changed",
    "recommendation_drafted",
    "recommendation_issued",
    "edition_drafted",
    "edition_frozen",
    "edition_published",
    "edition_withdrawn",
    "objection_raised",
    "objection_answered",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
WEEK_HOURS = 168


class Body(BaseModel):
    """A body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class WebhookBody(Body):
    """What somebody asks for."""

    url: str = Field(min_length=1, max_length=2000, description="адрес приёмника, https://…")
    kinds: list[Kind] | None = Field(
        default=None,
        min_length=1,
        max_length=len(KINDS),
        description="виды событий, как в /v1/stream, из открытых вам; null — все открытые вам",
    )
    municipality: str | None = Field(
        default=None, max_length=100, description="id или код ОКТМО; null — изменения всех, кого видно"
    )


class StateBody(Body):
    """Whether messages are sent."""

    state: Literal["active", "paused"] = Field(description="paused: события копятся, пока хранятся (7 дней)")


class RotateBody(Body):
    """How long the present secret signs beside the new one."""

    overlap_hours: int = Field(
        default=24, ge=0, le=WEEK_HOURS, description="сколько часов подписывать и прежним секретом; 0: он утёк"
    )


class ReplayBody(Body):
    """From where to deliver again."""

    from_: int | None = Field(default=None, alias="from", ge=1, le=10**15, description="номер события")
    since: Moment | None = Field(default=None, description="не раньше этого момента")
    limit: int = Field(default=REPLAY_MOST, ge=1, le=REPLAY_MOST, description="сколько событий просмотреть за раз")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.from_ is None) == (self.since is None):
            raise ValueError("Назовите одно из двух: from или since.")
        return self

    @property
    def begin(self) -> int | datetime:
        """The number or the moment, whichever was named."""
        return self.from_ or self.since or 0
