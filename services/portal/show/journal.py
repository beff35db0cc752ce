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


def register(service: str, name: str) -> str:
    """What a register is called; its name in the store where it is not known here."""
    return REGISTERS.get(service, {}).get(name, name)


def who(line: Mapping[str, Any]) -> str:
    """The role of whoever changed it; without a request it was the service."""
    return "сама служба" if line["role"] == "service" else ROLES.get(line["role"], line["role"])


def written(before: Mapping[str, Any]) -> str:
    """What was stored before, as it is to be read by a person who compares it with what is there now."""
    return json.dumps(before, ensure_ascii=False, indent=2)
