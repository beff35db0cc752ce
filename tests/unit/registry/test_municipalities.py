"""What an import of municipalities changes, tells and refuses."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain import Municipality, MunicipalityRow, holder_of, import_municipalities, needed_by
from services.registry.domain.municipality import REGISTER
from services.registry.events import (
    DatedName,
    MunicipalityChanged,
    MunicipalityRegistered,
)
from shared.kernel import Refused
from tests.unit.registry.made import REFORM, link, name, refused, row, unit


def test_a_new_municipality_is_registered_with_its_full_state():
    changes, outcomes = import_municipalities([row(population=25_000, latitude="54.08")], {})
    assert outcomes[0].status == "registered"
    (event,) = changes[0].events
    assert isinstance(event, MunicipalityRegistered)
    assert (event.key, event.revision, event.population, event.latitude) == ("74-troitsky-mr", 1, 25_000, "54.08")
    assert event.history == (name(),)
    assert changes[0].state == replace(unit(population=25_000, latitude="54.08"), revision=1)


def test_all_people_may_be_children_and_their_number_unknown():
    for figures in ({"population": 10, "children": 10}, {"population": 10}, {"children": 10}):
        _, outcomes = import_municipalities([row(**figures)], {})
        assert outcomes[0].status == "registered"


def test_the_same_again_tells_nothing():
    stored = replace(unit(), revision=3)
    changes, outcomes = import_municipalities([row()], {stored.id: stored})
    assert changes[0].events == ()
    assert changes[0].state == stored
    assert (outcomes[0].status, outcomes[0].revision) == ("unchanged", 3)


def test_another_order_of_names_and_links_is_no_change():
    names = name(until=REFORM), name("Троицкий МО", code="75554000", since=REFORM, kind="municipal_okrug")
    links = link("74-b"), link("74-a")
    known = {
        one: replace(unit(one, name(code=code)), revision=1) for one, code in (("74-a", "1" * 8), ("74-b", "2" * 8))
    }
    first, _ = import_municipalities([row("74-troitsky-mr", *names, succession=links)], known)
    stored = first[0].state
    again, outcomes = import_municipalities(
        [row("74-troitsky-mr", *reversed(names), succession=(*reversed(links), links[0]))], {**known, stored.id: stored}
    )
    assert outcomes[0].status == "unchanged"
    assert again[0].events == ()


def test_a_reform_is_a_change_and_keeps_the_id():
    stored = replace(unit(), revision=1)
    names = name(until=REFORM), name("Троицкий МО", code="75554000", since=REFORM, kind="municipal_okrug")
    itself = link("74-troitsky-mr", "change_of_kind", "successor")
    changes, outcomes = import_municipalities(
        [row("74-troitsky-mr", *names, succession=(itself,), expected=1)], {stored.id: stored}
    )
    (event,) = changes[0].events
    assert isinstance(event, MunicipalityChanged)
    assert (outcomes[0].status, event.revision, event.id) == ("changed", 2, "74-troitsky-mr")
    state = changes[0].state
    assert state.shown_on(date(2022, 5, 1)).oktmo == "75654000"
    assert state.shown_on(REFORM).kind == "municipal_okrug"
    assert state.name_on(date(2005, 12, 31)) is None
    assert state.shown_on(date(2000, 1, 1)).name == "Троицкий МР"


def test_a_name_that_ended_is_still_shown_afterwards():
    ended = unit("74-troitsky-mr", name(until=REFORM))
    assert ended.name_on(REFORM) is None
    assert ended.shown_on(date(2026, 1, 1)).name == "Троицкий МР"


def test_overlapping_names_are_refused_at_the_later_one():
    names = name("Новый", code="75554000", since=REFORM), name(until=REFORM + timedelta(days=1))
    assert refused([row("74-troitsky-mr", *names)]) == {("/items/0/history/0/valid_from", "overlapping-names")}


def test_names_that_meet_on_a_day_do_not_overlap():
    names = name(until=REFORM), name("Новый", since=REFORM)
    changes, _ = import_municipalities([row("74-troitsky-mr", *names)], {})
    assert len(changes[0].state.history) == 2


@pytest.mark.parametrize(
    ("wanted", "place", "code"),
    [
        (unit("Троицкий"), "id", "invalid-id"),
        (unit("74_troitsky"), "id", "invalid-id"),
        (unit("74-" + "a" * 100), "id", "invalid-id"),
        (unit("75-troitsky-mr"), "region", "foreign-region"),
        (replace(unit(), region="т"), "region", "invalid-region"),
        (unit("74-a", name(until=date(2006, 1, 1))), "history/0/valid_to", "ends-before-it-begins"),
        (unit("74-a", name(until=date(2005, 1, 1))), "history/0/valid_to", "ends-before-it-begins"),
        (unit("74-a", name(code="7565400")), "history/0/oktmo", "invalid-oktmo"),
        (unit("74-a", name(code="٧٥٦٥٤٠٠٠")), "history/0/oktmo", "invalid-oktmo"),
        (unit("74-a", name("  ")), "history/0/name", "empty-name"),
        (unit("74-a", name("А ")), "history/0/name", "invalid-name"),
        (unit("74-a", name("А\nБ")), "history/0/name", "invalid-name"),
        (replace(unit("74-a"), history=()), "history", "no-name"),
        (unit("74-a", population=10, children=11), "children", "more-children-than-people"),
        (unit("74-a", succession=(link("74-nobody"),)), "succession/0/municipality", "unknown-municipality"),
        (unit("74-a", succession=(link("74-a"),)), "succession/0/municipality", "succession-to-itself"),
        (unit("74-a", succession=(link("74-a", "rename"),)), "succession/0/on", "succession-without-name"),
    ],
)
def test_a_wrong_row_is_refused_where_it_is_wrong(wanted: Municipality, place: str, code: str):
    assert (f"/items/0/{place}", code) in refused([MunicipalityRow(wanted)])


def test_a_flat_row_is_refused_beside_its_id():
    assert refused([row("74-a", name(code="1"), flat=True)]) == {("/items/0/oktmo", "invalid-oktmo")}


def test_one_wrong_row_keeps_all_out_and_every_wrong_row_is_named():
    rows = [row("74-a", name(code="11111111")), row("74-b", name(code="2")), row("74-c", name(code="3"))]
    assert refused(rows) == {
        ("/items/1/history/0/oktmo", "invalid-oktmo"),
        ("/items/2/history/0/oktmo", "invalid-oktmo"),
    }


def test_more_than_a_hundred_errors_are_all_told():
    days = [REFORM + timedelta(days=number) for number in range(151)]
    rows = [
        row(f"74-a{number}", name(code="x", since=since, until=until))
        for number, (since, until) in enumerate(pairwise(days))
    ]
    with pytest.raises(Refused) as caught:
        import_municipalities(rows, {})
    assert len(caught.value.errors) == 150
    assert "ошибок 150" in caught.value.detail


def test_an_id_given_twice_is_refused_at_the_second():
    assert ("/items/1/id", "repeated-id") in refused([row("74-a"), row("74-a")])


def test_a_code_of_a_stored_municipality_is_refused():
    stored = replace(unit("74-other"), revision=1)
    assert refused([row("74-a")], known=[stored]) == {("/items/0/history/0/oktmo", "code-taken")}


def test_a_code_claimed_twice_in_a_request_is_refused_at_the_second():
    assert refused([row("74-a"), row("74-b")]) == {("/items/1/history/0/oktmo", "code-taken")}


def test_a_long_stored_claim_is_met_behind_shorter_ones():
    stored = {one.id: replace(one, revision=1) for one in (
        unit("74-long"), unit("74-short", name(code="1" * 8))
    )}  # fmt: skip
    rows = [row("74-b", name(since=date(2010, 1, 1), until=date(2011, 1, 1))), row("74-c", name(since=REFORM))]
    assert refused(rows, known=list(stored.values())) == {
        ("/items/0/history/0/oktmo", "code-taken"),
        ("/items/1/history/0/oktmo", "code-taken"),
    }


def test_a_stored_code_is_right_even_where_it_begins_later():
    stored = replace(unit("74-late", name(since=REFORM)), revision=1)
    assert refused([row("74-a")], known=[stored]) == {("/items/0/history/0/oktmo", "code-taken")}


def test_a_code_may_pass_on_from_one_day_to_the_next():
    stored = replace(unit("74-old", name(until=REFORM)), revision=1)
    changes, _ = import_municipalities([row("74-a", name(since=REFORM))], {stored.id: stored})
    assert changes[0].events


def test_a_code_that_is_given_up_in_the_same_request_may_be_taken():
    stored = replace(unit("74-old"), revision=1)
    rows = [row("74-a", name(since=REFORM)), row("74-old", name(until=REFORM), expected=1)]
    _, outcomes = import_municipalities(rows, {stored.id: stored})
    assert [one.status for one in outcomes] == ["registered", "changed"]


def test_links_may_lead_to_rows_of_the_same_request():
    rows = [row("74-a", name(code="1" * 8), succession=(link("74-b"),)), row("74-b", name(code="2" * 8))]
    _, outcomes = import_municipalities(rows, {})
    assert [one.status for one in outcomes] == ["registered", "registered"]


def test_what_must_be_known_is_ids_links_and_codes():
    ids, codes = needed_by([row("74-a", name(code="1" * 8), succession=(link("74-b"),))])
    assert (ids, codes) == ({"74-a", "74-b"}, {"11111111"})


def test_a_code_finds_who_holds_it_on_the_day():
    old, new = unit("74-old", name(until=REFORM)), unit("74-new", name(since=REFORM))
    among = [new, old]
    assert holder_of("75654000", among, date(2024, 12, 31)) is old
    assert holder_of("75654000", among, REFORM) is new
    assert holder_of("00000000", among, REFORM) is None


def test_a_code_held_by_nobody_that_day_finds_its_last_or_first_holder():
    gone = unit("74-old", name(until=REFORM))
    assert holder_of("75654000", [gone], date(2030, 1, 1)) is gone
    assert holder_of("75654000", [gone], date(1990, 1, 1)) is gone


@pytest.mark.parametrize(
    ("on", "whose"), [(date(1990, 1, 1), "74-a"), (date(2011, 1, 1), "74-a"), (date(2030, 1, 1), "74-b")]
)
def test_of_two_former_holders_of_a_code_the_last_before_the_day_is_meant_and_before_both_the_first(
    on: date, whose: str
):
    first = unit("74-a", name(until=date(2010, 1, 1)))
    second = unit("74-b", name(since=date(2012, 1, 1), until=date(2020, 1, 1)))
    for among in ([first, second], [second, first]):
        found = holder_of("75654000", among, on)
        assert found is not None
        assert found.id == whose


DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@st.composite
def histories(draw: st.DrawFn) -> tuple[DatedName, ...]:
    """Dated names one after another, each with one of three codes; the last one open or closed."""
    days = sorted(draw(st.sets(DAYS, min_size=2, max_size=5)))
    return tuple(
        name(f"Имя {number}", code=draw(st.sampled_from(("11111111", "22222222", "33333333"))), since=begin, until=end)
        for number, (begin, end) in enumerate(pairwise(days))
    )


@given(st.lists(histories(), min_size=2, max_size=4), DAYS)
def test_what_is_accepted_never_shares_a_code_on_any_day(given_histories: list[tuple[DatedName, ...]], day: date):
    rows = [row(f"74-m{number}", *history) for number, history in enumerate(given_histories)]
    try:
        changes, _ = import_municipalities(rows, {})
    except Refused:
        events = [(spell.oktmo, spell.valid_from, spell.valid_to, number)
                  for number, history in enumerate(given_histories) for spell in history]  # fmt: skip
        assert any(a[0] == b[0] and a[3] != b[3] and a[1] < b[2] and b[1] < a[2] for a in events for b in events)
        return
    held = [spell.oktmo for change in changes if (spell := change.state.name_on(day))]
    assert len(held) == len(set(held))


@given(histories(), st.randoms())
def test_importing_what_was_exported_changes_nothing(history: tuple[DatedName, ...], random: Random):
    stored = REGISTER.decide(None, unit("74-m", *history)).state
    shuffled = list(stored.history)
    random.shuffle(shuffled)
    _, outcomes = import_municipalities(
        [MunicipalityRow(replace(stored, history=tuple(shuffled), revision=0))], {"74-m": stored}
    )
    assert outcomes[0].status == "unchanged"
