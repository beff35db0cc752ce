"""Parts of a methodology's document: groups, procedures, indicators, level bands, applicability."""

from collections.abc import Collection
from fractions import Fraction

from services.scoring.domain.methodology import (
    LEVELS,
    OVERALL,
    Bands,
    Exemption,
    Group,
    Indicator,
    Level,
    Procedure,
)
from services.scoring.domain.period import period_year
from services.scoring.domain.place import Place
from services.scoring.domain.rule_reading import read_rule
from shared.kernel import Refused

LAST_POINT = 100_000
LAST_PERCENT = 100
NOTHING = Fraction(1)


class Keys:
    """Keys that must differ: those of groups and procedures name tables, those of indicators name values."""

    def __init__(self, *reserved: str) -> None:
        self._seen = dict.fromkeys(reserved, "занят общей оценкой")

    def claim(self, place: Place) -> str:
        """The key at a place; a repeated or reserved one is noted."""
        key = place.key()
        if key in self._seen:
            place.wrong("duplicate-key", f"ключ «{key}» {self._seen[key]}", "Назовите иначе")
        elif key:
            self._seen[key] = f"уже стоит в {place.pointer}"
        return key


def read_groups(place: Place) -> tuple[Group, ...]:
    """The groups; what is wrong is noted at its place."""
    keys = Keys(OVERALL)
    return tuple(group for item in place.items() if (group := _group(item, keys)))


def _group(place: Place, keys: Keys) -> Group | None:
    if not place.fields("key", "title", "maximum", "points_levels", "procedures"):
        return None
    declared, bands = place.at("maximum"), place.at("points_levels")
    return Group(
        key=keys.claim(place.at("key")),
        title=place.at("title").text(),
        declared=None if declared.empty else declared.maximum(LAST_POINT),
        points_bands=None if bands.empty else read_bands(bands, LAST_POINT),
        procedures=tuple(procedure for item in place.at("procedures").items() if (procedure := _procedure(item, keys))),
    )


def _procedure(place: Place, keys: Keys) -> Procedure | None:
    if not place.fields("key", "code", "title", "maximum", "assumed", "indicators"):
        return None
    own = Keys()
    return Procedure(
        key=keys.claim(place.at("key")),
        code=place.at("code").whole(LAST_POINT) or 0,
        title=place.at("title").text(),
        maximum=place.at("maximum").maximum(LAST_POINT) or NOTHING,
        assumed=place.at("assumed").flag(),
        indicators=tuple(indicator for item in place.at("indicators").items() if (indicator := _indicator(item, own))),
    )


def _indicator(place: Place, keys: Keys) -> Indicator | None:
    if not place.fields("key", "maximum", "rule"):
        return None
    key, maximum = keys.claim(place.at("key")), place.at("maximum").maximum(LAST_POINT)
    rule = read_rule(place.at("rule"), maximum or NOTHING)
    return None if maximum is None or rule is None else Indicator(key, maximum, rule)


def read_bands(place: Place, last: int) -> Bands | None:
    """Level bands `level: [from, to]`, every level, ascending, not overlapping; bounds from 0 to `last`."""
    if not place.fields(*LEVELS):
        return None
    bounds: list[tuple[Level, int, int]] = []
    for level in LEVELS:
        band = place.at(level)
        ends = [end.whole(last) for end in band.items()]
        if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] > ends[1]:  # noqa: PLR2004 - two ends
            band.wrong("not-a-band", "полоса — это [от, до]", "Напишите два целых числа по возрастанию")
        elif bounds and ends[0] <= bounds[-1][2]:
            band.wrong("overlap", "полоса заходит на предыдущую", "Начните её после конца предыдущей")
        else:
            bounds.append((level, ends[0], ends[1]))
    return Bands(tuple(bounds))


def read_exemptions(place: Place, procedures: Collection[str]) -> tuple[Exemption, ...]:
    """Where procedures do not apply by default; an empty or absent list says nowhere."""
    if place.empty or place.value == []:
        return ()
    items = place.items()
    return tuple(entry for item in items if (entry := _exemption(item, procedures)))


def _exemption(place: Place, procedures: Collection[str]) -> Exemption | None:
    if not place.fields("procedure", "period", "municipalities", "reason", "act"):
        return None
    procedure = place.at("procedure")
    if procedure.key() and procedure.value not in procedures:
        procedure.wrong("unknown-procedure", f"процедуры «{procedure.value}» нет в группах", "Назовите её ключ")
    period = place.at("period")
    try:
        period_year(str(period.value))
    except Refused as refusal:
        period.wrong(refusal.code, refusal.detail, "Напишите период в кавычках")
    return Exemption(
        procedure=str(procedure.value),
        period=str(period.value),
        municipalities=frozenset(item.key() for item in place.at("municipalities").items()),
        reason=place.at("reason").text(),
        act=place.at("act").text(),
    )
