"""The words of publication: until when, by which act, and why a place moved though nothing of one's own did."""

from dataclasses import replace

from services.notification.domain import (
    ANSWERED,
    DRAFTED,
    MUNICIPALITY,
    PROCEDURE,
    PUBLISHED,
    RAISED,
    WITHDRAWN,
    DatedName,
    EditionFact,
    NameFact,
    Names,
    Standing,
    edition_body,
    edition_title,
)

NAMES = Names(
    [
        NameFact(MUNICIPALITY, "a", 1, (DatedName("Аргаяшский МР", None, "2005-01-01"),)),
        NameFact(PROCEDURE, "vpr", 1, (DatedName("ВПР", None, ""),)),
    ]
)
BEFORE = Standing("scored", "72", "95", "72/95", 76, "above_average", 3)
SAME = replace(BEFORE, rank=5)
MORE = Standing("scored", "74", "95", "74/95", 78, "above_average", 1)


def fact(kind: str, **about: object) -> EditionFact:
    return EditionFact(kind, f"2022-1:a:{kind}", "a", "2022", "2022-1", **about)


def test_a_draft_says_until_when_to_object():
    told = fact(DRAFTED, after=MORE, reply_until="2023-02-10")
    assert edition_title(told, NAMES) == "Аргаяшский МР: проект рейтинга за 2022 год, возражения — до 10.02.2023"
    assert "74 балла из 95, 78 %" in edition_body(told, NAMES)
    assert "до 10.02.2023 включительно" in edition_body(told, NAMES)


def test_a_publication_names_its_act_and_the_place_before():
    told = fact(PUBLISHED, before=BEFORE, after=MORE, act_number="01-14", act_date="2023-02-20")
    assert edition_title(told, NAMES) == "Аргаяшский МР: опубликован рейтинг за 2022 год, место 1 (было 3)"
    assert "Акт № 01-14 от 20.02.2023" in edition_body(told, NAMES)
    assert "Приказ № 5 от 20.02.2023" in edition_body(replace(told, act_number="приказ № 5"), NAMES)
    assert "оценки других" not in edition_body(told, NAMES)


def test_who_was_moved_by_others_alone_is_told_so_once():
    told = fact(PUBLISHED, before=BEFORE, after=SAME, act_number="1", act_date="2023-02-20")
    assert "Ваши баллы те же: место изменилось, потому что изменились оценки других." in edition_body(told, NAMES)


def test_a_first_publication_has_nothing_to_compare_with():
    told = fact(PUBLISHED, after=Standing("no_data"), act_number="1", act_date="2023-02-20")
    assert edition_title(told, NAMES) == "Аргаяшский МР: опубликован рейтинг за 2022 год, без места"
    assert "нет данных" in edition_body(told, NAMES)


def test_a_withdrawn_draft_says_that_it_counts_no_more_and_what_became_of_objections():
    told = fact(WITHDRAWN, objections=2)
    assert edition_title(told, NAMES) == "Аргаяшский МР: проект рейтинга за 2022 год отозван"
    assert "её оценки не действуют" in edition_body(told, NAMES)
    assert "закрыты: 2." in edition_body(told, NAMES)
    assert "закрыты" not in edition_body(replace(told, objections=0), NAMES)


def test_an_objection_and_its_answers():
    raised = fact(RAISED, objection="2022-1-1", procedure="vpr", indicator="i2")
    assert edition_title(raised, NAMES) == "Аргаяшский МР: возражение к проекту рейтинга за 2022 год, № 2022-1-1"
    assert "процедура «ВПР», показатель i2" in edition_body(raised, NAMES)
    answered = fact(ANSWERED, objection="2022-1-1", decision="accepted")
    assert "ещё не внесено" in edition_body(answered, NAMES)
    assert edition_title(answered, NAMES) == "Аргаяшский МР: возражение № 2022-1-1 принято"
    corrected = replace(answered, result="r1", result_revision=2)
    assert "Результат исправлен: действует его версия 2." in edition_body(corrected, NAMES)
    for later in (corrected, replace(answered, applicability="a7")):
        told = "Аргаяшский МР: возражение № 2022-1-1 принято, исправление записано"
        assert edition_title(later, NAMES) == told
    assert "акт о неприменимости a7" in edition_body(replace(answered, applicability="a7"), NAMES)
    declined = replace(answered, decision="declined")
    assert edition_title(declined, NAMES) == "Аргаяшский МР: возражение № 2022-1-1 отклонено"
    assert edition_body(declined, NAMES).startswith("Отклонено.")
    assert "Принято" not in edition_body(declined, NAMES)


def test_an_item_that_was_kept_before_acts_could_correct_is_read():
    kept = fact(ANSWERED, objection="2022-1-1", decision="accepted", result="r1", result_revision=2)
    document = kept.document()
    del document["applicability"]
    assert EditionFact.of(document) == kept
