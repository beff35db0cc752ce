"""Reported items: idempotent by their own id, corrected with revision and reason, nothing counted twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.scoring.domain.community import Item, Report, Told, Withdrawal, put, withdraw
from services.scoring.domain.community.item import MOST, MOST_REVISIONS
from services.scoring.store.documents import item_document, read_item
from shared.kernel import Conflict, NotFound, PreconditionRequired, Refused, Stale
from tests.unit.scoring.community.made import NOW, PERSON, item, told


def report(said: Told, expected: int | None = None, reason: str | None = None) -> Report:
    return Report(told=said, by="municipality:m1", now=NOW, expected=expected, reason=reason)


def reported(number: int = 1, kind: str = "material", **says: object) -> Item:
    return put(f"i{number}", "m1", None, report(told(kind, **says)), others=())


def test_a_repeat_changes_nothing_and_needs_no_revision():
    first = reported()
    assert put("i1", "m1", first, report(told("material")), others=[first]) is first


def test_a_correction_keeps_what_was_said_before():
    first = reported()
    given = replace(report(told("material", by_registered=False), 1, "ошибка ввода"), now=NOW + timedelta(days=1))
    after = put("i1", "m1", first, given, others=[first])
    assert (after.recorded_at, after.past[0].recorded_at) == (NOW + timedelta(days=1), NOW)
    assert (after.revision, after.reason, after.told.says["by_registered"]) == (2, "ошибка ввода", False)
    assert [(one.revision, one.told) for one in after.past] == [(1, first.told)]
    assert read_item(item_document(after)) == after


@pytest.mark.parametrize(
    ("given", "refused", "code"),
    [
        (report(told("material", by_registered=False)), PreconditionRequired, "if-match-required"),
        (report(told("material", by_registered=False), 2, "почему"), Stale, "stale-revision"),
        (report(told("material", by_registered=False), 1), Refused, "reason-required"),
        (report(told("material", year=2021), 1, "год"), Conflict, "community-item-other-kind"),
        (report(told("normative_document"), 1, "вид"), Conflict, "community-item-other-kind"),
    ],
)  # fmt: skip
def test_a_correction_without_its_revision_or_reason_is_refused(given: Report, refused: type[Refused], code: str):
    first = reported()
    with pytest.raises(refused) as told_:
        put("i1", "m1", first, given, others=[first])
    assert told_.value.code == code


def test_a_first_report_that_names_a_revision_is_stale():
    with pytest.raises(Stale):
        put("i1", "m1", None, report(told("material"), 1, "почему"), others=())


@pytest.mark.parametrize("kind", ["assessed_specialist", "register_entry", "procedure", "none"])
def test_the_same_is_not_counted_twice_under_two_ids(kind: str):
    first = reported(1, kind)
    with pytest.raises(Conflict) as told_:
        put("i2", "m1", None, report(told(kind)), others=[first])
    assert (told_.value.code, told_.value.extra) == ("community-item-repeated", {"item": "i1"})
    gone = withdraw("i1", first, Withdrawal("municipality:m1", NOW, 1, "задвоение"))
    assert put("i2", "m1", None, report(told(kind)), others=[gone]).revision == 1


def test_another_specialist_of_the_same_year_counts():
    first = reported(1, "register_entry")
    assert put("i2", "m1", None, report(told("register_entry", expert=PERSON.format(2))), others=[first])


@pytest.mark.parametrize(("there", "given"), [("none", "normative_document"), ("normative_document", "none")])
def test_nothing_stands_beside_the_statement_that_there_is_nothing(there: str, given: str):
    with pytest.raises(Conflict) as told_:
        put("i2", "m1", None, report(told(given)), others=[reported(1, there)])
    assert told_.value.code == "community-item-contradicts"


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        (told("procedure", on=date(2021, 12, 31)), "/on"),
        (told("normative_document", on=date(2023, 1, 1)), "/on"),
        (told("material", approved=False), "/approved"),
    ],
)
def test_a_day_outside_the_year_and_an_approval_that_is_none_are_refused(said: Told, pointer: str):
    with pytest.raises(Refused) as told_:
        put("i1", "m1", None, report(said), others=())
    assert [one.pointer for one in told_.value.errors] == [pointer]


def test_a_day_that_has_not_come_is_refused_by_the_regions_clock():
    """What will be done is nothing done: it would count from today."""
    eve = datetime(2022, 3, 1, 18, 59, tzinfo=UTC)  # a minute to midnight in Yekaterinburg
    ahead = replace(report(told("material", on=date(2022, 3, 2))), now=eve)
    with pytest.raises(Refused) as told_:
        put("i1", "m1", None, ahead, others=())
    assert [(one.pointer, one.code) for one in told_.value.errors] == [("/on", "in-the-future")]
    assert put("i1", "m1", None, replace(ahead, now=eve + timedelta(minutes=1)), others=()).revision == 1
    beyond = replace(report(told("material", on=date(2023, 1, 1))), now=eve)
    with pytest.raises(Refused) as told_:
        put("i1", "m1", None, beyond, others=())
    assert [one.code for one in told_.value.errors] == ["outside-year"], "said once"


def test_what_was_taken_of_a_day_to_come_is_repeated_without_change_and_put_right_as_a_correction():
    """Earlier versions took it: the same PUT goes on changing nothing."""
    march = datetime(2022, 3, 1, tzinfo=UTC)
    kept = replace(item(1, "material"), told=told("material", on=date(2022, 12, 31)))
    same = replace(report(kept.told), now=march)
    assert put("i1", "m1", kept, same, others=[kept]) is kept
    right = replace(report(told("material", on=date(2022, 2, 1)), 1, "дата"), now=march)
    assert put("i1", "m1", kept, right, others=[kept]).told.on == date(2022, 2, 1)
    with pytest.raises(Refused):
        put(
            "i1",
            "m1",
            kept,
            replace(report(told("material", on=date(2022, 12, 30)), 1, "дата"), now=march),
            others=[kept],
        )


@pytest.mark.parametrize("on", [date(2022, 1, 1), date(2022, 12, 31)])
def test_the_first_and_the_last_day_of_the_year_are_days_of_it(on: date):
    assert put("i1", "m1", None, report(told("procedure", on=on)), others=()).told.on == on


def test_a_municipality_has_so_many_items_of_a_year_and_no_more():
    others = [item(number, "material") for number in range(1, MOST + 1)]
    assert put("i0", "m1", None, report(told("material")), others=others[1:])
    with pytest.raises(Refused) as told_:
        put("i0", "m1", None, report(told("material")), others=others)
    assert told_.value.code == "too-many-items"


def test_a_document_older_than_the_year_holds_in_it():
    assert put("i1", "m1", None, report(told("normative_document", on=date(2019, 3, 1))), others=()).revision == 1


def test_a_withdrawn_item_stays_and_comes_back_by_a_correction():
    gone = withdraw("i1", reported(), Withdrawal("municipality:m1", NOW, 1, "не наш материал"))
    assert (gone.withdrawn, gone.revision) == (True, 2)
    assert withdraw("i1", gone, Withdrawal("municipality:m1", NOW, 1, "ещё раз")) is gone
    back = put("i1", "m1", gone, report(told("material"), 2, "всё-таки наш"), others=[gone])
    assert (back.withdrawn, back.revision) == (False, 3)
    with pytest.raises(NotFound):
        withdraw("i9", None, Withdrawal("municipality:m1", NOW, 1, "нет такой"))


def test_revisions_of_one_item_end_somewhere():
    one = item(1, "material")
    for number in range(MOST_REVISIONS - 1):
        one = put("i1", "m1", one, report(told("material", title=f"{number}"), one.revision, "ещё"), others=())
    with pytest.raises(Conflict) as told_:
        put("i1", "m1", one, report(told("material"), one.revision, "ещё"), others=())
    assert told_.value.code == "too-many-revisions"
