"""What is stored stays: an older row undoes no reform, and one over an older revision no other's change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.registry.domain import import_municipalities
from shared.kernel import Refused
from tests.unit.registry.made import REFORM, link, name, refused, row, unit


def test_a_row_that_knows_nothing_of_a_reform_does_not_undo_it():
    names = name(until=REFORM), name("Троицкий МО", code="75554000", since=REFORM, kind="municipal_okrug")
    stored = replace(unit("74-troitsky-mr", *names), revision=2)
    assert refused([row()], known=[stored]) == {("/items/0/history", "history-dropped")}
    flat = replace(row(), flat=True)
    assert refused([flat], known=[stored]) == {("/items/0", "history-dropped")}
    changes, _ = import_municipalities([row(expected=2)], {stored.id: stored}, correction=True)
    assert changes[0].state.history == (name(),), "a code that was a mistake"


def test_a_row_that_knows_nothing_of_a_join_does_not_bring_the_joined_one_back():
    joined = replace(unit("74-a", name(until=REFORM), succession=(link("74-b", role="successor"),)), revision=2)
    grown = replace(unit("74-b", name(code="1" * 8), succession=(link("74-a"),)), revision=2)
    older = [row("74-a", expected=2), row("74-b", name(code="1" * 8), expected=2)]
    assert refused(older, known=[joined, grown]) == {
        ("/items/0/history", "history-dropped"),
        ("/items/0/succession", "history-dropped"),
        ("/items/1/succession", "history-dropped"),
    }
    _, outcomes = import_municipalities(older, {one.id: one for one in (joined, grown)}, correction=True)
    assert [one.status for one in outcomes] == ["changed", "changed"]


def test_a_row_that_knows_nothing_of_a_new_name_does_not_take_it_back():
    renamed = replace(unit("74-a", name(until=REFORM), name("Большой Троицк", since=REFORM)), revision=2)
    assert refused([row("74-a")], known=[renamed]) == {("/items/0/history", "history-dropped")}


@pytest.mark.parametrize("until", [None, REFORM + timedelta(days=1)])
def test_another_end_of_a_name_is_a_correction(until: date | None):
    ended = replace(unit("74-a", name(until=REFORM)), revision=2)
    assert refused([row("74-a", name(until=until))], known=[ended]) == {("/items/0/history", "history-dropped")}


def test_more_names_ends_and_links_than_are_stored_drop_nothing():
    stored = replace(unit("74-a"), revision=1), replace(unit("74-b", name(code="1" * 8)), revision=1)
    earlier = name("Троицкий сельсовет", code="2" * 8, since=date(1990, 1, 1), until=date(2006, 1, 1))
    rows = [row("74-a", earlier, name(until=REFORM), succession=(link("74-b", role="successor"),), expected=1)]
    _, outcomes = import_municipalities(rows, {one.id: one for one in stored})
    assert [one.status for one in outcomes] == ["changed"]


@pytest.mark.parametrize(("expected", "stored"), [(1, 2), (0, 2), (3, 2), (1, None)])
def test_of_two_writers_the_second_one_does_not_undo_the_first(expected: int, stored: int | None):
    before = [replace(unit(population=25_000), revision=stored)] if stored else []
    given = replace(row(centre="Троицк"), expected=expected)
    assert refused([given], known=before) == {("/items/0/revision", "stale-revision")}


@pytest.mark.parametrize("stored", [2, None])
def test_a_row_over_the_revision_that_was_read_is_taken(stored: int | None):
    before = {"74-troitsky-mr": replace(unit(), revision=stored)} if stored else {}
    _, outcomes = import_municipalities([replace(row(centre="Троицк"), expected=stored or 0)], before)
    assert outcomes[0].revision == (stored or 0) + 1


@pytest.mark.parametrize("correction", [False, True])
def test_a_change_of_what_is_stored_names_what_was_read_and_a_repeat_need_not(*, correction: bool):
    known = {one.id: one for one in (replace(unit(), revision=2),)}
    with pytest.raises(Refused) as caught:
        import_municipalities([row(centre="Троицк")], known, correction=correction)
    (wrong,) = caught.value.errors
    assert (wrong.pointer, wrong.code) == ("/items/0/revision", "revision-required")
    assert "GET /v1/municipalities/74-troitsky-mr" in wrong.remedy
    _, outcomes = import_municipalities([row()], known, correction=correction)
    assert outcomes[0].status == "unchanged"


def test_no_correction_passes_by_the_revision_that_was_read():
    known = {one.id: one for one in (replace(unit(), revision=2),)}
    with pytest.raises(Refused) as caught:
        import_municipalities([replace(row(), expected=1)], known, correction=True)
    assert [error.code for error in caught.value.errors] == ["stale-revision"]


EARLY = REFORM - timedelta(days=1)
GAP = name(until=EARLY), name("Троицкий МО", code="75554000", since=REFORM, kind="municipal_okrug")
AT_ITS_END = {("/items/0/history/0/valid_to", "gap-in-names")}


def test_the_last_day_of_a_name_given_for_the_first_day_without_it_is_told():
    """The municipality would be nowhere on 31 December, neither in a report of that day nor in its rating."""
    assert refused([row("74-a", *GAP)]) == AT_ITS_END
    assert refused([row("74-a", *reversed(GAP))]) == {("/items/0/history/1/valid_to", "gap-in-names")}
    known = replace(unit("74-a"), revision=2)
    assert refused([row("74-a", *GAP, expected=2)], known=[known]) == AT_ITS_END
    with pytest.raises(Refused) as caught:
        import_municipalities([row("74-a", *GAP)], {})
    (wrong,) = caught.value.errors
    assert (str(EARLY) in wrong.message, f'"{REFORM}"' in wrong.remedy) == (True, True)


def test_a_gap_that_is_meant_is_said_so_once_and_stays():
    changes, _ = import_municipalities([row("74-a", *GAP)], {}, correction=True)
    assert changes[0].state.history == GAP
    known = replace(unit("74-a", *GAP), revision=2)
    _, outcomes = import_municipalities([row("74-a", *GAP, expected=2, centre="Троицк")], {known.id: known})
    assert [one.status for one in outcomes] == ["changed"]
    later = GAP[1].model_copy(update={"valid_from": REFORM + timedelta(days=1)})
    assert ("/items/0/history/0/valid_to", "gap-in-names") in refused([row("74-a", GAP[0], later, expected=2)], [known])


def test_a_name_that_ends_without_another_leaves_no_gap():
    _, outcomes = import_municipalities([row("74-a", name(until=EARLY))], {})
    assert [one.status for one in outcomes] == ["registered"]
