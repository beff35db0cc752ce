"""Which municipality somebody means, and for which one somebody may speak."""

from services.roadmap.domain import Municipality
from services.roadmap.usecases.ports import Follows
from shared.kernel import FieldError, Refused
from shared.policy import Actor


class Naming:
    """Municipalities by id or OKTMO code, and their names."""

    def __init__(self, following: Follows) -> None:
        self._following = following

    async def municipality(self, text: str) -> Municipality:
        """The municipality of this id or code; Refused where nobody told of one."""
        found = await self._following.municipality(text)
        if found is None:
            message = f"Муниципалитет «{text[:100]}» неизвестен."
            wrong = FieldError("/municipality", "unknown-municipality", message, "Укажите id или код ОКТМО.")
            raise Refused("invalid-request", "Запрос не принят", message, errors=[wrong])
        return found

    async def side(self, text: str | None, actor: Actor) -> Municipality | None:
        """The municipality asked about: the named one, else a municipal reader's own, else none."""
        own = actor.attributes.get("municipality") if actor.role == "municipality" else None
        if text is not None:
            return await self.municipality(text)
        return await self._following.municipality(own) if own else None

    async def names(self, *ids: str | None) -> dict[str, Municipality]:
        """The names of these, as far as they were told."""
        return await self._following.named([one for one in ids if one is not None])


def account(actor: Actor) -> str:
    """Who it is, as kept with a step: role and account."""
    return f"{actor.role}:{actor.subject}"
