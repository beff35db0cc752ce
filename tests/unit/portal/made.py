"""Made-up answers of the services, in their shapes."""

from collections.abc import Callable
from typing import Any

import httpx

OWN, OTHER, EMPTY = "74-zlatoustovsky-go", "74-troitsky-mr", "74-troitsky-go"
AT = "2022-12-30T07:00:00+00:00"
LONG = "Златоустовский городской округ имени очень длинного наименования, которое не помещается ни в одну строку ГО"
SCORED = {
    "state": "scored",
    "points": "68",
    "maximum": "95",
    "share": "68/95",
    "percent": 72,
    "level": "above_average",
    "level_conflict": False,
    "rank": 1,
}


FLAG = {"procedure": "vpr", "code": "use-not-permitted", "act": "письмо № 9", "title": "ВПР"}
FLAGGED = "Учтены процедуры, которым оценка муниципалитетов не разрешена: ВПР (письмо № 9)."


def place(id_: str, name: str) -> dict[str, Any]:
    return {"id": id_, "name": name, "oktmo": "75712000"}


def row(id_: str, name: str, **other: Any) -> dict[str, Any]:
    told = {name_: value for name_, value in SCORED.items() if name_ != "state"}
    return told | {"municipality": place(id_, name), "change": None, "data_at": AT} | other


def rating(*, change: dict[str, int] | None = None, edition: str | None = None) -> dict[str, Any]:
    return {
        "period": "2022",
        "group": "overall",
        "methodology": "complex-analytics-2022",
        "edition": edition,
        "as_of": AT,
        "data_at": AT,
        "flags": [],
        "rows": [
            row(OWN, "Златоустовский ГО", change=change),
            row(OTHER, "Троицкий МР", rank=2, percent=25, level="low", points="23.5", level_conflict=True),
            row("74-uysky-mr", "Уйский МР", rank=2, percent=25, level="low", points="23.5"),
        ],
        "no_data": [{"municipality": place(EMPTY, "Троицкий ГО"), "state": "no_data", "reason": "нет результатов"}],
    }


PERIODS = {"items": [{"period": "2022", "public": True, "data_at": AT}], "next": None}
PROCEDURES = {
    "items": [
        {"key": "vpr", "name": "Всероссийские проверочные работы", "indicators": [{"key": "i1", "name": "Доля работ"}]},
        {"key": "project_500_plus", "name": "Проект «500+»", "indicators": []},
    ],
    "next": None,
}
SCORE = {"municipality": place(OWN, LONG), "period": "2022", "overall": SCORED, "groups": {"results": SCORED}}
EXPLAIN = {
    "municipality": place(OWN, LONG),
    "period": "2022",
    "edition": {"id": "complex-analytics-2022", "title": "Комплексный анализ", "act": "приказ № 3"},
    "as_of": AT,
    "data_at": AT,
    "methodology": "complex-analytics-2022",
    "overall": SCORED
    | {
        "notes": ["Общий максимум по методике — 95."],
        "groups": [
            SCORED
            | {
                "group": "results",
                "title": "Результаты",
                "procedures": [
                    SCORED
                    | {
                        "procedure": "vpr",
                        "title": "ВПР",
                        "assumed": True,
                        "notes": ["Баллы сверх максимума процедуры не засчитаны: 1."],
                        "indicators": [
                            {
                                "indicator": "i1",
                                "title": "Доля работ",
                                "value": None,
                                "rule": {"kind": "direct", "words": "баллы даны прямо"},
                                "points": None,
                                "maximum": "2",
                                "state": "no_data",
                            }
                        ],
                        "result": {
                            "id": "r1",
                            "revision": 2,
                            "source": "gis-education",
                            "occurred_at": AT,
                            "recorded_at": AT,
                            "reason": "ошибка переноса",
                            "submitted_by": {"role": "system", "id": "gis-education"},
                        },
                    },
                    {
                        "procedure": "project_500_plus",
                        "title": "Проект «500+»",
                        "state": "not_applicable",
                        "reason": "не участвовал",
                        "act": "приказ № 7",
                        "basis": "edition",
                        "assumed": True,
                        "indicators": [],
                        "result": None,
                    },
                ],
            }
        ],
    },
}
ITEM = {
    "id": f"{OWN}:2022:2",
    "kind": "score_changed",
    "municipality": place(OWN, "Златоустовский ГО"),
    "period": "2022",
    "title": "Златоустовский ГО: общая оценка за 2022 год — 72 % (было 78 %)",
    "body": "",
    "changes": [{"group": "overall", "before": SCORED | {"percent": 78}, "after": SCORED}],
    "causes": [{"result": "r1", "revision": 2, "procedure": "vpr"}],
    "causes_count": 3,
    "created_at": AT,
    "read_at": None,
}
RESULT = {
    "id": "r1",
    "revision": 2,
    "status": "corrected",
    "source": "gis-education",
    "submitted_by": "ministry",
    "reason": "ошибка переноса",
    "recorded_at": AT,
}
ADVICE = {
    "id": "a1",
    "state": "drafted",
    "text": "Разобрать причины снижения",
    "addressee": "МОУО",
    "basis": {"group": "results", "before": {"level": "high"}, "after": {"level": "above_average"}},
    "recovered": None,
    "created_at": AT,
}
ACTIVITY = {
    "id": "m1",
    "roadmap": "region-2022",
    "number": "2.1",
    "title": None,
    "deadline": {"phrase": "До 15.12.2022"},
    "state": "overdue",
    "due": "2022-12-15",
    "occurrences": [{"start": "2022-11-01", "end": "2022-12-15", "state": "overdue"}],
    "responsible": [],
}


def listed(*items: Any) -> dict[str, Any]:
    return {"items": list(items), "next": None, "unread": 0}


TREND = {
    "municipality": place(OWN, LONG), "group": "overall", "title": "Общая оценка", "breaks": [],
    "lines": [
        SCORED | {"period": "2022", "municipality": place(OWN, LONG), "basis": "own", "parts": [], "reason": None},
    ],
}  # fmt: skip


EVERYTHING: dict[str, Any] = {
    "/v1/periods": PERIODS,
    "/v1/ratings/2022": rating(),
    f"/v1/scores/{OWN}": SCORE,
    f"/v1/scores/{OWN}/explain": EXPLAIN,
    "/v1/trends": {"until": "2022", "territory": "as_was", "periods": ["2022"], "withheld": [], "series": [TREND]},
    "/v1/inbox": listed(ITEM),
    "/v1/results/r1/revisions": listed(RESULT),
    "/v1/procedures": PROCEDURES,
    "/v1/recommendations": listed(ADVICE),
    "/v1/activities": listed(ACTIVITY),
    "/v1/roadmaps": listed({"id": "region-2022", "title": "Карта 2022 года", "region": "74", "municipality": None}),
}


def answers(**other: Any) -> Callable[[httpx.Request], httpx.Response]:
    """Everything above, some paths replaced: a body, a status, or None for a service that is away."""
    told = EVERYTHING | {name.replace("__", "/"): value for name, value in other.items()}
    return from_table(told)


def from_table(told: dict[str, Any]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        found = told.get(request.url.path, 404)
        if callable(found):
            found = found(request)
        if found is None:
            raise httpx.ConnectError("away")
        if isinstance(found, int):
            problem = {"title": "Отказ", "detail": f"Отказано: {found}.", "code": "refused", "errors": []}
            return httpx.Response(found, json=problem)
        return httpx.Response(200, json=found)

    return answer
