"""What a result is to be about: procedure, municipality or school, period; and what of that is not chosen yet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.portal.clients import Problem, WrongField
from services.portal.page import Visitor
from services.portal.show.entry import REMEDIES

UNCHOSEN = {
    "procedure": WrongField("/procedure", "required", "Не выбрана процедура."),
    "municipality": WrongField("/subject/municipality", "required", "Не выбран муниципалитет."),
    "period": WrongField("/period", "required", "Не назван период.", REMEDIES["unknown-period"]),
}
NO_PERIOD = WrongField("/period", "unknown-period", "Такого периода нет.", REMEDIES["unknown-period"])
# Whose results a procedure takes that is not for this visitor, in words.
OF_OTHERS = {
    "organization": "её результаты — о школах, и вносят их сами школы",
    "municipality": "её результаты — о муниципалитетах, школы их не вносят",
}
ANOTHER = "Выберите другую процедуру."
_PERIOD = re.compile(r"[0-9]{4}(-[0-9]{4})?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a result is to be about; `procedure` is empty where the catalogue holds no such for this visitor.

    `foreign` says why one that it holds is not for this visitor.
    """

    procedure: str
    municipality: str
    organization: str
    period: str
    foreign: str = ""

    @property
    def kind(self) -> str:
        """Of whom results are entered here, as the catalogue calls it."""
        return "organization" if self.organization else "municipality"

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
        """What is not chosen or cannot be, a wrong place each; None where all is well."""
        given = {
            "procedure": self.procedure,
            "municipality": self.municipality or self.organization,
            "period": self.period,
        }
        errors = [
            UNCHOSEN[name] for name, told in given.items() if not told and not (name == "procedure" and self.foreign)
        ]
        if self.period and not _PERIOD.fullmatch(self.period):
            errors.append(NO_PERIOD)
        title = "Не всё выбрано" if any(one.code == "required" for one in errors) else "Так результат не внести"
        errors = [*self._foreign, *errors]
        return Problem("incomplete-choice", title, "", tuple(errors)) if errors else None

    @property
    def refusal(self) -> Problem | None:
        """What is wrong with a choice that an address brings, before anything else is asked for."""
        return Problem("incomplete-choice", "Так результат не внести", "", self._foreign) if self.foreign else None

    @property
    def _foreign(self) -> tuple[WrongField, ...]:
        return (WrongField("/procedure", "wrong-subject", self.foreign, ANOTHER),) if self.foreign else ()

    def among(self, procedures: Sequence[Mapping[str, Any]]) -> "Chosen":
        """The choice without a procedure that is not among these, or not for results of this kind."""
        described = next((one for one in procedures if one["key"] == self.procedure), None)
        if described is None:
            return replace(self, procedure="")
        if self.takes(described):
            return self
        foreign = f"«{described['name']}»: {OF_OTHERS[described['subject']]}."
        return replace(self, procedure="", foreign=foreign)

    def takes(self, described: Mapping[str, Any]) -> bool:
        """Whether a procedure has results of this kind."""
        return described["subject"] in {self.kind, "either"}


def chosen_by(visitor: Visitor, procedure: str, municipality: str, period: str) -> Chosen:
    """The choice; whoever works for one municipality or school chooses no other."""
    own = visitor.actor.attributes
    if visitor.actor.role == "organization":
        return Chosen(procedure, "", own.get("organization", ""), period.strip())
    asked = period.strip()
    return Chosen(procedure, visitor.municipality or visitor.portal.region.named(municipality, asked), "", asked)
