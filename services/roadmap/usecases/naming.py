"""Which municipality somebody means, and for which one somebody may speak."""

from datetime import date

from services.roadmap.domain import DatedName, Municipality
from services.roadmap.usecases.ports import Follows
from shared.kernel import FieldError, Refused
from shared.policy import Actor


class Naming:
    """Municipalities by id or OKTMO code, and their names."""

    def __init__(self, following: Follows) -> None:
        self._following = following

    async def municipality(self, text: str, day: date) -> Municipality:
        """The municipality that this id or code means on a day; Refused where nobody told of one."""
        found = await self._following.municipality(text, day)
        if found is None:
            message = f"Муниципалитет «{text[:100]}» неизвестен."
            wrong = FieldError("/municipality", "unknown-municipality", message, "Укажите id или код ОКТМО.")
            raise Refused("invalid-request", "Запрос не принят", message, errors=[wrong])
        return found

    async def side(self, text: str | None, actor: Actor, day: date) -> Municipality | None:
        """The municipality asked about: the named one, else a municipal reader's own, else none."""
        own = actor.attributes.get("municipality") if actor.role == "municipality" else None
        if text is not None:
            return await self.municipality(text, day)
        return await self._following.municipality(own, day) if own else None

    async def names(self, day: date, *ids: str | None) -> dict[str, DatedName]:
        """The names of these on a day, as far as they were told."""
        found = await self._following.named([one for one in ids if one is not None])
        return {key: one.on(day) for key, one in found.items()}


def account(actor: Actor) -> str:
    """Who it is, as kept with a step: role and account."""
    return f"{actor.role}:{actor.subject}"
