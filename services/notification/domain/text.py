"""Title and body of an inbox item: what changed, why, when."""

from datetime import datetime

from services.notification.domain.facts import GroupChange, ResultCause, RuleCause, ScoreFact, Standing
from services.notification.domain.names import Names
from services.notification.domain.words import (
    PLACES,
    RESULTS,
    STATES,
    amount,
    figure,
    group_words,
    level_words,
    period_words,
)
from shared.calendar import local
from shared.kernel import exact, plural

NAMED_CAUSES = 5


def title(fact: ScoreFact, names: Names) -> str:
    """One line: whose score of what period, and its most telling change."""
    name = names.municipality(fact.municipality, fact.period).name
    change = headline(fact.changes)
    group = group_words(change.group)
    return f"{name}: {group[:1].lower()}{group[1:]} {period_words(fact.period)} — {_short(change)}"


def body(fact: ScoreFact, names: Names) -> str:
    """Every changed group in full, the causes, the moment; one line each."""
    lines = [f"{group_words(change.group)}: {whole(change)}." for change in fact.changes]
    lines.append(_why(fact, names))
    lines.append(
        f"Сведения на {_moment(fact.data_at)} по времени Екатеринбурга; методика «{fact.edition}», "
        f"изменение оценки № {fact.revision}."
    )
    return "\n".join(lines)


def headline(changes: tuple[GroupChange, ...]) -> GroupChange:
    """The overall change where there is one, else the first that is the municipality's own."""
    overall = [change for change in changes if change.group == "overall"]
    own = [change for change in changes if change.own]
    return (overall or own or list(changes))[0]


def _scored(standing: Standing) -> bool:
    return standing.state == "scored" and standing.points is not None and standing.maximum is not None


def _short(change: GroupChange) -> str:
    before, after = change.before, change.after
    if not _scored(after):
        return f"оценки больше нет ({_state(after)})" if _scored(before) else _state(after)
    if not _scored(before):
        return f"появилась оценка: {after.percent} %{_rank_now(after)}"
    parts = []
    if before.percent != after.percent:
        parts.append(f"{after.percent} % (было {before.percent} %)")
    elif before.points != after.points:
        parts.append(f"{amount(exact(after.points or 0))} (было {figure(before.points or '0')})")
    if before.level != after.level:
        parts.append(f"уровень «{level_words(after.level)}» (был «{level_words(before.level)}»)")
    if before.rank != after.rank and after.rank is not None:
        parts.append(f"место {after.rank}" + (f" (было {before.rank})" if before.rank is not None else ""))
    return ", ".join(parts) or _points(before, after)


def state_words(standing: Standing | None) -> str:
    """A score as it stands: points, percent, level, rank, or why there is none."""
    if standing is None:
        return STATES["no_data"]
    return _now(standing) if _scored(standing) else _state(standing)


def whole(change: GroupChange) -> str:
    """A group before and after, in full."""
    before, after = change.before, change.after
    if not _scored(after):
        was = f", было {_now(before)}" if _scored(before) else f", было: {_state(before)}"
        return f"{_state(after)}{was}"
    if not _scored(before):
        return f"{_now(after)}; раньше оценки не было ({_state(before)})"
    parts = [_points(before, after), _percent(before, after), _level(before, after), _rank(before, after)]
    return "; ".join(part for part in parts if part)


def _now(standing: Standing) -> str:
    points, maximum = amount(exact(standing.points or 0)), figure(standing.maximum or "0")
    level = level_words(standing.level)
    return f"{points} из {maximum}, {standing.percent} %, уровень «{level}»{_rank_now(standing)}"


def _rank_now(standing: Standing) -> str:
    return "" if standing.rank is None else f", место {standing.rank}"


def _state(standing: Standing) -> str:
    return STATES.get(standing.state, standing.state)


def _points(before: Standing, after: Standing) -> str:
    old, new = exact(before.points or 0), exact(after.points or 0)
    now = f"{amount(new)} из {figure(after.maximum or '0')}"
    if old == new and before.maximum == after.maximum:
        return f"{now} (без изменений)"
    if old == new:
        return f"{now} (столько же было из {figure(before.maximum or '0')})"
    direction = "больше" if new > old else "меньше"
    out_of = "" if before.maximum == after.maximum else f" из {figure(before.maximum or '0')}"
    return f"{now} (было {figure(old)}{out_of}, на {amount(abs(new - old))} {direction})"


def _percent(before: Standing, after: Standing) -> str:
    if before.percent == after.percent:
        return f"{after.percent} % (без изменений)"
    return f"{after.percent} % (было {before.percent} %)"


def _level(before: Standing, after: Standing) -> str:
    word = f"уровень «{level_words(after.level)}»"
    if before.level == after.level:
        return f"{word} (без изменений)"
    return f"{word} (был «{level_words(before.level)}»)"


def _rank(before: Standing, after: Standing) -> str:
    if after.rank is None:
        return ""
    if before.rank is None:
        return f"место {after.rank}"
    if before.rank == after.rank:
        return f"место {after.rank} (без изменений)"
    steps = abs(before.rank - after.rank)
    direction = "выше" if after.rank < before.rank else "ниже"
    return f"место {after.rank} (было {before.rank}, {direction} на {steps} {plural(steps, PLACES)})"


def _why(fact: ScoreFact, names: Names) -> str:
    named = [_cause(cause, names) for cause in fact.causes[:NAMED_CAUSES]]
    rest = max(fact.causes_count, len(fact.causes)) - len(named)
    if rest > 0:
        named.append(f"и ещё {rest} {plural(rest, RESULTS)}" if named else f"{rest} {plural(rest, RESULTS)}")
    named += [rule_words(rule, names, fact.edition) for rule in fact.rules]
    reasons = "; ".join(named) or "пересчёт оценки"
    return f"{'Причины' if len(named) > 1 else 'Причина'}: {reasons}."


def _cause(cause: ResultCause, names: Names) -> str:
    procedure = names.procedure(cause.procedure)
    if cause.withdrawn:
        return f"отозван результат процедуры «{procedure}» (версия {cause.revision})"
    if cause.revision == 1:
        return f"новый результат процедуры «{procedure}»"
    return f"изменён результат процедуры «{procedure}» (версия {cause.revision})"


def rule_words(rule: RuleCause, names: Names, edition: str) -> str:
    """An edition (of the title that the change of the score tells), or an act, that moved a score."""
    if rule.kind == "edition":
        return f"применена редакция методики «{edition}»"
    named = f" ({rule.act})" if rule.act else ""
    what = f"о том, что процедура «{names.procedure(rule.procedure or '')}» не применяется{named}"
    return f"отозван акт {what}" if rule.withdrawn else f"акт {what}"


def _moment(at: datetime) -> str:
    return local(at).strftime("%d.%m.%Y %H:%M")
