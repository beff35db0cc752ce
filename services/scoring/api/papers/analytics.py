"""An analytics document as a paper: ten numbered sections, figures as tables, the texts of people."""

from collections.abc import Callable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from services.scoring.api.papers import words
from services.scoring.api.papers.words import NBSP, NOTHING, exact, moment
from services.scoring.domain.analytics import Frozen
from services.scoring.domain.methodology import half_up
from services.scoring.domain.permission import flag_words
from services.scoring.domain.words import STATE_WORDS, level_words
from shared.papers import Block, Blocks, Bullets, Grid, Heading, Paragraph, Picture
from shared.texts import sentence

Told = Mapping[str, Any]
EMPTY = "Раздел не заполнен."
CHANGES = {
    **STATE_WORDS,
    "compared": "сопоставимо",
    "not_comparable": "не сопоставимо",
    "did_not_exist": "не существовал в одном из периодов",
}


def analytics_paper(content: Told, *, made_at: datetime, frozen: Frozen | None) -> Blocks:
    """The paper of a content in the shape of the API; the same content gives the same bytes."""
    name = content["sections"][0]["data"]
    called = name["title"] if name else f"Аналитический документ по процедуре «{content['procedure']}»"
    title = f"{called} за {words.period(content['period'])}"
    blocks: list[Block] = [Paragraph(_status(content, frozen))]
    for section in content["sections"]:
        blocks.append(Heading(f"{section['number']}. {section['title']}"))
        written = list(_data(section)) + list(_text(section["text"]))
        blocks += written or [Paragraph(EMPTY)]
    return Blocks(title, blocks, made_at)


def _status(content: Told, frozen: Frozen | None) -> str:
    version = f"Версия {content['version']}."
    reason = f" {sentence('Почему новая: ' + content['reason'])}" if content["reason"] else ""
    if frozen is None:
        return f"Черновик, не завершён. {version}{reason}"
    at = f"{moment(frozen.as_of.isoformat())} (время Екатеринбурга)"
    return f"{version}{reason} Завершена {at} по данным, записанным к этому времени. SHA-256: {frozen.digest}"


def _text(blocks: list[Told]) -> list[Block]:
    return [Paragraph(one["paragraph"]) if "paragraph" in one else Bullets(one["list"]) for one in blocks]


def _data(section: Told) -> list[Block]:
    data = section["data"]
    return [] if data is None else _SHOWN[section["key"]](data)


def _name(data: Told) -> list[Block]:
    procedure, group = data["procedure"], data["group"]
    return [
        Paragraph(f"{procedure['title']} (процедура № {procedure['code']}, группа «{group['title']}»)."),
        Paragraph(f"Методика: {data['methodology']['title']} ({data['methodology']['id']})."),
    ]


def _motivation(data: Told) -> list[Block]:
    rows = [[one["number"], one["title"], one["motivation"] or NOTHING] for one in data["indicators"]]
    return [Grid(["№", "Показатель", "Мотивация"], rows, [1, 5, 5])]


def _mechanism(data: Told) -> list[Block]:
    rows = [[one["system"], one["title"], "; ".join(one["tracks"]) or NOTHING] for one in data["mechanisms"]]
    return [Grid(["Код", "Механизм (система)", "Треки"], rows, [1, 5, 5])]


def _methods(data: Told) -> list[Block]:
    return [
        Grid(["Источник", "Результатов"], [[one["source"], str(one["results"])] for one in data["sources"]], [4, 1])
    ]


def _periods(data: Told) -> list[Block]:
    days = f"с {_day(data['first_day'])} по {_day(data['last_day'])}"
    results = f"с {moment(data['first_result'])} по {moment(data['last_result'])}"
    return [
        Paragraph(f"{words.period(data['period'])}: {days}. Сравнивается с периодом: {words.period(data['before'])}."),
        Paragraph(f"Результаты получены {results} (время Екатеринбурга)."),
        Paragraph(f"Учтено записанное до {moment(data['as_of'])}."),
    ]


def _day(told: str) -> str:
    year, month, day = told.split("-")
    return f"{day}.{month}.{year}"


def _sample(data: Told) -> list[Block]:
    blocks: list[Block] = [Paragraph(f"Муниципалитетов: {data['total']}; с оценкой: {data['scored']}.")]
    for key, label in (("no_data", "Нет данных"), ("did_not_exist", "Не существовали")):
        if data[key]:
            blocks.append(Paragraph(sentence(f"{label}: {', '.join(one['name'] for one in data[key])}")))
    if data["not_applicable"]:
        rows = [[one["municipality"]["name"], one["reason"], one["act"]] for one in data["not_applicable"]]
        header = ["Не применялась", "Почему", "Документ"]
        blocks.append(Grid(header, [[cell or NOTHING for cell in row] for row in rows], [3, 4, 3]))
    return blocks


