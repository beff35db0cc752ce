"""An explained score as a paper: every number beside the rule, the result and the submitter that it follows from."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from services.scoring.api.papers import words
from services.scoring.api.papers.words import exact, moment
from services.scoring.domain.mirror import LONG_AGO
from services.scoring.domain.permission import flag_words
from shared.papers import Paper
from shared.texts import sentence
from shared.works.pdf import template

HERE = Path(__file__).resolve().parent
Told = Mapping[str, Any]


def explanation_paper(told: Told) -> Paper:
    """The paper of an explanation in the shape of the API; the same explanation gives the same bytes."""
    made_at = datetime.fromisoformat(told["as_of"])
    return Paper(template(HERE / "explanation.typ"), paper_data(told), made_at)


def paper_data(told: Told) -> dict[str, Any]:
    """What the template shows, all of it texts."""
    overall, whose = told["overall"], told["municipality"]
    return {
        "title": f"Объяснение оценки: {whose['name']}, {words.period(told['period'])}",
        "head": _head(told),
        "flags": flag_words(told["flags"]),
        "totals": [
            ["Общая оценка", *words.score(overall)],
            *([group["title"], *words.score(group)] for group in overall["groups"]),
        ],
        "notes": [exact(note) for note in overall["notes"]],
        "groups": [_group(group) for group in overall["groups"]],
    }


def _head(told: Told) -> list[list[str]]:
    whose = told["municipality"]
    code = f", код ОКТМО {whose['oktmo']}" if whose["oktmo"] else ""
    return [
        ["Муниципалитет", f"{whose['name']}{code}"],
        ["Период", words.period(told["period"])],
        ["Редакция методики", _edition(told["edition"])],
        ["Последние данные", moment(told["data_at"])],
        ["Составлено по состоянию на", _instant(told["as_of"])],
    ]


def _instant(as_of: str) -> str:
    """When what is told was so; a period in which nothing was ever written has no such moment."""
    if datetime.fromisoformat(as_of) <= LONG_AGO:
        return "за этот период ещё ничего не записано"
    return f"{moment(as_of)} (время Екатеринбурга)"


def _edition(edition: Told) -> str:
    act = f"; введена в действие: {edition['act']}" if edition["act"] else ""
    return f"{edition['title']} ({edition['id']}){act}"


def _group(group: Told) -> dict[str, Any]:
    said = words.score(group)
    return {
        "title": group["title"],
        "said": said[0] if group["state"] != "scored" else f"{said[0]}, {said[1]}, уровень: {said[2]}",
        "procedures": [_procedure(one) for one in group["procedures"]],
    }


def _procedure(one: Told) -> dict[str, Any]:
    said = words.score(one)
    return {
        "title": one["title"],
        "said": said[0] if one["state"] != "scored" else f"{said[0]}, {said[1]}, уровень: {said[2]}",
        "rows": [_indicator(part) for part in one["indicators"]],
        "notes": list(_notes(one)),
    }


def _indicator(part: Told) -> list[str]:
    value = words.STATES["no_data"] if part["value"] is None else exact(part["value"])
    points = f"{exact(part['points'])} из {exact(part['maximum'])}"
    return [part["title"], value, exact(part["rule"]["words"]), points]


def _notes(one: Told) -> list[str]:
    notes = [exact(note) for note in one["notes"]]
    if one["state"] == "not_applicable":
        said = [sentence(f"Почему не применялась: {one['reason']}")]
        said += [sentence(f"Документ: {one['act']}")] if one["act"] else []
        notes += [" ".join(said), "Максимум вычтен из знаменателя."]
    result = one["result"]
    if result is not None:
        notes.append(_result(result))
    elif one["state"] == "no_data":
        notes.append(f"{_missing(one['withdrawn'])}: баллов нет, максимум остаётся в знаменателе.")
    if one["assumed"]:
        notes.append("Максимум и показатели приняты условно: в документах опубликованы только суммы по группам.")
    return notes


def _missing(withdrawn: Told | None) -> str:
    if withdrawn is None:
        return "Результат не поступал"
    said = f"Результат {withdrawn['id']} отозван {moment(withdrawn['recorded_at'])}, версия {withdrawn['revision']}"
    return f"{said} ({withdrawn['reason'].rstrip('.')})" if withdrawn.get("reason") else said


def _result(result: Told) -> str:
    parts = [
        f"Результат {result['id']}, версия {result['revision']}",
        f"источник: {result['source']}",
        f"внёс: {words.submitter(result['submitted_by'])}",
        f"получен {moment(result['occurred_at'])}",
        f"записан {moment(result['recorded_at'])}",
    ]
    if result.get("reason"):
        parts.append(f"почему изменён: {result['reason']}")
    return sentence("; ".join(parts))
