"""Lines of a service's journal: who changed what, what it was before, and what it became."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from services.portal.show.words import ROLES

Line = Mapping[str, Any]
# The registers that keep no revisions of their own, by service and the name that the journal has for them.
REGISTERS: Mapping[str, Mapping[str, str]] = {
    "registry": {"municipalities": "Муниципалитеты", "organizations": "Образовательные организации"},
    "monitoring": {"procedures": "Процедуры", "sources": "Источники"},
    "scoring": {
        "cards": "Пересчёт всех баллов",
        "methodologies": "Редакции методики",
        "applicability": "Акты о неприменимости",
        "published_periods": "Открытость оценок по периодам",
        "school_thresholds": "Наборы порогов для школ",
    },
    "roadmap": {
        "roadmaps": "Дорожные карты",
        "activities": "Мероприятия дорожных карт",
        "executions": "Отказы от участия в мероприятиях",
    },
    "notification": {"webhooks": "Подписки других систем"},
}
# What operators' commands change, in every service.
COMMANDED = {"positions": "Места чтения событий", "restoring": "Восстановление из копии"}
# What changes without a line, too: a later line does not tell what became of an earlier change.
MOVING = {"cards", *COMMANDED}


def register(service: str, name: str) -> str:
    """What a register is called; its name in the store where it is not known here."""
    return registers(service).get(name, name)


def registers(service: str) -> Mapping[str, str]:
    """All that the journal of a service may have lines of."""
    return {**REGISTERS.get(service, {}), **COMMANDED}


def who(line: Mapping[str, Any]) -> str:
    """The role of whoever changed it; without a request it was the service, or an operator's command."""
    if line["role"] == "command":
        return f"оператор командой «{line['action']}» на сервере"
    return "сама служба" if line["role"] == "service" else ROLES.get(line["role"], line["role"])


def nothing(line: Mapping[str, Any]) -> str:
    """That there was nothing before."""
    return "хранилище было пусто" if line["of"] == "restoring" else "не было: внесено впервые"


def lasts(line: Line) -> bool:
    """Whether what a change made stays until the next line about the same."""
    return line["of"] not in MOVING


def became(lines: Sequence[Line]) -> list[Line | None]:
    """For each line, the newest first, the next one about the same thing among them: its `before` is what became."""
    newer: dict[tuple[str, str], Line] = {}
    found: list[Line | None] = []
    for one in lines:
        about = one["of"], one["key"]
        found.append(newer.get(about))
        newer[about] = one
    return found


def differing(before: Line, after: Line) -> str:
    """The fields that a change gave another value, each with what it was and what it became; nothing: there was none.

    What the platform numbers by itself differs after every change and says nothing.
    """
    names = [name for name in dict.fromkeys((*before, *after)) if name != "revision"]
    found = [name for name in names if _told(before, name) != _told(after, name)]
    return "\n\n".join(f"{name}\nбыло: {_told(before, name)}\nстало: {_told(after, name)}" for name in found)


def _told(stored: Line, name: str) -> str:
    return written(stored[name]) if name in stored else "—"


def written(stored: Any) -> str:
    """What was stored, as it is to be read by a person who compares it with what is there now."""
    return json.dumps(stored, ensure_ascii=False, indent=2)
