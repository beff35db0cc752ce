"""Lines of a service's journal: who changed what, and what it was before."""

import json
from collections.abc import Mapping
from typing import Any

from services.portal.show.words import ROLES

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


def written(before: Mapping[str, Any]) -> str:
    """What was stored before, as it is to be read by a person who compares it with what is there now."""
    return json.dumps(before, ensure_ascii=False, indent=2)
