"""Title and body of an item about a step of an edition as a whole: what happened, what it comes to, what is next."""

from collections.abc import Callable, Mapping

from services.notification.domain.editions import DRAFTED, FROZEN, PUBLISHED, WITHDRAWN, Counts, EditionFact
from services.notification.domain.words import MUNICIPALITIES_OF, act_words, day_words, period_words
from shared.kernel import plural


def whole_title(fact: EditionFact) -> str:
    """One line: what happened to the rating of a period, for how many."""
    return _HEADS[fact.kind](fact, fact.counts or Counts(0, 0))


def whole_body(fact: EditionFact) -> str:
    """What happened in full, a line each."""
    counts = fact.counts or Counts(0, 0)
    return "\n".join([*_BODIES[fact.kind](fact, counts), f"Редакция {fact.edition}."])


def _of_what(fact: EditionFact) -> str:
    """`за 2022 год`; of another region than the home one: `региона 66 за 2022 год`."""
    return f"региона {fact.region} {period_words(fact.period)}" if fact.abroad else period_words(fact.period)


def _drafted_head(fact: EditionFact, counts: Counts) -> str:
    until = day_words(fact.reply_until)
    return f"Проект рейтинга {_of_what(fact)} направлен муниципалитетам ({counts.total}), возражения — до {until}"


def _frozen_head(fact: EditionFact, counts: Counts) -> str:
    del counts
    return f"Рейтинг {_of_what(fact)} зафиксирован, ждёт публикации"


def _published_head(fact: EditionFact, counts: Counts) -> str:
    moved = "" if counts.moved is None else f", место изменилось у {counts.moved}"
    return f"Опубликован рейтинг {_of_what(fact)}: муниципалитетов {counts.total}{moved}"


def _withdrawn_head(fact: EditionFact, counts: Counts) -> str:
    del counts
    return f"Проект рейтинга {_of_what(fact)} отозван"


def _drafted(fact: EditionFact, counts: Counts) -> list[str]:
    until = day_words(fact.reply_until)
    reply = f"Возражения принимаются до {until} включительно (время Екатеринбурга)."
    return [_who(counts), *_moved(counts), reply, _EACH]


def _frozen(fact: EditionFact, counts: Counts) -> list[str]:
    del fact
    settled = f"Возражений было: {counts.objections}; решены все." if counts.objections else "Возражений не было."
    return [_who(counts), *_moved(counts), settled, "Дальше — публикация актом министерства."]


def _published(fact: EditionFact, counts: Counts) -> list[str]:
    replaced = [f"Заменяет редакцию {fact.previous}: та остаётся доступной."] if fact.previous else []
    act = f"{act_words(fact.act_number)} от {day_words(fact.act_date)}."
    return [act, _who(counts), *_moved(counts), *replaced, _EACH]


def _withdrawn(fact: EditionFact, counts: Counts) -> list[str]:
    del fact
    lines = [f"Муниципалитетов: {counts.total}. Оценки проекта не действуют, причина — на его странице."]
    if counts.objections:
        lines.append(f"Возражения, по которым оставалось что сделать, закрыты: {counts.objections}.")
    return [*lines, _EACH]


def _who(counts: Counts) -> str:
    without = counts.total - counts.placed
    return f"Муниципалитетов: {counts.total}, с местом — {counts.placed}, без места — {without}."


def _moved(counts: Counts) -> list[str]:
    if counts.moved is None:
        return ["Прежней редакции нет: сравнивать не с чем."]
    whose = f"{counts.moved} {plural(counts.moved, MUNICIPALITIES_OF)}"
    return [f"По сравнению с прежней редакцией место изменилось у {whose}."]


_EACH = "Каждому муниципалитету сообщено отдельно."
_HEADS: Mapping[str, Callable[[EditionFact, Counts], str]] = {
    DRAFTED: _drafted_head,
    FROZEN: _frozen_head,
    PUBLISHED: _published_head,
    WITHDRAWN: _withdrawn_head,
}
_BODIES: Mapping[str, Callable[[EditionFact, Counts], list[str]]] = {
    DRAFTED: _drafted,
    FROZEN: _frozen,
    PUBLISHED: _published,
    WITHDRAWN: _withdrawn,
}
