"""What the staff is told of an edition as a whole: for how many, how many places moved, until when, by which act."""

from dataclasses import replace

import pytest

from services.notification.domain import DRAFTED, PUBLISHED, WITHDRAWN, EditionFact, Names, edition_body, edition_title
from services.notification.domain.editions import FROZEN, WHOLE, Counts

FIRST, NEXT = Counts(43, 40), Counts(43, 40, 12, 3)
SAME = Counts(43, 43, 0)
NAMES = Names([])
EACH = "Каждому муниципалитету сообщено отдельно."
WHO = "Муниципалитетов: 43, с местом — 40, без места — 3."
ALL = "Муниципалитетов: 43, с местом — 43, без места — 0."
ALONE = "Прежней редакции нет: сравнивать не с чем."
MOVED = "По сравнению с прежней редакцией место изменилось у 12 муниципалитетов."
UNMOVED = "По сравнению с прежней редакцией место изменилось у 0 муниципалитетов."
REPLY = "Возражения принимаются до 10.02.2023 включительно (время Екатеринбурга)."
ACT = "Акт № 01-14 от 20.02.2023."
GONE = "Муниципалитетов: 43. Оценки проекта не действуют, причина — на его странице."
NEXT_STEP = "Дальше — публикация актом министерства."


def fact(kind: str, counts: Counts | None, edition: str = "2022-2", **about: str | None) -> EditionFact:
    told = {"reply_until": "2023-02-10"} if kind == DRAFTED else {}
    told |= {"act_number": "01-14", "act_date": "2023-02-20"} if kind == PUBLISHED else {}
    return EditionFact(kind, f"{edition}:{kind}", WHOLE, "2022", edition, counts=counts, **(told | about))


DRAFT = "Проект рейтинга за 2022 год направлен муниципалитетам (43), возражения — до 10.02.2023"
READY = "Рейтинг за 2022 год зафиксирован, ждёт публикации"
DONE = "Опубликован рейтинг за 2022 год: муниципалитетов 43"


@pytest.mark.parametrize(
    ("told", "title", "lines"),
    [
        (fact(DRAFTED, FIRST), DRAFT, [WHO, ALONE, REPLY, EACH]),
        (fact(DRAFTED, NEXT), DRAFT, [WHO, MOVED, REPLY, EACH]),
        (fact(FROZEN, FIRST), READY, [WHO, ALONE, "Возражений не было.", NEXT_STEP]),
        (fact(FROZEN, NEXT), READY, [WHO, MOVED, "Возражений было: 3; решены все.", NEXT_STEP]),
        (fact(PUBLISHED, FIRST), DONE, [ACT, WHO, ALONE, EACH]),
        (
            fact(PUBLISHED, NEXT, previous="2022-1"),
            f"{DONE}, место изменилось у 12",
            [ACT, WHO, MOVED, "Заменяет редакцию 2022-1: та остаётся доступной.", EACH],
        ),
        (fact(PUBLISHED, SAME), f"{DONE}, место изменилось у 0", [ACT, ALL, UNMOVED, EACH]),
        (fact(WITHDRAWN, FIRST), "Проект рейтинга за 2022 год отозван", [GONE, EACH]),
        (
            fact(WITHDRAWN, NEXT),
            "Проект рейтинга за 2022 год отозван",
            [GONE, "Возражения, по которым оставалось что сделать, закрыты: 3.", EACH],
        ),
    ],
    ids=["first draft", "draft", "frozen first", "frozen", "first", "next", "same places", "withdrawn", "closed"],
)
def test_the_staff_is_told_each_step_in_one_line_and_in_full(told: EditionFact, title: str, lines: list[str]):
    assert edition_title(told, NAMES) == title
    assert edition_body(told, NAMES).split("\n") == [*lines, "Редакция 2022-2."]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (DRAFTED, "Проект рейтинга региона 66 за 2022 год направлен муниципалитетам (43), возражения — до 10.02.2023"),
        (FROZEN, "Рейтинг региона 66 за 2022 год зафиксирован, ждёт публикации"),
        (PUBLISHED, "Опубликован рейтинг региона 66 за 2022 год: муниципалитетов 43"),
        (WITHDRAWN, "Проект рейтинга региона 66 за 2022 год отозван"),
    ],
)
def test_of_another_region_than_the_home_one_its_number_is_named(kind: str, title: str):
    assert edition_title(fact(kind, FIRST, "66-2022-1", region="66"), NAMES) == title
    at_home = edition_title(fact(kind, FIRST, "2022-1", region="74"), NAMES)
    assert at_home == title.replace(" региона 66", "")


def test_acts_and_school_years_are_called_as_everywhere():
    told = replace(fact(PUBLISHED, FIRST, act_number="приказ № 5"), period="2021-2022")
    assert edition_title(told, NAMES) == "Опубликован рейтинг за 2021/2022 учебный год: муниципалитетов 43"
    assert edition_body(told, NAMES).startswith("Приказ № 5 от 20.02.2023.\n")


def test_a_step_that_was_kept_without_its_counts_is_read():
    told = EditionFact.of(fact(FROZEN, None).document())
    assert edition_title(told, NAMES) == READY
    assert "Муниципалитетов: 0" in edition_body(told, NAMES)
