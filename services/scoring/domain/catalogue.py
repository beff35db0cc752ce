"""What an edition names and the registers of the platform do not know: procedures, indicators, municipalities."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.scoring.domain.contradictions import Contradiction
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.names import Names
from services.scoring.domain.yaml_text import refused
from shared.kernel import FieldError

# Procedures with the names of their indicators by key; none where only the procedure's own name is known.
Catalogue = Mapping[str, Mapping[str, str]]
TYPO = "Сверьте ключ с каталогом процедур (/v1/procedures); результаты под другим ключом не оцениваются"


def uncatalogued(methodology: Methodology, catalogue: Catalogue) -> Iterator[Contradiction]:
    """Procedures and indicators that nobody can report under these keys; nothing where no catalogue is known yet."""
    for key, procedure in methodology.procedures.items() if catalogue else ():
        described = catalogue.get(key)
        if described is None:
            yield Contradiction("unknown-procedure", key, "такой процедуры нет в каталоге", TYPO)
            continue
        for indicator in procedure.keys if described else ():
            if indicator not in described:
                message = f"у процедуры нет такого показателя, есть: {', '.join(described)}"
                yield Contradiction("unknown-indicator", f"{key}/{indicator}", message, TYPO)


def check_municipalities(document: Mapping[str, Any], names: Names) -> None:
    """Refused (`invalid-methodology`) where the applicability of a read edition names municipalities nobody knows.

    Where none is known yet, nothing is refused.
    """
    known = set(names.ids())
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
