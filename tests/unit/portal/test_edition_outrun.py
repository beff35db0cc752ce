"""What was typed into a form of an edition that is offered no more stays on the page, to be copied."""

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.editions import OBJECTION, answering, edition
from tests.unit.portal.fake import OWN, refused
from tests.unit.portal.test_edition_forms import sent

SAID = {"about": "procedure:vpr:i2", "text": "Не все классы\r\n\r\nсм. таблицу <2>", "evidence": "протокол № 4"}
OVER = edition(reply_until="2023-02-10", replies_end="2023-02-11T00:00:00+05:00")
ANSWER = "objections/2022-1-1/answer"
ACCEPTED = OBJECTION | {"state": "accepted", "reason": "Класс 9Б"}


def typed(*lines: tuple[str, str]) -> str:
    shown = (f'<p class="small">{label}</p><p class="typed">{text}</p>\n' for label, text in lines)
    return f'<div class="notice"><p><strong>Вы ввели:</strong></p>\n{"".join(shown)}</div>'


@pytest.mark.parametrize("now", [OVER, edition("withdrawn"), edition("frozen")], ids=["over", "withdrawn", "frozen"])
async def test_an_objection_stays_where_objections_are_taken_no_more(stage: Stage, now: dict[str, object]):
    stage.answers = answering(now, refused(409, "reply-closed"))
    answer = await sent(stage, f"municipality:{OWN}", "objections", **SAID)
    assert (answer.status_code, "<textarea" in answer.text) == (409, False)
    text = "Не все классы\n\nсм. таблицу &lt;2&gt;"
    assert typed(("В чём ошибка", text), ("На чём основано", "протокол № 4")) in answer.text


@pytest.mark.parametrize("there", [True, False])
async def test_what_is_still_offered_holds_what_was_typed_and_nothing_is_said_twice(stage: Stage, *, there: bool):
    stage.answers = answering(edition(), refused(409, "reply-closed"))
    answer = await sent(stage, f"municipality:{OWN}", "objections", **(SAID if there else {}))
    assert "Вы ввели" not in answer.text
    assert ("протокол № 4</textarea>" in answer.text) is there


@pytest.mark.parametrize(
    "now",
    [OBJECTION | {"state": "declined", "settled": True, "reason": "Учтено"}, ACCEPTED | {"procedure": "ege"}],
    ids=["declined", "accepted"],
)
async def test_the_reason_of_an_answer_stays_where_a_colleague_was_quicker(stage: Stage, now: dict[str, object]):
    stage.answers = answering(edition(), refused(409, "objection-answered"), objections=(now,))
    answer = await sent(stage, "regional_operator", ANSWER, decision="declined", reason="Классы учтены все")
    assert answer.status_code == 409
    assert typed(("Пояснение", "Классы учтены все")) in answer.text


async def test_the_reason_stays_in_its_field_where_a_correction_can_still_be_named(stage: Stage):
    stage.answers = answering(edition(), refused(409, "objection-answered"), objections=(ACCEPTED,))
    answer = await sent(stage, "regional_operator", ANSWER, decision="declined", reason="Классы учтены все")
    assert ("Вы ввели" in answer.text, 'value="Классы учтены все"' in answer.text) == (False, True)


async def test_an_answer_stays_where_the_objections_do_not_come(stage: Stage):
    stage.answers = answering(edition(), httpx.Response(503), objections=())
    answer = await sent(stage, "regional_operator", ANSWER, decision="declined", reason="Классы учтены все")
    assert typed(("Пояснение", "Классы учтены все")) in answer.text


async def test_the_reason_of_a_withdrawal_and_the_number_of_an_act_stay_after_another_took_the_step(stage: Stage):
    for act, form, lost in (
        ("withdraw", {"reason": "Ошибка в ВПР"}, ("Пояснение", "Ошибка в ВПР")),
        ("publish", {"number": "01-14", "date": "2023-02-20"}, ("Номер акта", "01-14")),
    ):
        stage.answers = answering(edition("published"), refused(412, "stale-revision"))
        answer = await sent(stage, "ministry", act, confirm="1", **form)
        assert (answer.status_code, typed(lost) in answer.text) == (412, True)
