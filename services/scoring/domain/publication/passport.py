"""The passport of a set of open data: who publishes what since when, in the customary fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from services.scoring.domain.methodology import OVERALL
from services.scoring.domain.period import period_words
from services.scoring.domain.publication.edition import Edition

COLUMNS = {
    "rank": "место (плотное: следующее за равными — на единицу больше)",
    "id": "идентификатор муниципалитета, не меняется при реформах",
    "name": "название муниципалитета в этом периоде",
    "oktmo": "код ОКТМО, действовавший в этом периоде",
    "points": (
        "баллы: десятичная или обыкновенная дробь без потерь; в электронную таблицу загружайте как текст, "
        "иначе 1/9 станет датой"
    ),
    "maximum": "наибольшие возможные баллы без неприменимых процедур",
    "share": "доля баллов от наибольших, без потерь; загружайте так же",
    "percent": "доля в процентах, округлена до целого",
    "level": "уровень: low низкий, medium средний, above_average выше среднего, high высокий",
    "level_conflict": "true: границы уровней в баллах дали бы другой уровень",
    "reason": "почему места нет",
    "state": "scored есть место, no_data нет данных, not_applicable не применялась, did_not_exist не существовал",
    "not_permitted": "ключи учтённых в таблице процедур, которым оценка муниципалитетов не разрешена, через пробел",
    "points_decimal": "баллы с шестью знаками после точки, половина последнего округлена вверх",
    "share_decimal": "доля с шестью знаками после точки, половина последнего округлена вверх",
}
# Of the tables as open data; 2 has the column not_permitted, 3 has decimals beside the exact numbers.
STRUCTURE = 3
NOBODY_BARRED = "Процедур, о которых известно, что оценивать по ним муниципалитеты не разрешено, не учтено."


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes; what nobody has said stays empty."""

    owner: str = ""
    responsible: str = ""
    phone: str = ""
    email: str = ""
    subject: str = ""
    licence: str = ""
    licence_url: str = ""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Publisher":
        """The publisher behind a plain document; other fields are ignored."""
        return cls(**{name: str(document.get(name) or "") for name in cls.__dataclass_fields__})


class Field(NamedTuple):
    """One field of a passport: its customary property, its Russian name, its value."""

    property: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Issue:
    """The day of publication and of the first one of the period; in words, what was counted without permission.

    `public_url` is the address at which people open the portal, which gives the files; None: nobody has said it.
    """

    on: date
    first: date
    unpermitted: str = ""
    public_url: str | None = None

    def link(self, edition: Edition) -> str:
        """Where the data are: a whole address wherever there is one."""
        if self.public_url is None:
            return f"{edition.url}/content?format=csv"
        return f"{self.public_url.rstrip('/')}/editions/{edition.id}/files/{OVERALL}.csv"


def passport(edition: Edition, publisher: Publisher, issue: Issue) -> list[Field]:
    """The fields of a published edition's passport in the customary order."""
    identifier = f"rsoko-rating-{edition.id.rpartition('-')[0]}"
    act = edition.act.words() if edition.act else ""
    structure = "; ".join(f"{name} — {meaning}" for name, meaning in COLUMNS.items())
    return [
        Field("identifier", "Идентификационный номер", identifier),
        Field("title", "Наименование набора данных", edition.title),
        Field("description", "Описание набора данных", _description(edition)),
        Field("creator", "Владелец набора данных", publisher.owner),
        Field("publishername", "Ответственное лицо", publisher.responsible),
        Field("publisherphone", "Телефон ответственного лица", publisher.phone),
        Field("publishermbox", "Адрес электронной почты ответственного лица", publisher.email),
        Field("link", "Гиперссылка на набор", issue.link(edition)),
        Field("format", "Формат набора открытых данных", "CSV (UTF-8, запятая); также JSON, XLSX, PDF"),
        Field("structure", "Описание структуры набора открытых данных", structure),
        Field("created", "Дата первой публикации набора данных", issue.first.isoformat()),
        Field("modified", "Дата последнего внесения изменений", issue.on.isoformat()),
        Field("provenance", "Содержание последнего изменения", _provenance(edition)),
        Field("valid", "Дата актуальности набора данных", edition.as_of.isoformat()),
        Field("subject", "Ключевые слова", publisher.subject),
        Field("version", "Версия набора данных", str(edition.number)),
        Field("structureversion", "Версия структуры набора данных", str(STRUCTURE)),
        Field("licence", "Условия использования", f"{publisher.licence} {publisher.licence_url}".strip()),
        Field("act", "Основание публикации", act),
        Field("methodology", "Методика расчёта", edition.methodology),
        Field("notpermitted", "Учтено без разрешения", issue.unpermitted or NOBODY_BARRED),
    ]


def _description(edition: Edition) -> str:
    return (
        f"Рейтинг муниципалитетов за {period_words(edition.period)}: общая оценка, группы и процедуры; баллы, доли, "
        "проценты, уровни и места, у каждого муниципалитета без места — причина."
    )


def _provenance(edition: Edition) -> str:
    if edition.previous is None:
        return "Первая публикация."
    return f"Новая редакция вместо «{edition.previous}»; прежняя остаётся доступной."
