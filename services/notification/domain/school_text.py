"""Title and body of an item about a school list: which school, by which criteria, because of which results."""

from services.notification.domain.names import Names
from services.notification.domain.schools import LISTED, SchoolFact
from services.notification.domain.words import RESULTS, period_words
from shared.kernel import plural

SPANS = {"year": "за год", "three_years": "за три года"}
CRITERIA = {
    "russian": "русский язык",
    "mathematics": "математика",
    "metasubject": "метапредметные результаты",
    "functional_literacy": "функциональная грамотность",
    "set": "совокупность критериев",
}
NAMED_CAUSES = 5


def school_title(fact: SchoolFact, names: Names) -> str:
    """One line: which school, by its name as far as the registry has told it, and what happened."""
    criteria = "; ".join(_criterion(one) for one in fact.criteria)
    school = names.school(fact.school) or f"Школа {fact.school}"
    if fact.kind == LISTED:
        return f"{school}: низкие результаты {period_words(fact.period)} — {criteria}"
    return f"{school}: больше не в списке низких результатов {period_words(fact.period)} — {criteria}"


def school_body(fact: SchoolFact, names: Names) -> str:
    """What happened in full, a line each."""
    happened = "Вошла в список по критериям" if fact.kind == LISTED else "Вышла из списка по критериям"
    return "\n".join([
        f"{happened}: {'; '.join(_criterion(one) for one in fact.criteria)}.",
        _why(fact, names),
        "Показатели каждого критерия и пороги — в профиле школы.",
    ])  # fmt: skip


def _criterion(key: str) -> str:
    span, _, criterion = key.partition(".")
    return f"{CRITERIA.get(criterion, criterion)} ({SPANS.get(span, span)})"


def _why(fact: SchoolFact, names: Names) -> str:
    procedures = dict.fromkeys(names.procedure(cause.procedure) for cause in fact.causes)
    named = [f"«{procedure}»" for procedure in list(procedures)[:NAMED_CAUSES]]
    if not fact.causes_count:
        return "Основание: результаты отозваны."
    counted = f"{fact.causes_count} {plural(fact.causes_count, RESULTS)}"
    return f"Основание: {counted}: {', '.join(named)}." if named else f"Основание: {counted}."
