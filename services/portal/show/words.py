"""Russian words of what the services tell by code."""

import re
from collections.abc import Mapping

from shared.kernel import plural

PLACE = ("место", "места", "мест")
MUNICIPALITY = ("муниципалитет", "муниципалитета", "муниципалитетов")
MUNICIPALITY_OF = ("муниципалитета", "муниципалитетов", "муниципалитетов")
SCHOOL = ("школа", "школы", "школ")
SIGN = ("признак", "признака", "признаков")
NOTICE = ("уведомление", "уведомления", "уведомлений")
ADVICE = ("рекомендация", "рекомендации", "рекомендаций")
MESSAGE = ("сообщение", "сообщения", "сообщений")
CHANGE = ("изменение", "изменения", "изменений")
ACTIVITY = ("мероприятие", "мероприятия", "мероприятий")
PROCEDURE_OF = ("процедуры", "процедур", "процедур")
RESULT = ("результат", "результата", "результатов")
POINT = ("балл", "балла", "баллов")
POINT_OF = ("балла", "баллов", "баллов")

GROUPS = {
    "overall": "Общая оценка",
    "conditions": "Создание условий",
    "results": "Учебные и воспитательные результаты",
    "processes": "Рабочие процессы",
}
LEVELS = {"low": "низкий", "medium": "средний", "above_average": "выше среднего", "high": "высокий"}
# A score whose percent is in no band of the edition: `methodology check` names such gaps.
NO_LEVEL = "уровень не определён"
# Told apart without colour; the same sign everywhere, from an empty circle to a full one.
SIGNS = {"low": "○", "medium": "◔", "above_average": "◕", "high": "●"}
STATES = {
    "scored": "оценка есть",
    "no_data": "нет данных",
    "not_applicable": "не применялась",
    "did_not_exist": "не существовал",
}
KINDS = {
    "urban_okrug": "городской округ",
    "municipal_district": "муниципальный район",
    "municipal_okrug": "муниципальный округ",
}
SHORT_KINDS = {"urban_okrug": "ГО", "municipal_district": "МР", "municipal_okrug": "МО"}
ROLES = {
    "ministry": "министерство",
    "regional_operator": "региональный оператор",
    "assessor": "орган оценки квалификации",
    "municipality": "муниципалитет",
    "organization": "образовательная организация",
    "expert": "эксперт",
    "system": "информационная система",
}
RECOMMENDATIONS = {
    "drafted": "составлена, ждёт решения",
    "issued": "направлена",
    "considered": "рассмотрена",
    "accepted": "принята",
    "declined": "отклонена",
    "discarded": "снята",
}
STEPS = RECOMMENDATIONS | {"drafted": "составлена"}
ACTIVITIES = {
    "planned": "запланировано",
    "awaiting_schedule": "ждёт графика",
    "open": "идёт",
    "done": "выполнено",
    "done_late": "выполнено с опозданием",
    "overdue": "просрочено",
    "declined": "не участвует",
    "cancelled": "отменено",
}


_APART = re.compile(r"(?<=\d) (?=%)|(?<=№) (?=\d)")


def covered(told: Mapping[str, int] | None) -> str:
    """`данные по 1 из 18 процедур`, where there are not all of them; a score of less is no worse one."""
    if not told or told["procedures"] >= told["of"]:
        return ""
    return f"данные по {told['procedures']} из {counted(told['of'], PROCEDURE_OF)}"


def counted(number: int, forms: tuple[str, str, str]) -> str:
    """`5 мест`: the number with its noun, kept on one line."""
    return f"{number}\N{NO-BREAK SPACE}{plural(number, forms)}"


def moved(places: int) -> str:
    """`на 3 места выше`: how far a place moved; fewer is better, as a smaller number is the better place."""
    return f"на {counted(abs(places), PLACE)} {'выше' if places < 0 else 'ниже'}"


def period(told: str) -> str:
    """`2022 год`, `2021/2022 учебный год`."""
    first, _, last = told.partition("-")
    return f"{first}/{last} учебный год" if last else f"{first} год"


def bound(told: str) -> str:
    """A text of the services with numbers kept beside their signs: `59 %`, `№ 2`."""
    return _APART.sub("\N{NO-BREAK SPACE}", told)


def word(table: str, code: str | None) -> str:
    """The word of a code in one of the tables above; the code itself where there is none, a dash for nothing.

    Only a score has a level, so that one without says it.
    """
    tables = {
        "group": GROUPS,
        "level": LEVELS,
        "sign": SIGNS,
        "state": STATES,
        "kind": KINDS,
        "short_kind": SHORT_KINDS,
        "role": ROLES,
        "recommendation": RECOMMENDATIONS,
        "step": STEPS,
        "activity": ACTIVITIES,
    }
    if code is None:
        return NO_LEVEL if table == "level" else "—"
    return tables[table].get(code, code)
