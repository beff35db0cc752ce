"""What an edition names and the registers of the platform do not know: procedures, indicators, municipalities."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from services.scoring.domain.contradictions import Contradiction
from services.scoring.domain.methodology import Methodology, Procedure
from services.scoring.domain.names import Names
from services.scoring.domain.next_level.raising import raises, steppable
from services.scoring.domain.reported import ANYTHING, NO_LIMITS, WHOLE, Limits, Reported
from services.scoring.domain.rules import ZERO, Absolute
from services.scoring.domain.yaml_text import refused
from shared.kernel import FieldError, number_text

# Procedures with the names of their indicators by key; none where only the procedure's own name is known.
Catalogue = Mapping[str, Mapping[str, str]]
RANGE = "Сверьте правило с тем, что передают по каталогу (values показателя: unit и maximum)"
TYPO = "Сверьте ключ с каталогом процедур (/v1/procedures); результаты под другим ключом не оцениваются"


def uncatalogued(methodology: Methodology, catalogue: Catalogue, limits: Limits = NO_LIMITS) -> Iterator[Contradiction]:
    """What nobody can report: procedures and indicators under these keys, values that the most points take.

    Nothing where no catalogue is known yet.
    """
    for key, procedure in methodology.procedures.items() if catalogue else ():
        described = catalogue.get(key)
        if described is None:
            yield Contradiction("unknown-procedure", key, "такой процедуры нет в каталоге", TYPO)
            continue
        for indicator in procedure.keys if described else ():
            if indicator not in described:
                message = f"у процедуры нет такого показателя, есть: {', '.join(described)}"
                yield Contradiction("unknown-indicator", f"{key}/{indicator}", message, TYPO)
        yield from _beyond(procedure, limits.get(key, {}))


def _beyond(procedure: Procedure, limits: Mapping[str, Reported]) -> Iterator[Contradiction]:
    """The indicators of a procedure whose rules give their most for values that monitoring refuses."""
    for indicator in procedure.indicators:
        rule, reported = indicator.rule, limits.get(indicator.key)
        if reported is None or not steppable(rule):
            continue
        least, most = _most(rule, reported), _most(rule, ANYTHING)
        if least < most:
            whole = "целые " if reported.unit == WHOLE else ""
            message = (
                f"по каталогу передают {whole}значения от 0 до {number_text(reported.highest or ZERO)}: "
                f"больше {number_text(least)} из {number_text(most)} баллов не набрать"
            )
            yield Contradiction("value-not-reportable", f"{procedure.key}/{indicator.key}", message, RANGE)


def _most(rule: Absolute, reported: Reported) -> Fraction:
    """The most points that a rule gives for what can be reported: of the values that it names, or of 0."""
    return max([rule.points(ZERO), *(one.points for one in raises(rule, None, reported))])


def check_municipalities(document: Mapping[str, Any], names: Names) -> None:
    """Refused (`invalid-methodology`) where the applicability of a read edition names municipalities nobody knows.

    Where none is known yet, nothing is refused.
    """
    known = {one.id for one in names.every()}
    entries: Sequence[Mapping[str, Any]] = document.get("applicability") or ()
    errors = [
        _stranger(f"/applicability/{number}/municipalities/{place}", one, names.find(one, str(entry["period"])))
        for number, entry in enumerate(entries if known else ())
        for place, one in enumerate(entry["municipalities"])
        if one not in known
    ]
    if errors:
        raise refused(*errors)


def _stranger(pointer: str, text: str, meant: str | None) -> FieldError:
    if meant is not None:
        message = f"«{text}» — код ОКТМО, редакция называет муниципалитеты по id"
        return FieldError(pointer, "unknown-municipality", message, f"Напишите {meant}")
    remedy = "Назовите id из реестра муниципалитетов; о новом здесь узнают через мгновение после реестра"
    return FieldError(pointer, "unknown-municipality", f"муниципалитет «{text}» неизвестен", remedy)
