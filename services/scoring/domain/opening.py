"""Whether the live rating of a region and period is open to everybody, and by which act."""

from dataclasses import dataclass, replace

from services.scoring.domain.league import League
from shared.kernel import check_expected


@dataclass(frozen=True, slots=True)
class Publication:
    """What the ministry has said of a region's period."""

    public: bool
    act: str
    revision: int = 1


def publish(league: League, stored: Publication | None, wanted: Publication, *, expected: int | None) -> Publication:
    """What is said now; the same again changes nothing, another word only over the `expected` revision."""
    held = stored.revision if stored else None
    after = replace(wanted, revision=held or 1)
    same = after == stored
    read = league.within(f"/v1/periods/{league.period}/publication")
    check_expected(expected, held, read=read, changes=not same)
    return after if same or held is None else replace(after, revision=held + 1)
