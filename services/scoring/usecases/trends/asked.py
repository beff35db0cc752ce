"""What a trend is asked for, and which of its years are shown otherwise than as they stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.scoring.domain.trends import Window

Reading = Literal["as_was", "as_is"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A year as it was published: in which edition, by which methodology, its tables by group or procedure.

    `states` are those of the procedures by municipality, as the tables say.
    """

    edition: str
    methodology: str
    tables: Mapping[str, Mapping[str, Any]]
    states: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose trend (None: of all of the region), by what (None: overall and its groups), up to when, of how many years.

    Years that the reader may not see are `withheld`; those of which only an edition is public are `published`.
    """

    window: Window
    region: str
    territory: Reading
    municipality: str | None = None
    group: str | None = None
    by: Literal["group", "procedure"] = "group"
    withheld: Collection[str] = ()
    published: Mapping[str, Shown] = field(default_factory=dict)

    @property
    def periods(self) -> list[str]:
        """The years shown."""
        return [period for period in self.window.periods if period not in self.withheld]
