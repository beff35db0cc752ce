"""Sources: where results come from, of which procedures and subjects each may report, and who speaks for it."""

from dataclasses import dataclass, replace

from services.monitoring.domain.procedure import About
from shared.kernel import Change, check_expected


@dataclass(frozen=True, slots=True)
class Source:
    """A registered system, or the way by which people enter results.

    `procedures`, `municipalities` (ids): None where it may report all; organisations are those of its municipalities.
    `people`: municipalities and schools may name it themselves.
    """

    key: str
    name: str
    procedures: tuple[str, ...] | None
    clients: tuple[str, ...] = ()
    municipalities: tuple[str, ...] | None = None
    subject: About = "either"
    people: bool = False
    revision: int = 1

    def may_report(self, procedure: str) -> bool:
        """Whether results of this procedure are taken from it."""
        return self.procedures is None or procedure in self.procedures

    def may_report_about(self, municipality: str | None, *, organization: bool) -> bool:
        """Whether results about this municipality, or about an organisation of it (None: the ministry's), are taken."""
        if self.subject not in {"organization" if organization else "municipality", "either"}:
            return False
        return self.municipalities is None or municipality in self.municipalities


def register(current: Source | None, wanted: Source, *, expected: int | None = None) -> Change[Source]:
    """Set a source's description; the same again changes nothing. Nobody else hears of sources.

    What is registered may be changed only over the `expected` revision: Stale, PreconditionRequired.
    """
    plain = replace(
        wanted,
        procedures=_plain(wanted.procedures),
        clients=_plain(wanted.clients) or (),
        municipalities=_plain(wanted.municipalities),
    )
    same = current is not None and replace(plain, revision=current.revision) == current
    held = current.revision if current else None
    check_expected(expected, held, read=f"/v1/sources/{wanted.key}", changes=not same)
    if current is None:
        return Change(replace(plain, revision=1))
    if same:
        return Change(current)
    return Change(replace(plain, revision=current.revision + 1))


def _plain(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(set(names)))