def _indicators(data: Told) -> list[Block]:
    assumed = " (принят условно: в документах не опубликован)" if data["assumed"] else ""
    rows = [
        [
            one["title"], exact(one["maximum"]), exact(one["rule"]), str(one["given"]), str(one["missing"]),
            " / ".join(exact(one[name]) for name in ("lowest", "median", "highest")),
        ]
        for one in data["rows"]
    ]  # fmt: skip
    header = ["Показатель", "Максимум", "Правило", "Есть", "Нет", "Мин. / медиана / макс."]
    blocks: list[Block] = [
        Paragraph(f"Максимум процедуры: {exact(data['maximum'])}{assumed}."),
        Grid(header, rows, [4, 2, 4, 1, 1, 3]),
    ]
    for one in data["rows"]:
        if one["distribution"]:
            blocks.append(Heading(f"Распределение: {one['title']}", 2))
            steps = [[_interval(step), str(step["count"])] for step in one["distribution"]]
            blocks.append(Grid(["Значение", "Муниципалитетов"], steps, [1, 1]))
    return blocks


def _interval(step: Told) -> str:
    return exact(step["from"]) if step["from"] == step["to"] else f"{exact(step['from'])} … {exact(step['to'])}"


def _rating(data: Told) -> list[Block]:
    blocks: list[Block] = [Picture(data["picture"], data["picture_words"]), Paragraph(data["picture_words"])]
    if data.get("flags"):
        blocks.insert(0, Paragraph(flag_words(data["flags"])))
    for level in data["levels"]:
        if level["rows"]:
            blocks.append(Heading(f"Уровень: {level_words(level['level'])}", 2))
            rows = [
                [
                    str(one["rank"]), one["municipality"]["name"], f"{exact(one['points'])} из {exact(one['maximum'])}",
                    f"{one['percent']}{NBSP}%",
                ]
                for one in level["rows"]
            ]  # fmt: skip
            blocks.append(Grid(["Место", "Муниципалитет", "Баллы", "Процент"], rows, [1, 4, 2, 1]))
    return blocks


def _effect(data: Told) -> list[Block]:
    periods = f"{words.period(data['before'])} и {words.period(data['after'])}"
    if data["state"] == "not_comparable":
        said = f"Не сопоставимо: {data['reason']} ({periods}). Это не значит, что изменений нет."
    else:
        said = (
            f"Изменение доли процедуры, {periods}, по одной методике. Сопоставимых: {data['compared']}. "
            f"Выросли: {data['rose']}, снизились: {data['fell']}, без изменений: {data['same']}. "
            f"{sentence('Медиана изменений: ' + _points(data['median']))}"
        )
    return [Paragraph(said), *_changes(data["rows"])]


def _changes(told: list[Told]) -> list[Block]:
    """The table by municipality; without similar ones in a document that was finished before they were told."""
    similar = any("similar" in one for one in told)
    rows = [
        [
            one["municipality"]["name"], _percent(one["before"]), _percent(one["after"]), _points(one["change"]),
            _points(one["others_median"]), *([_similar(one["similar"])] if similar else []), _state(one),
        ]
        for one in told
    ]  # fmt: skip
    more = ["Медиана сходных"] if similar else []
    header = ["Муниципалитет", "Было", "Стало", "Изменение", "Медиана остальных", *more, "Сопоставимость"]
    table = Grid(header, rows, [4, 2, 2, 2, 2, *([3] if similar else []), 3])
    return [Paragraph(words.SIMILAR), table] if similar else [table]


def _state(one: Told) -> str:
    """Whether it is compared, and which reform hinders; documents that were finished before that was told say none."""
    reason = one.get("reason")
    return CHANGES[one["state"]] + (f": {reason}" if reason else "")


def _similar(found: Told | None) -> str:
    if found is None:
        return NOTHING
    if found["median"] is None:
        return f"нет: {found['reason']}"
    return f"{_points(found['median'])} ({found['count']})"


def tenths(share: str) -> str:
    """A share as percent with one decimal, rounded half up away from zero; exact shares stand in the JSON."""
    value = Fraction(share) * 1000
    sign, whole = ("−" if value < 0 else ""), half_up(abs(value))
    return f"{sign if whole else ''}{whole // 10},{whole % 10}"


def _percent(share: str | None) -> str:
    return NOTHING if share is None else f"{tenths(share)}{NBSP}%"


def _points(change: str | None) -> str:
    if change is None:
        return NOTHING
    told = tenths(change)
    return f"{'' if told.startswith('−') or told == '0,0' else '+'}{told}{NBSP}п.{NBSP}п."


_SHOWN: Mapping[str, Callable[[Told], list[Block]]] = {
    "name": _name,
    "motivation": _motivation,
    "mechanism": _mechanism,
    "methods": _methods,
    "periods": _periods,
    "sample": _sample,
    "indicators": _indicators,
    "rating": _rating,
    "effect": _effect,
}
