"""Why a score changed, as an official reads it: results, also withdrawn ones, and rules."""

from dataclasses import replace

from services.notification.consumers.scores import told_by
from services.notification.domain import ResultCause, RuleCause, ScoreFact, body
from services.scoring import events as scoring
from shared.kernel import Cause, Heard, Origin
from tests.unit.notification.test_text import NAMES, fact

ACT = RuleCause("act", "act-1", procedure="vpr", act="Приказ № 5 от 01.02.2022")
EDITION = RuleCause("edition", "complex-analytics-2023")


def why(told: ScoreFact) -> str:
    return body(told, NAMES).split("\n")[1]


def test_a_withdrawn_result_is_told_as_withdrawn() -> None:
    told = replace(fact(), causes=(ResultCause("r0", 3, "vpr", withdrawn=True),))
    assert why(told) == "Причина: отозван результат процедуры «Всероссийские проверочные работы» (версия 3)."


def test_rules_that_moved_a_score_are_named() -> None:
    words = "о том, что процедура «Всероссийские проверочные работы» не применяется (Приказ № 5 от 01.02.2022)"
    told = replace(fact(causes=0), rules=(ACT,))
    assert why(told) == f"Причина: акт {words}."
    assert why(replace(told, rules=(replace(ACT, withdrawn=True),))) == f"Причина: отозван акт {words}."
    told = replace(told, methodology="complex-analytics-2023", methodology_title="Комплексный анализ, 2023 год")
    assert (
        why(replace(told, rules=(EDITION,))) == "Причина: применена редакция методики «Комплексный анализ, 2023 год»."
    )
    untitled = replace(told, rules=(EDITION,), methodology_title=None)
    assert why(untitled) == "Причина: применена редакция методики «complex-analytics-2023»."
    both = why(replace(told, rules=(EDITION, ACT)))
    assert both == f"Причины: применена редакция методики «Комплексный анализ, 2023 год»; акт {words}."


def test_a_score_that_nothing_is_known_to_have_moved_is_told_as_counted_again() -> None:
    assert why(fact(causes=0)) == "Причина: пересчёт оценки."


def test_a_change_comes_back_from_its_document_also_from_one_that_says_less() -> None:
    told = replace(
        fact(),
        causes=(ResultCause("r0", 3, "vpr", withdrawn=True),),
        rules=(ACT, EDITION),
        methodology_title="Комплексный анализ",
    )
    assert ScoreFact.of(told.document()) == told
    less = fact().document()
    del less["rules"], less["methodology_title"], less["causes_withdrawn"]
    assert ScoreFact.of(less) == fact()


def test_what_scoring_tells_of_causes_is_kept() -> None:
    event = scoring.ScoreChanged(
        municipality="m",
        period="2022",
        revision=1,
        methodology="complex-analytics-2023",
        methodology_title="Комплексный анализ, 2023 год",
        changes=(),
        causes=(scoring.ResultCause(result="r0", revision=3, procedure="vpr", withdrawn=True),),
        causes_count=1,
        rules=(scoring.RuleCause(kind="act", id="act-1", procedure="vpr", act="Приказ № 5 от 01.02.2022"),),
        data_at=fact().data_at,
    )
    (told,) = told_by(Heard(event, "e", "rsoko/scoring", Cause("c"), Origin(event.topic(), 0, 0)))
    assert isinstance(told, ScoreFact)
    assert told.causes == (ResultCause("r0", 3, "vpr", withdrawn=True),)
    assert told.rules == (ACT,)
    assert told.edition == "Комплексный анализ, 2023 год"
