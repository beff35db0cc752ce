"""Refusals that the services word for programs, in words for people: of forms, not of JSON and the API."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from shared.web.invalid import NAMELESS

FOR_PROGRAMS = ("/v1/", "errors", "токен", "Authorization")


class Words(NamedTuple):
    """What is wrong, or what to do; None keeps what the service said."""

    message: str | None = None
    remedy: str | None = None


STALE = "stale-revision"
TITLES = {STALE: "Пока страница была открыта, запись изменилась"}
DETAILS = {
    STALE: "Её изменил кто-то другой, ваше не записано. Сверьте то, что на странице теперь, и отправьте ещё раз.",
    "invalid-request": "Исправьте отмеченное и отправьте снова.",
    "group-not-found": "Проверьте адрес страницы.",
    "forbidden": "Этот раздел или эти данные вам не открыты.",
}
# By the code of a wrong place.
PLACES: Mapping[str, Words] = {
    "required": Words("Поле не заполнено.", "Заполните поле."),
    "not-a-date": Words("Дата не указана или записана не так.", "Выберите день, например 01.11.2022."),
    "not-a-time": Words("День не указан или записан не так.", "Выберите день, например 01.11.2022."),
    "not-an-integer": Words(None, "Введите целое число."),
    "not-a-number": Words(None, "Введите число, например 1,5."),
    "not-allowed": Words("Такого варианта нет.", "Выберите один из предложенных."),
    "unknown-field": Words("Форма устарела.", "Откройте страницу заново."),
    "wrong-subject": Words(None, "Выберите другую процедуру."),
    "invalid": Words(None, ""),
}


GENERAL = NAMELESS | {"Строка пуста.", *(words.message for words in PLACES.values() if words.message)}
# A name of the API, such as `held_on`; what is quoted was typed by people or stands in a list.
_NAME = re.compile(r"(?<![\w«.-])[a-z][a-z_]{2,}(?![\w».-])", re.ASCII)


def title_for_people(code: str, title: str) -> str:
    """The title of a refusal; another one where the service's says nothing to people."""
    return TITLES.get(code, title)


def detail_for_people(code: str, title: str, detail: str) -> str:
    """The detail of a refusal; nothing where it speaks of the API, or only says the title again."""
    if code in DETAILS:
        return DETAILS[code]
    return "" if detail.rstrip(".") == title or any(one in detail for one in FOR_PROGRAMS) else detail


def place_for_people(code: str, message: str, remedy: str) -> tuple[str, str]:
    """A wrong place: what is wrong, and what to do about it in a form."""
    known = PLACES.get(code, Words())
    told = remedy if known.remedy is None else known.remedy
    programs = any(one in told for one in FOR_PROGRAMS) or _NAME.search(told)
    return known.message or message, "" if programs else told
