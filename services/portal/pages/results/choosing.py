"""What a result is to be about: procedure, municipality or school, period; and what of that is not chosen yet."""

from dataclasses import dataclass

from services.portal.clients import Problem, WrongField
from services.portal.page import Visitor
from services.portal.show.entry import REMEDIES

UNCHOSEN = {
    "procedure": WrongField("/procedure", "required", "Не выбрана процедура."),
    "municipality": WrongField("/subject/municipality", "required", "Не выбран муниципалитет."),
    "period": WrongField("/period", "required", "Не назван период.", REMEDIES["unknown-period"]),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a result is to be about; `procedure` is empty where the catalogue holds no such."""

    procedure: str
    municipality: str
    organization: str
    period: str

    @property
    def subject(self) -> dict[str, str]:
        """The subject as the services take it."""
        if self.organization:
            return {"organization": self.organization}
        return {"municipality": self.municipality}

    @property
    def complete(self) -> bool:
        """Whether the indicators can be asked for."""
        return self.problem is None

    @property
    def problem(self) -> Problem | None:
        """What is not chosen, a wrong place each; None where all is."""
        given = {
            "procedure": self.procedure,
            "municipality": self.municipality or self.organization,
            "period": self.period,
        }
        errors = tuple(UNCHOSEN[name] for name, told in given.items() if not told)
        return Problem("incomplete-choice", "Не всё выбрано", "", errors) if errors else None


def chosen_by(visitor: Visitor, procedure: str, municipality: str, period: str) -> Chosen:
    """The choice; whoever works for one municipality or school chooses no other."""
    own = visitor.actor.attributes
    if visitor.actor.role == "organization":
        return Chosen(procedure, "", own.get("organization", ""), period.strip())
    asked = period.strip()
    return Chosen(procedure, visitor.municipality or visitor.portal.region.named(municipality, asked), "", asked)
