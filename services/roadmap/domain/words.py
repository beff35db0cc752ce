"""Russian words of recommendations: levels, groups, periods, and the text that follows from a fallen level."""

from services.roadmap.domain.following import Rule, ScoreTold
from services.roadmap.domain.recommendation import Basis

LEVELS = ("low", "medium", "above_average", "high")
LEVEL_WORDS = dict(zip(LEVELS, ("низкий", "средний", "выше среднего", "высокий"), strict=True))
OVERALL = "overall"
_OF_GROUP = {
    OVERALL: "по общей оценке",
    "conditions": "по группе «Создание условий»",
    "results": "по группе «Учебные и воспитательные результаты»",
    "processes": "по группе «Рабочие процессы»",
}
_WHERE = {
    OVERALL: "процедур всех трёх групп",
    "conditions": "процедур создания условий",
    "results": "оценочных процедур и процедур воспитания",
    "processes": "процедур управления рабочими процессами",
}


def text_key(basis: Basis) -> str:
    """The stable name of the text: what fell, and whether to the lowest level."""
    what = "overall" if basis.group == OVERALL else "group"
    return f"level-fell-{what}-low" if basis.after_level == "low" else f"level-fell-{what}"


def text_of(basis: Basis, told: ScoreTold) -> str:
    """The text of a draft: what happened, by which rules where they changed, and what is recommended."""
    fell = (
        f"{_period(told.period)} уровень {group_words(basis.group)} снизился: "
        f"был «{level_words(basis.before_level)}» ({basis.before_percent} %), "
        f"стал «{level_words(basis.after_level)}» ({basis.after_percent} %); "
        f"изменение оценки № {basis.score_revision}."
    )
    lines = [
        fell,
        *_rules(told),
        "Рекомендуется:",
        *_measures(_WHERE.get(basis.group, "процедур этой группы"), by_results=told.results or not told.rules),
        "3. Сообщить решение: принять рекомендацию или отклонить её с указанием причины.",
    ]
    if basis.after_level == "low":
        lines.append("4. Обратиться к региональному оператору за адресным сопровождением: уровень низкий.")
    return "\n".join(lines)


def _rules(told: ScoreTold) -> list[str]:
    """Which rules moved the score, in one line; none where only results did."""
    if not told.rules:
        return []
    before = "Изменились и правила" if told.results else "Новых результатов в этом изменении нет, изменились правила"
    return [f"{before}: {'; '.join(map(_rule, told.rules))}."]


def _rule(one: Rule) -> str:
    if not one.act:
        return f"применена редакция методики «{one.title}»"
    named = f" ({one.title})" if one.title else ""
    return f"{'отозван акт' if one.withdrawn else 'акт'} о том, что процедура не применяется{named}"


def _measures(results: str, *, by_results: bool) -> list[str]:
    """What to look at first: nothing was lost by anybody's work where the rules alone changed."""
    where, dates = "«Из чего сложилась оценка»", "ответственных и сроки; сверить сроки с дорожными картами"
    if by_results:
        return [
            f"1. Рассмотреть на совещании результаты {results} и показатели, потерявшие баллы: {where}.",
            f"2. Определить меры по каждому из них, {dates}.",
        ]
    return [
        f"1. Рассмотреть на совещании, как по этим правилам оцениваются результаты {results}: {where}.",
        f"2. Решить, по каким показателям нужны меры, определить {dates}.",
    ]


def group_words(group: str) -> str:
    """By which score the level is, in the dative."""
    return _OF_GROUP.get(group, f"по группе «{group}»")


def level_words(level: str) -> str:
    """The word of a level."""
    return LEVEL_WORDS.get(level, level)


def _period(period: str) -> str:
    begin, _, end = period.partition("-")
    return f"За {begin}/{end} учебный год" if end else f"За {begin} год"
