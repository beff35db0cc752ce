"""Title and body of an item about publication: what happened, what it means for the municipality, until when."""

from collections.abc import Callable, Mapping

from services.notification.domain.edition_whole import whole_body, whole_title
from services.notification.domain.editions import ANSWERED, DRAFTED, PUBLISHED, RAISED, WHOLE, WITHDRAWN, EditionFact
from services.notification.domain.facts import Standing
from services.notification.domain.names import Names
from services.notification.domain.text import state_words, whole
from services.notification.domain.words import act_words, day_words, group_words, period_words

DECISIONS = {"accepted": "принято", "declined": "отклонено"}


def edition_title(fact: EditionFact, names: Names) -> str:
    """One line: whose, what happened."""
    if fact.municipality == WHOLE:
        return whole_title(fact)
    name = names.municipality(fact.municipality, fact.period).name
    return f"{name}: {_HEADS[fact.kind](fact)}"


def edition_body(fact: EditionFact, names: Names) -> str:
    """What happened in full, a line each."""
    if fact.municipality == WHOLE:
        return whole_body(fact)
    return "\n".join(_BODIES[fact.kind](fact, names))


def _drafted_head(fact: EditionFact) -> str:
    return f"проект рейтинга {period_words(fact.period)}, возражения — до {day_words(fact.reply_until)}"


def _published_head(fact: EditionFact) -> str:
    place = "без места" if fact.after is None or fact.after.rank is None else f"место {fact.after.rank}"
    was = fact.before.rank if fact.before else None
    moved = was is not None and fact.after is not None and was != fact.after.rank
    return f"опубликован рейтинг {period_words(fact.period)}, {place}" + (f" (было {was})" if moved else "")


def _withdrawn_head(fact: EditionFact) -> str:
    return f"проект рейтинга {period_words(fact.period)} отозван"


def _raised_head(fact: EditionFact) -> str:
    return f"возражение к проекту рейтинга {period_words(fact.period)}, № {fact.objection}"


def _answered_head(fact: EditionFact) -> str:
    decided = DECISIONS.get(fact.decision or "", fact.decision)
    # Of an accepted one it is told twice where its correction came later.
    corrected = fact.result is not None or fact.applicability is not None
    return f"возражение № {fact.objection} {decided}" + (", исправление записано" if corrected else "")


def _drafted(fact: EditionFact, names: Names) -> list[str]:
    del names
    return [
        _standing(fact.after, "в проекте"),
        f"Возразить против своей оценки можно до {day_words(fact.reply_until)} включительно (время Екатеринбурга).",
        "Если согласны, отвечать не нужно.",
        f"Редакция {fact.edition}.",
    ]


def _published(fact: EditionFact, names: Names) -> list[str]:
    del names
    lines = [f"{act_words(fact.act_number)} от {day_words(fact.act_date)}, редакция {fact.edition}."]
    if not fact.changes:
        return [*lines, _standing(fact.after, "в редакции")]
    change = fact.changes[0]
    lines.append(f"{group_words('overall')} по сравнению с прежней редакцией: {whole(change)}.")
    if not change.own and change.before.rank != change.after.rank:
        lines.append("Ваши баллы те же: место изменилось, потому что изменились оценки других.")
    return lines


def _withdrawn(fact: EditionFact, names: Names) -> list[str]:
    del names
    lines = [f"Редакция {fact.edition} отозвана до публикации: её оценки не действуют. Причина — на её странице."]
    if fact.objections:
        lines.append(f"Возражения муниципалитета, по которым оставалось что сделать, закрыты: {fact.objections}.")
    return [*lines, "О новом проекте сообщат отдельно, и возразить можно будет снова."]


def _raised(fact: EditionFact, names: Names) -> list[str]:
    return [
        f"О чём: {_about(fact, names)}.",
        f"Возражение № {fact.objection} ждёт ответа оператора; без ответа редакцию {fact.edition} не зафиксируют.",
    ]


def _answered(fact: EditionFact, names: Names) -> list[str]:
    del names
    if fact.decision == "declined":
        return [f"Отклонено. Причина — на странице редакции {fact.edition}."]
    if fact.applicability is not None:
        return [f"Принято. Исправлено, к кому применяется процедура: акт о неприменимости {fact.applicability}."]
    if fact.result is None:
        return ["Принято. Исправление ещё не внесено; редакцию без него не зафиксируют."]
    return [f"Принято. Результат исправлен: действует его версия {fact.result_revision}."]


def _about(fact: EditionFact, names: Names) -> str:
    if fact.procedure is None:
        return group_words(fact.group or "overall")
    indicator = f", показатель {fact.indicator}" if fact.indicator else ""
    return f"процедура «{names.procedure(fact.procedure)}»{indicator}"


def _standing(standing: Standing | None, where: str) -> str:
    return f"{group_words('overall')} {where}: {state_words(standing)}."


_HEADS: Mapping[str, Callable[[EditionFact], str]] = {
    DRAFTED: _drafted_head,
    PUBLISHED: _published_head,
    WITHDRAWN: _withdrawn_head,
    RAISED: _raised_head,
    ANSWERED: _answered_head,
}
_BODIES: Mapping[str, Callable[[EditionFact, Names], list[str]]] = {
    DRAFTED: _drafted,
    PUBLISHED: _published,
    WITHDRAWN: _withdrawn,
    RAISED: _raised,
    ANSWERED: _answered,
}
