"""What notification tells: deliveries that failed for good."""

from typing import ClassVar, Literal

from shared.kernel import Event


class DeliveryFailed(Event):
    """A delivery to a subscription was given up; `reason` is a stable code."""

    TYPE: ClassVar[str] = "ru.rsoko.notification.delivery.failed.v1"
    subscription: str
    channel: Literal["inbox", "stream", "email", "webhook"]
    reason: str

    @property
    def key(self) -> str:
        return self.subscription
