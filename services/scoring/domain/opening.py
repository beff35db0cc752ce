"""Whether a period's live rating is open to everybody, and by which act."""

from dataclasses import dataclass, replace

from shared.kernel import check_expected


@dataclass(frozen=True, slots=True)
class Publication:
    """What the ministry has said of a period."""

    public: bool
    act: str
    revision: int = 1


def publish(period: str, stored: Publication | None, wanted: Publication, *, expected: int | None) -> Publication:
    """What is said now; the same again changes nothing, another word only over the `expected` revision."""
    held = stored.revision if stored else None
    after = replace(wanted, revision=held or 1)
    same = after == stored
    check_expected(expected, held, read=f"/v1/periods/{period}/publication", changes=not same)
    return after if same or held is None else replace(after, revision=held + 1)
