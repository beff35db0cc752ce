"""Made-up trends in the shape of scoring's answers."""

from typing import Any

from tests.unit.portal.made import LONG, OWN, SCORED, place

YEARS = ["2020", "2021", "2022"]
METHODOLOGY_BREAK = {
    "after": "2020", "before": "2021", "kind": "methodology", "from": "a", "to": "b",
    "words": "другая редакция методики: «a» → «b»",
}  # fmt: skip
REFORM = {
    "after": "2021", "before": "2022", "kind": "territory", "reform": "rename", "on": "2022-01-01",
    "from": [place(OWN, "Старое имя")], "to": [place(OWN, LONG)],
    "words": "01.01.2022 переименование: Старое имя → Новое",
}  # fmt: skip
WHY = {
    "no_data": "нет действующих результатов",
    "not_applicable": "не участвовал",
    "did_not_exist": "образован 01.01.2021",
}


def line(period: str, percent: int | None = None, *, state: str = "scored", **other: Any) -> dict[str, Any]:
    told = {"period": period, "municipality": place(OWN, LONG), "methodology": "a", "basis": "own", "parts": []}
    told["coverage"] = None
    if state != "scored":
        return {**told, "state": state, "reason": WHY[state], **other}
    level = "low" if (percent or 0) < 30 else "medium"
    score = {key: one for key, one in SCORED.items() if key != "level_conflict"}
    return {
        **told,
        **score,
        "points": str(percent),
        "maximum": "100",
        "percent": percent,
        "level": level,
        "reason": None,
        **other,
    }


def series(
    *lines: dict[str, Any], group: str = "overall", breaks: tuple[Any, ...] = (), **other: Any
) -> dict[str, Any]:
    told = {"municipality": place(OWN, LONG), "group": group, "title": "Название", "lines": list(lines)}
    return {**told, "breaks": list(breaks), **other}


def trend(
    *some: dict[str, Any], withheld: tuple[str, ...] = (), editions: dict[str, str] | None = None
) -> dict[str, Any]:
    periods = [one["period"] for one in some[0]["lines"]] if some else []
    return {
        "until": "2022", "territory": "as_was", "periods": periods, "withheld": list(withheld), "flags": [],
        "editions": editions or {}, "series": list(some),
    }  # fmt: skip


PLAIN = series(line("2020", state="no_data"), line("2021", 0), line("2022", 55), breaks=(METHODOLOGY_BREAK, REFORM))
