"""An edition's way, purely: every step from every state, and random histories against a plain model of the rules."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.publication import (
    ACCEPTED,
    DECLINED,
    Act,
    Correction,
    Course,
    Edition,
    Made,
    Objection,
    Plan,
    Reply,
    Signature,
    answered,
    check_draft,
    check_takes_replies,
    draft,
    freeze,
    publish,
    supersede,
    touched,
    withdraw,
)
from services.scoring.domain.publication.passport import Issue, Publisher, passport
from services.scoring.domain.publication.writing import course_after
from shared.calendar import day_of
from shared.kernel import Conflict, Refused
from tests.unit.scoring.publication.made import BY, NOON, OVER, UNTIL, drafted, later, made, objection

ACT = Act("01-14", date(2023, 2, 11))


def test_a_draft_tells_until_when_to_reply():
    change = draft(Course("2022", 1, None, "2022-1"), Plan("2022", None, UNTIL), made(), by=BY)
    edition = change.state
    assert (edition.id, edition.number, edition.previous) == ("2022-2", 2, "2022-1")
    assert edition.title == "Рейтинг муниципалитетов за 2022 год"
    assert [event.TYPE.split(".")[-2] for event in change.events] == ["drafted"]
    assert edition.replies_end == OVER


@pytest.mark.parametrize(("period", "said"), [("2022", "за 2022 год"), ("2021-2022", "за 2021/2022 учебный год")])
def test_title_and_passport_speak_of_a_school_year_as_everything_else_does(period: str, said: str):
    edition = draft(Course(period), Plan(period, None, UNTIL), made(), by=BY).state
    assert edition.title == f"Рейтинг муниципалитетов {said}"
    day = date(2023, 2, 20)
    fields = {one.property: one.value for one in passport(edition, Publisher(), Issue(day, day))}
    assert fields["description"].startswith(f"Рейтинг муниципалитетов {said}: общая оценка")


def test_replies_end_with_the_day_in_the_region():
    check_takes_replies(drafted(), now=OVER - timedelta(microseconds=1))
    with pytest.raises(Conflict) as refused:
        check_takes_replies(drafted(), now=OVER)
    assert (refused.value.code, "10.02.2023" in refused.value.detail) == ("reply-closed", True)


def test_a_freeze_fixes_instant_and_content():
    frozen = freeze(drafted(), (), made(OVER, "b" * 64), by=BY).state
    assert (frozen.state, frozen.as_of, frozen.sha256) == ("frozen", OVER, "b" * 64)
    again = freeze(frozen, (), made(later(days=1), "c" * 64), by=BY)
    assert (again.state, again.events) == (frozen, ())


def test_a_freeze_by_another_methodology_than_the_drafts_is_refused_with_what_to_do():
    with pytest.raises(Conflict) as refused:
        freeze(drafted(), (), replace(made(OVER), methodology="another-2022"), by=BY)
    assert (refused.value.code, refused.value.extra) == ("methodology-differs", {"methodology": "another-2022"})
    assert "Отзовите проект и направьте новый" in refused.value.detail


@pytest.mark.parametrize(
    ("unsettled", "at", "code"),
    [
        ((), OVER - timedelta(seconds=1), "reply-open"),
        ((objection(),), OVER, "objections-open"),
        ((replace(objection(), state=ACCEPTED, reply=Reply(ACCEPTED)),), OVER, "objections-open"),
    ],
)
def test_a_freeze_waits_for_the_time_and_for_every_answer(unsettled: tuple[Objection, ...], at: datetime, code: str):
    with pytest.raises(Conflict) as refused:
        freeze(drafted(), unsettled, made(at), by=BY)
    assert refused.value.code == code
    if unsettled:
        assert refused.value.extra["objections"] == ["2022-1-1"]


def test_only_the_first_objections_are_named_of_many():
    with pytest.raises(Conflict) as refused:
        freeze(drafted(), [objection(number) for number in range(1, 9)], made(OVER), by=BY)
    assert "и ещё 3" in refused.value.detail
    assert len(refused.value.extra["objections"]) == 8


def test_an_act_of_tomorrow_publishes_nothing():
    frozen = freeze(drafted(), (), made(OVER), by=BY).state
    with pytest.raises(Refused) as refused:
        publish(frozen, Act("1", date(2023, 2, 13)), by=BY, now=later(days=1))
    assert refused.value.errors[0].code == "in-the-future"


def test_an_act_may_be_older_than_the_edition_for_past_ratings_are_entered_too():
    frozen = freeze(drafted(), (), made(OVER), by=BY).state
    assert publish(frozen, Act("1", date(2022, 12, 30)), by=BY, now=later(days=1)).state.public


@pytest.mark.parametrize(
    ("number", "said"),
    [("01-14", "акт № 01-14"), ("приказ № 01-14", "приказ № 01-14"), ("распоряжение 5-р", "распоряжение 5-р")],
)
def test_an_act_is_called_what_it_was_typed_as(number: str, said: str):
    assert Act(number, date(2023, 2, 11)).words() == f"{said} от 11.02.2023"


def test_a_publication_supersedes_the_one_before():
    frozen = freeze(drafted(), (), made(OVER), by=BY).state
    done = publish(frozen, ACT, by=BY, now=later(days=1)).state
    old = supersede(done, "2022-2", by=BY, now=later(days=9))
    assert (old.state, old.superseded_by, old.act, old.sha256) == ("superseded", "2022-2", ACT, done.sha256)


def test_an_accepted_objection_takes_a_correction_later_and_a_declined_one_nothing():
    signed = Signature(BY, NOON)
    accepted = answered(objection(), Reply(ACCEPTED), signed).state
    assert not accepted.settled
    corrected = answered(accepted, Reply(ACCEPTED, None, Correction("r1", 2)), signed)
    assert corrected.state.settled
    assert answered(corrected.state, Reply(ACCEPTED, None, Correction("r1", 2)), signed).events == ()
    declined = answered(objection(), Reply(DECLINED, "нет"), signed).state
    for one, reply in (
        (declined, Reply(ACCEPTED)),
        (accepted, Reply(DECLINED, "нет")),
        (corrected.state, Reply(ACCEPTED)),
    ):
        with pytest.raises(Conflict) as refused:
            answered(one, reply, signed)
        assert refused.value.code == "objection-answered"


def test_the_answer_of_an_accepted_objection_is_kept_when_its_correction_comes():
    signed, named = Signature(BY, NOON), Correction("r1", 2)
    accepted = answered(objection(), Reply(ACCEPTED, "Класс 9Б не учтён"), signed).state
    assert answered(accepted, Reply(ACCEPTED), signed).events == (), "a repeat"
    with pytest.raises(Conflict) as refused:
        answered(accepted, Reply(ACCEPTED, "другое"), signed)
    assert (refused.value.code, "только исправление" in refused.value.detail) == ("objection-answered", True)
    corrected = answered(accepted, Reply(ACCEPTED, None, named), signed).state
    assert corrected.reply == Reply(ACCEPTED, "Класс 9Б не учтён", named)
    assert answered(corrected, Reply(ACCEPTED, None, named), signed).events == (), "a repeat"
    reworded = answered(accepted, Reply(ACCEPTED, "Класс 9Б учтён", named), signed).state
    assert reworded.reply == Reply(ACCEPTED, "Класс 9Б учтён", named)


def test_the_course_of_a_period_knows_the_one_under_way_and_the_last_published():
    course = course_after(Course("2022"), drafted())
    assert course == Course("2022", 1, "2022-1", None)
    frozen = freeze(drafted(), (), made(OVER), by=BY).state
    done = publish(frozen, ACT, by=BY, now=later(days=1)).state
    course = course_after(course_after(course, frozen), done)
    assert course == Course("2022", 1, None, "2022-1")
    newer = drafted(course)
    assert (newer.id, newer.previous) == ("2022-2", "2022-1")
    gone = withdraw(newer, "ошибка", by=BY, now=NOON).state
    assert course_after(course_after(course, newer), gone) == Course("2022", 2, None, "2022-1")
    assert course_after(course, supersede(done, "2022-2", by=BY, now=NOON)) == course


@dataclass
class Model:
    """The rules in the plainest way: what has happened in a period, and what of it was ever published."""

    now: datetime = NOON
    course: Course = field(default_factory=lambda: Course("2022"))
    editions: dict[str, Edition] = field(default_factory=dict)
    objections: dict[str, list[Objection]] = field(default_factory=dict)
    published: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def keep(self, edition: Edition) -> None:
        self.editions[edition.id] = edition
        self.course = course_after(self.course, edition)


def _draft(model: Model, number: int) -> None:
    until = (model.now + timedelta(days=number % 3)).date()
    content = Made(model.now, "small", f"{number:064x}")
    model.keep(draft(model.course, Plan("2022", None, until), content, by=BY).state)


def _named(model: Model, number: int) -> Edition:
    """Mostly the one under way, so that histories come far; else any."""
    if model.course.under_way is not None and number % 4:
        return model.editions[model.course.under_way]
    editions = sorted(model.editions)
    if not editions:
        raise Conflict("edition-not-found", "нет")
    return model.editions[editions[number % len(editions)]]


def _object(model: Model, number: int) -> None:
    edition = _named(model, number)
    check_takes_replies(edition, now=model.now)
    after = touched(edition, raised=1)
    one = objection(after.objections, at=model.now)
    model.objections.setdefault(edition.id, []).append(replace(one, edition=edition.id))
    model.keep(after)


def _answer(model: Model, number: int) -> None:
    edition = _named(model, number // 4)
    check_draft(edition)
    listed = model.objections.get(edition.id) or []
    if not listed:
        return
    index = number % len(listed)
    replies = (Reply(ACCEPTED), Reply(ACCEPTED, None, Correction("r1", 2)), Reply(DECLINED, "нет"))
    listed[index] = answered(listed[index], replies[number % 3], Signature(BY, model.now)).state
    model.keep(touched(edition))


def _freeze(model: Model, number: int) -> None:
    edition = _named(model, number)
    unsettled = [one for one in model.objections.get(edition.id, ()) if not one.settled]
    model.keep(freeze(edition, unsettled, Made(model.now, "small", f"{number + 1000:064x}"), by=BY).state)


def _publish(model: Model, number: int) -> None:
    edition = _named(model, number)
    done = publish(edition, Act("1", day_of(model.now)), by=BY, now=model.now)
    last = model.course.last
    if done.events and last is not None:
        model.keep(supersede(model.editions[last], edition.id, by=BY, now=model.now))
    model.keep(done.state)


def _withdraw(model: Model, number: int) -> None:
    model.keep(withdraw(_named(model, number), "ошибка", by=BY, now=model.now).state)


def _wait(model: Model, number: int) -> None:
    model.now += timedelta(hours=8 * number)


DEEDS: tuple[Any, ...] = (_draft, _object, _answer, _freeze, _publish, _withdraw, _wait)


@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 11)), max_size=60))
def test_whatever_is_tried_nothing_is_published_unanswered_and_what_is_published_stays(
    history: list[tuple[Any, int]],
) -> None:
    model = Model()
    for deed, number in history:
        before = dict(model.editions)
        try:
            deed(model, number)
        except (Conflict, Refused):
            assert model.editions == before, "a refusal changes nothing"
        _check(model)


def _check(model: Model) -> None:
    states = [one.state for one in model.editions.values()]
    assert states.count("published") <= 1
    assert states.count("draft") + states.count("frozen") <= 1
    for edition in model.editions.values():
        if edition.state in {"frozen", "published", "superseded"}:
            assert all(one.settled for one in model.objections.get(edition.id, ())), edition.id
            assert edition.as_of >= edition.replies_end
        if edition.public:
            kept = model.published.setdefault(edition.id, (edition.sha256, edition.as_of))
            assert (edition.sha256, edition.as_of) == kept, "what is published never changes"
            assert edition.act is not None
    assert all(model.editions[one].public for one in model.published), "what was published stays readable"
