"""The format of a threshold set: a document (YAML or JSON) becomes `Thresholds`, or every error is named by line."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from services.scoring.domain.edition import storable
from services.scoring.domain.edition_parts import Keys
from services.scoring.domain.place import Place
from services.scoring.domain.schools.sheet import MEASURES
from services.scoring.domain.schools.thresholds import (
    BELOW,
    Comparison,
    Criterion,
    Limit,
    Limits,
    Needs,
    SignParameters,
    Thresholds,
)
from services.scoring.domain.yaml_text import read_yaml
from shared.kernel import FieldError, Refused

SET = "set"
MOST = 100_000
YEARS = 3
LAST_YEAR = 2999
ONE = Fraction(1)
NO_NEEDS = Needs(1, ONE)
_FIELDS = ("id", "title", "assumed", "in_force", "minimum_participants", "criteria", "set", "three_years", "signs")
_COMPARISONS: tuple[Comparison, ...] = ("at_least", "at_most")


def read_thresholds(document: Any, lines: Mapping[str, int] | None = None, *, new: bool = False) -> Thresholds:
    """The set that a plain document describes; Refused (`invalid-thresholds`) with every wrong place.

    A `new` one is held to what was not asked of those that are stored.
    """
    errors: list[FieldError] = []
    root = Place(document, "", lines or {}, errors)
    found = _read(root) if root.fields(*_FIELDS) else None
    if new and found is not None:
        _apart(root.at("signs").at("spike").at("boundaries"), found.signs.boundaries)
    if errors or found is None:
        raise _refused(errors)
    return found


def thresholds_from_yaml(text: str) -> tuple[Thresholds, dict[str, Any]]:
    """A set and its plain document (for the store) from YAML; refused as `read_thresholds`."""
    try:
        parsed = read_yaml(text)
    except Refused as broken:
        raise _refused(list(broken.errors)) from None
    return read_thresholds(parsed.data, parsed.lines, new=True), storable(parsed.data)


def _refused(errors: list[FieldError]) -> Refused:
    return Refused("invalid-thresholds", "Набор порогов не принят", f"Ошибок: {len(errors)}", errors=errors)


def _read(root: Place) -> Thresholds:
    first, last = _in_force(root.at("in_force"))
    keys = Keys(SET)
    criteria = tuple(one for item in root.at("criteria").items() if (one := _criterion(item, keys)))
    together, years = root.at("set"), root.at("three_years")
    together.fields("low", "strong")
    years.fields("low", "strong")
    return Thresholds(
        id=root.at("id").key(),
        title=root.at("title").text(),
        assumed=root.at("assumed").flag(),
        first=first,
        last=last,
        minimum=_count(root.at("minimum_participants"), MOST),
        criteria=criteria,
        together_low=_count(together.at("low"), max(len(criteria), 1)),
        together_strong=_count(together.at("strong"), max(len(criteria), 1)),
        years_low=_count(years.at("low"), YEARS, least=2),
        years_strong=_count(years.at("strong"), YEARS, least=2),
        signs=_signs(root.at("signs")),
    )


def _in_force(place: Place) -> tuple[int, int | None]:
    """The first and last year; without `to` the set stays in force."""
    place.fields("from", "to")
    first, to = place.at("from").whole(LAST_YEAR) or 0, place.at("to")
    last = None if to.empty else to.whole(LAST_YEAR)
    if last is not None and last < first:
        to.wrong("empty-range", "набор кончил бы действовать раньше, чем начал", "Поменяйте годы местами")
    return first, last


def _criterion(place: Place, keys: Keys) -> Criterion | None:
    if not place.fields("key", "title", "subject", "results", "needed"):
        return None
    own = Keys()
    limits = tuple(one for item in place.at("results").items() if (one := _limits(item, own)))
    needed = place.at("needed")
    return Criterion(
        key=keys.claim(place.at("key")),
        title=place.at("title").text(),
        subject=place.at("subject").key(),
        limits=limits,
        needed=1 if needed.empty else _count(needed, max(len(limits), 1)),
    )


def _limits(place: Place, keys: Keys) -> Limits | None:
    if not place.fields("procedure", "low", "strong"):
        return None
    procedure, low, strong = keys.claim(place.at("procedure")), _limit(place.at("low")), place.at("strong")
    found = None if strong.empty else _limit(strong)
    if low is not None and found is not None and _overlap(low, found):
        strong.wrong("limits-overlap", "один результат был бы и низким, и высоким", "Разведите пороги low и strong")
    return None if low is None else Limits(procedure, low, found)


def _overlap(low: Limit, strong: Limit) -> bool:
    """Whether some share of the same measure meets both."""
    if low.measure != strong.measure:
        return False
    if low.comparison == strong.comparison:
        return True
    above, below = (low, strong) if low.comparison == "at_least" else (strong, low)
    return above.bound <= below.bound


def _limit(place: Place) -> Limit | None:
    if not place.fields("measure", *_COMPARISONS):
        return None
    measure = next((one for one in MEASURES if one == place.at("measure").value), None)
    if measure is None:
        place.at("measure").wrong("not-allowed", "такой меры нет", f"Можно: {', '.join(MEASURES)}")
    named = [one for one in _COMPARISONS if not place.at(one).empty]
    if len(named) != 1:
        place.wrong("one-comparison", "нужно либо at_least, либо at_most", "Оставьте одно из них")
        return None
    bound = _share(place.at(named[0]))
    return None if measure is None or bound is None else Limit(measure, named[0], bound)


def _share(place: Place) -> Fraction | None:
    """A share above 0, at most 1."""
    share = place.positive()
    if share is not None and share > 1:
        place.wrong("out-of-range", "доля больше 1", "Доли пишутся от 0 до 1, например 0.3")
        return None
    return share


def _count(place: Place, last: int, *, least: int = 1) -> int:
    """A whole number from `least` to `last`."""
    found = place.whole(last)
    if found is not None and found < least:
        place.wrong("out-of-range", f"здесь нужно целое от {least} до {last}", "Исправьте число")
    return found or least


def _signs(place: Place) -> SignParameters:
    place.fields("fdr", "spike", "marks", "jump", "medals")
    spike, marks, medals = place.at("spike"), place.at("marks"), place.at("medals")
    return SignParameters(
        fdr=_share(place.at("fdr")) or ONE,
        spike=_needs(spike, "boundaries"),
        marks=_needs(marks, "pairs"),
        jump=_needs(place.at("jump")),
        medals=_needs(medals, "procedure"),
        boundaries={} if spike.at("boundaries").empty else _boundaries(spike.at("boundaries")),
        pairs=() if marks.at("pairs").empty else tuple(_pair(item) for item in marks.at("pairs").items()),
        medallists=None if medals.at("procedure").empty else medals.at("procedure").key(),
    )


def _needs(place: Place, *more: str) -> Needs:
    if not place.fields("minimum", "effect", *more):
        return NO_NEEDS
    return Needs(_count(place.at("minimum"), MOST), _share(place.at("effect")) or ONE)


def _boundaries(place: Place) -> dict[str, tuple[int, ...]]:
    """Ascending primary scores by procedure; each leaves room for the two scores below it."""
    if not isinstance(place.value, Mapping) or not place.value:
        place.wrong("not-a-mapping", "здесь нужны процедуры с границами отметок", "Вид: oge_russian: [15, 23, 29]")
        return {}
    found = {}
    for procedure in place.value:
        scores = [_count(item, MOST, least=2) for item in place.at(str(procedure)).items()]
        if scores != sorted(set(scores)):
            place.at(str(procedure)).wrong("not-ascending", "границы не по возрастанию", "Перечислите их по порядку")
        found[str(procedure)] = tuple(scores)
    return found


def _apart(place: Place, boundaries: Mapping[str, tuple[int, ...]]) -> None:
    """Each boundary leaves the two scores below it to itself."""
    least = BELOW + 1
    for procedure, scores in boundaries.items():
        for number, (one, following) in enumerate(pairwise(scores), start=1):
            if 0 < following - one < least:
                told = f"от границы {one} до границы {following} меньше {least} баллов: работы считались бы дважды"
                remedy = f"Разведите границы не меньше чем на {least} балла или оставьте одну из двух"
                place.at(procedure).at(number).wrong("too-near", told, remedy)


def _pair(place: Place) -> tuple[str, str]:
    place.fields("external", "school")
    return place.at("external").key(), place.at("school").key()
