"""Editions of ratings as pages: words of their states, what may be done now, what is sent for it, files by size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.show.words import GROUPS

Told = Mapping[str, Any]
STATES = {
    "draft": "проект у муниципалитетов",
    "frozen": "зафиксирована, ждёт публикации",
    "published": "опубликована",
    "superseded": "заменена новой редакцией",
    "withdrawn": "отозвана",
}
OBJECTIONS = {
    "open": "ждёт ответа",
    "accepted": "принято",
    "declined": "отклонено",
    "closed": "закрыто: редакция отозвана",
}
UNSETTLED = {"open": "ждёт ответа", "accepted": "принято, исправление не записано"}
DECISIONS = {"accepted": "принять", "declined": "отклонить"}
KIB, MIB = 1024, 1024 * 1024
CONFIRM = "confirm"
OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Act:
    """One step with an edition: which states it needs, which action, what is said before it is done."""

    key: str
    title: str
    action: str
    states: tuple[str, ...]
    sure: str
    danger: bool = False


ACTS = (
    Act(
        "freeze",
        "Зафиксировать",
        "edition.freeze",
        ("draft",),
        "Срок возражений истёк, на каждое дан ответ, исправления записаны. После фиксации содержание не изменится.",
    ),
    Act(
        "publish",
        "Опубликовать",
        "edition.publish",
        ("frozen",),
        "Акт подписан. Редакцию увидят все; отозвать её будет нельзя, только заменить новой.",
    ),
    Act(
        "withdraw",
        "Отозвать",
        "edition.draft",
        ("draft", "frozen"),
        "Редакция больше не понадобится. Муниципалитетам сообщат, причину они увидят; нерешённые возражения закроются.",
        danger=True,
    ),
)
BY_KEY = {one.key: one for one in ACTS}
# What a step needs beside its confirmation, in the form's order: the field, and what is said where it is empty.
NEEDED = {
    "publish": {
        "/act/number": ("number", "Номер акта не указан.", "Введите его, например 01-14."),
        "/act/date": ("date", "Дата акта не указана.", "Выберите день."),
    },
    "withdraw": {"/reason": ("reason", "Причина не указана.", "Напишите её: муниципалитеты её увидят.")},
}
# What people type into the forms of an edition, by their labels.
TYPED = {"text": "В чём ошибка", "evidence": "На чём основано", "reason": "Пояснение", "number": "Номер акта"}
UNCONFIRMED = {"pointer": "/confirm", "code": "missing", "message": "Отметьте подтверждение.", "remedy": ""}
FORMATS = {"csv": "CSV", "json": "JSON", "xlsx": "XLSX", "pdf": "PDF", "jws": "JWS"}
FILES = {
    "rating.pdf": "Рейтинг целиком, для чтения и печати",
    "rating.xlsx": "Рейтинг целиком, таблицами",
    "content.json": "Рейтинг целиком, для программ",
    "passport.csv": "Паспорт набора открытых данных",
    "passport.json": "Паспорт набора, для программ",
    "manifest.jws": "Подписанный перечень файлов",
}
UNSIGNED = ("rating.pdf", "rating.xlsx", "content.json")


@dataclass(frozen=True, slots=True)
class File:
    """A file to take along: what it is, in which format, how big (empty where it is made on demand)."""

    name: str
    title: str
    format: str
    size: str


def acts_for(edition: Told, allowed: Sequence[str]) -> list[Act]:
    """What can be done in this state by somebody with these actions."""
    return [one for one in ACTS if edition["state"] in one.states and one.action in allowed]


def waiting_of(objections: Sequence[Told]) -> list[tuple[str, str]]:
    """The objections that hold up a freeze: the id of each, and in words whose it is and what it waits for."""
    return [
        (one["id"], f"{one['municipality']['name']}: {UNSETTLED.get(one['state'], OBJECTIONS[one['state']])}")
        for one in objections
        if not one["settled"]
    ]


def freezable(acts: Sequence[Act], *, ready: bool) -> bool:
    """Whether the reader can freeze it now, so that what that would change is worth computing."""
    return ready and any(one.key == "freeze" for one in acts)


def unsure(act: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """The refusal of a step that nobody confirmed; what else is empty is named at once."""
    empty = [
        {"pointer": pointer, "code": "missing", "message": message, "remedy": remedy}
        for pointer, (name, message, remedy) in NEEDED.get(act, {}).items()
        if not text(form, name)
    ]
    return {
        "code": "not-confirmed",
        "title": "Шаг не подтверждён",
        "detail": "Отметьте, что условия выполнены.",
        "errors": [*empty, UNCONFIRMED],
    }


def body_of(act: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent for a step."""
    if act == "publish":
        return {"act": {"number": text(form, "number"), "date": text(form, "date")}}
    return {"reason": text(form, "reason")} if act == "withdraw" else {}


def draft_body(form: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent for a draft; without a title the service gives one."""
    told = {name: text(form, name) for name in ("period", "title", "reply_until")}
    return {name: given for name, given in told.items() if given or name != "title"}


def files_of(edition: Told, titles: Mapping[str, str]) -> list[File]:
    """The files of an edition: those that were published with their sizes, else what can be made of it now."""
    listed = edition["files"] or [{"name": name, "size": None} for name in UNSIGNED]
    order = {name: place for place, name in enumerate(FILES)}
    return sorted((_file(one, titles) for one in listed), key=lambda one: order.get(one.name, len(order)))


def address_of(name: str) -> tuple[str, dict[str, str]]:
    """Which part of an edition a file is, and the parameters to ask for it."""
    stem, _, kind = name.rpartition(".")
    if name == "manifest.jws":
        return "manifest", {}
    if stem == "passport":
        return "passport", {"format": kind}
    return "content", {"format": kind, **({"group": stem} if kind == "csv" else {})}


def flagged(table: Told, content: Told) -> list[Told]:
    """The procedures that count in a table without permission, each with its title."""
    titles = titles_of(content)
    return [{**one, "title": titles.get(one["procedure"], one["procedure"])} for one in table["flags"]]


def titles_of(content: Told) -> dict[str, str]:
    """The titles of all tables of an edition by key; the overall one is called as everywhere, whatever it was then."""
    return {one["group"]: GROUPS[OVERALL] if one["group"] == OVERALL else one["title"] for one in content["ratings"]}


def table_of(content: Told, group: str) -> Told:
    """The table asked for; the overall one where there is none of this name."""
    tables = {one["group"]: one for one in content["ratings"]}
    found: Told = tables.get(group) or tables[OVERALL]
    return found


def act_words(number: str) -> str:
    """The number of an act as it stands after the word «акт»: with what it is, where that was typed, else `№ 01-14`."""
    return number if " " in number or "№" in number else f"№ {number}"


def size_words(size: int | None) -> str:
    """`12 КБ`, `1,3 МБ`; nothing where it is not known."""
    if size is None:
        return ""
    if size < MIB:
        return f"{max(1, round(size / KIB))}\N{NO-BREAK SPACE}КБ"
    return f"{size / MIB:.1f}".replace(".", ",") + "\N{NO-BREAK SPACE}МБ"


def _file(told: Told, titles: Mapping[str, str]) -> File:
    name = told["name"]
    stem, _, kind = name.rpartition(".")
    title = FILES.get(name) or f"Таблица «{titles.get(stem, stem)}»"
    return File(name, title, FORMATS.get(kind, kind.upper()), size_words(told["size"]))


def text(form: Mapping[str, Any], name: str) -> str:
    """What was typed into a field of a form."""
    return str(form.get(name) or "").strip().replace("\r\n", "\n")
