"""How to mend what is refused whole, without a wrong place of its own: by the code of the refusal."""

from collections.abc import Mapping

_JSON = "Исправьте запись JSON и отправьте снова."
_SMALLER = "Разделите событие на несколько."
_OPERATOR = "Обратитесь к региональному оператору."
OTHERWISE = "Сверьте отправленное с описанием: GET /openapi.json."
REMEDIES: Mapping[str, str] = {
    "bad-key": "Запишите ключ в UTF-8 или не указывайте его.",
    "bad-header": "Запишите атрибут в UTF-8; в заголовке HTTP — через %.",
    "batch-refused": "Исправьте отклонённые строки и повторите пакет или передайте его без atomic=true.",
    "duplicate-key": "Оставьте ключ один раз.",
    "empty-value": "Передайте данные: в теле запроса или записи, в событии целиком — в поле data.",
    "event-id-reused": "Дайте новому событию новый id.",
    "failed": "Сообщите администратору.",
    "forbidden": _OPERATOR,
    "foreign-type": "Отправьте событие в названную тему.",
    "identity-too-long": "Сократите id и source.",
    "invalid-data": "Запишите data_base64 в base64 или передайте данные в поле data.",
    "invalid-encoding": "Запишите тело в UTF-8.",
    "invalid-event": OTHERWISE,
    "malformed-json": _JSON,
    "not-a-cloudevent": "Добавьте атрибуты: в HTTP — заголовки ce-…, в Kafka — ce_…, в событии целиком — поля.",
    "not-a-number": "Запишите число, строку с числом или null.",
    "number-too-long": "Запишите число короче.",
    "procedure-not-allowed": _OPERATOR,
    "result-exists": "Исправление передайте в POST /v1/results/{id}/revisions.",
    "source-not-allowed": "Назовите свой источник или обратитесь к региональному оператору.",
    "subject-not-allowed": _OPERATOR,
    "too-deep": _JSON,
    "too-large": _SMALLER,
    "too-many-keys": _SMALLER,
    "too-many-parts": _SMALLER,
    "unknown-type": "Назовите тип, который принимается.",
    "unreadable-text": "Уберите непечатаемый знак.",
    "unsupported-version": "Назовите версию, которая принимается.",
}
