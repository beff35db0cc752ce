"""Russian words of recommendations: levels, groups, periods, and the text that follows from a fallen level."""

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


def text_of(basis: Basis, period: str) -> str:
    """The text of a draft: what happened, and what is recommended."""
    fell = (
        f"{_period(period)} уровень {group_words(basis.group)} снизился: "
        f"был «{level_words(basis.before_level)}» ({basis.before_percent} %), "
        f"стал «{level_words(basis.after_level)}» ({basis.after_percent} %); "
        f"изменение оценки № {basis.score_revision}."
    )
    results = _WHERE.get(basis.group, "процедур этой группы")
    lines = [
        fell,
        "Рекомендуется:",
        f"1. Рассмотреть на совещании результаты {results} и показатели, потерявшие баллы: «Из чего сложилась оценка».",
        "2. Определить меры по каждому из них, ответственных и сроки; сверить сроки с дорожными картами.",
        "3. Сообщить решение: принять рекомендацию или отклонить её с указанием причины.",
    ]
    if basis.after_level == "low":
        lines.append("4. Обратиться к региональному оператору за адресным сопровождением: уровень низкий.")
    return "\n".join(lines)


def group_words(group: str) -> str:
    """By which score the level is, in the dative."""
    return _OF_GROUP.get(group, f"по группе «{group}»")


def level_words(level: str) -> str:
    """The word of a level."""
    return LEVEL_WORDS.get(level, level)


def _period(period: str) -> str:
    begin, _, end = period.partition("-")
    return f"За {begin}/{end} учебный год" if end else f"За {begin} год"
