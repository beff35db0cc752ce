"""What one batch of heard events brought, in notification's own words."""

from dataclasses import dataclass

from services.notification.domain.advice import AdviceFact
from services.notification.domain.deadlines import PlanFact
from services.notification.domain.editions import EditionFact
from services.notification.domain.facts import NameFact, RatingFact, ScoreFact
from services.notification.domain.issued import IssuedFact
from services.notification.domain.schools import SchoolFact

Told = ScoreFact | RatingFact | AdviceFact | EditionFact | SchoolFact | IssuedFact


@dataclass(frozen=True, slots=True)
class Facts:
    """`told` is what people hear of, in the order in which it was heard; of recommendations that they were
    drafted, and issued.

    `advice` is every step of a recommendation, `plans` activities of road maps and what is left of them, `names` how
    municipalities and procedures are called now; those of organisations stand apart, because there may be tens of
    thousands.
    """

    told: tuple[Told, ...] = ()
    names: tuple[NameFact, ...] = ()
    advice: tuple[AdviceFact, ...] = ()
    organizations: tuple[NameFact, ...] = ()
    plans: tuple[PlanFact, ...] = ()
