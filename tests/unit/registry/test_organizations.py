"""What an import of organisations changes, tells and refuses."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.registry.domain import Municipality, Organization, OrganizationRow, import_organizations
from services.registry.domain.organization import Neighbours
from services.registry.events import DatedName, OrganizationChanged, OrganizationRegistered, SuccessionLink
from shared.kernel import Refused

TODAY = date(2022, 11, 1)
ZLATOUST = Municipality(
    id="74-zlatoustovsky-go",
    region="74",
    history=(DatedName(name="Златоустовский ГО", kind="urban_okrug", oktmo="75712000", valid_from=date(2006, 1, 1)),),
    revision=1,
)


def school(known_as: str = "74-school-1", **more: Any) -> Organization:
    given = {"name": "Школа № 1", "kind": "school", "owner": "municipality", "municipality": ZLATOUST.id, **more}
    return Organization(**{"id": known_as, "region": "74", "valid_from": date(2000, 9, 1), **given})


def known(*stored: Organization) -> Neighbours:
    return Neighbours(
        stored={one.id: one for one in stored},
        by_source={(one.region, one.source_id): one.id for one in stored if one.source_id},
        municipalities={ZLATOUST.id: ZLATOUST},
        today=TODAY,
    )


def rows(*given: Organization, expected: int | None = None) -> list[OrganizationRow]:
    return [OrganizationRow(one, expected=expected) for one in given]


def refused(given: list[OrganizationRow], about: Neighbours) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        import_organizations(given, about)
    assert all(error.remedy for error in caught.value.errors)
    return {(error.pointer, error.code) for error in caught.value.errors}


def test_a_new_school_is_registered():
    changes, outcomes = import_organizations(rows(school()), known())
    (event,) = changes[0].events
    assert isinstance(event, OrganizationRegistered)
    assert (event.key, event.revision, event.municipality) == ("74-school-1", 1, ZLATOUST.id)
    assert outcomes[0].status == "registered"


def test_the_same_school_again_tells_nothing():
    stored = replace(school(), revision=2)
    changes, outcomes = import_organizations(rows(school()), known(stored))
    assert (changes[0].events, outcomes[0].status, outcomes[0].revision) == ((), "unchanged", 2)


def test_a_school_that_changed_is_told_with_the_next_revision():
    stored = replace(school(), revision=2)
    changes, outcomes = import_organizations(rows(school(name="Лицей № 1"), expected=2), known(stored))
    (event,) = changes[0].events
    assert isinstance(event, OrganizationChanged)
    assert (event.revision, event.name, outcomes[0].status) == (3, "Лицей № 1", "changed")
    assert refused(rows(school(name="Лицей № 1")), known(stored)) == {("/items/0/revision", "revision-required")}


def closed() -> Neighbours:
    return known(replace(school(valid_to=date(2021, 8, 31)), revision=2))


@pytest.mark.parametrize("valid_to", [None, date(2021, 9, 1)])
def test_a_closed_school_is_opened_again_by_a_correction_only(valid_to: date | None):
    older = rows(school(name="Школа", valid_to=valid_to), expected=2)
    assert refused(older, closed()) == {("/items/0/valid_to", "history-dropped")}
    changes, _ = import_organizations(older, closed(), correction=True)
    assert changes[0].state.valid_to == valid_to


def test_a_school_may_be_closed_and_a_closed_one_renamed():
    ended = rows(school(valid_to=date(2021, 8, 31)), expected=2)
    _, outcomes = import_organizations(ended, known(replace(school(), revision=2)))
    assert outcomes[0].status == "changed"
    renamed = rows(school(name="Лицей № 1", valid_to=date(2021, 8, 31)), expected=2)
    _, outcomes = import_organizations(renamed, closed())
    assert outcomes[0].status == "changed"


def test_an_older_row_does_not_move_a_school_back_to_whom_it_belonged():
    about = known(replace(school(owner="ministry", municipality=None), revision=2))
    assert refused([OrganizationRow(school(), expected=1)], about) == {("/items/0/revision", "stale-revision")}
    changes, _ = import_organizations([OrganizationRow(school(), expected=2)], about)
    assert changes[0].state.revision == 3
    assert refused([OrganizationRow(school(), expected=0)], about) == {("/items/0/revision", "stale-revision")}


def test_a_municipality_may_be_named_by_its_code():
    changes, _ = import_organizations(rows(school(municipality="75712000")), known())
    assert changes[0].state.municipality == ZLATOUST.id


def test_a_school_of_the_ministry_belongs_to_no_municipality():
    changes, _ = import_organizations(rows(school(owner="ministry", municipality=None)), known())
    assert changes[0].state.municipality is None


@pytest.mark.parametrize(
    ("wanted", "place", "code"),
    [
        (school("Школа 1"), "id", "invalid-id"),
        (school(name=" "), "name", "empty-name"),
        (school(valid_to=date(2000, 9, 1)), "valid_to", "ends-before-it-begins"),
        (school(municipality=None), "municipality", "municipality-required"),
        (school(owner="ministry"), "municipality", "ministry-has-no-municipality"),
        (school(municipality="74-nowhere"), "municipality", "unknown-municipality"),
        (school(municipality="75999999"), "municipality", "unknown-municipality"),
    ],
)
def test_a_wrong_school_is_refused_where_it_is_wrong(wanted: Organization, place: str, code: str):
    assert refused(rows(wanted), known()) == {(f"/items/0/{place}", code)}


def test_an_id_given_twice_is_refused():
    assert refused(rows(school(), school()), known()) == {("/items/1/id", "repeated-id")}


def test_a_source_id_of_another_school_is_refused():
    stored = replace(school("74-school-2", source_id="7"), revision=1)
    assert refused(rows(school(source_id="7")), known(stored)) == {("/items/0/source_id", "source-id-taken")}


def test_a_source_id_claimed_twice_in_a_request_is_refused():
    given = rows(school(source_id="7"), school("74-school-2", source_id="7"))
    assert refused(given, known()) == {("/items/1/source_id", "source-id-taken")}


def test_schools_without_a_source_id_are_no_doubles_of_one_another():
    _, outcomes = import_organizations(rows(school(), school("74-school-2")), known())
    assert [one.status for one in outcomes] == ["registered", "registered"]


def test_two_schools_may_swap_their_source_ids_in_one_request():
    first, second = school(source_id="1"), school("74-school-2", source_id="2")
    stored = known(replace(first, revision=1), replace(second, revision=1))
    swapped = rows(replace(first, source_id="2"), replace(second, source_id="1"), expected=1)
    _, outcomes = import_organizations(swapped, stored)
    assert [one.status for one in outcomes] == ["changed", "changed"]


def after_a_union() -> Neighbours:
    link = SuccessionLink(kind="join", municipality=ZLATOUST.id, role="successor", on=date(2021, 1, 1))
    names = (
        DatedName(
            name="Старый МР", kind="municipal_district", oktmo="75600000", valid_from=date(2006, 1, 1), valid_to=link.on
        ),
    )
    gone = Municipality(id="74-gone", region="74", history=names, succession=(link,), revision=2)
    return replace(known(), municipalities={ZLATOUST.id: ZLATOUST, gone.id: gone})


@pytest.mark.parametrize("named", ["74-gone", "75600000"])
def test_an_owner_that_was_gone_before_the_school_opened_is_refused_and_its_heir_named(named: str):
    with pytest.raises(Refused) as caught:
        import_organizations(rows(school(municipality=named, valid_from=date(2021, 1, 1))), after_a_union())
    [wrong] = caught.value.errors
    assert (wrong.pointer, wrong.code) == ("/items/0/municipality", "owner-gone")
    assert ZLATOUST.id in wrong.remedy


def test_a_row_that_says_what_is_stored_is_taken_whoever_owned_it():
    stored = school(municipality="74-gone", valid_from=date(2021, 1, 1), revision=1)
    neighbours = replace(after_a_union(), stored={stored.id: stored})
    for named in ("74-gone", "75600000"):
        _, [outcome] = import_organizations(rows(replace(stored, municipality=named), expected=1), neighbours)
        assert outcome.status == "unchanged"
    with pytest.raises(Refused, match="invalid-import") as caught:
        import_organizations(rows(replace(stored, valid_from=date(2021, 2, 1)), expected=1), neighbours)
    assert caught.value.errors[0].code == "owner-gone"


def test_a_school_that_is_older_than_its_owner_or_outlives_it_is_taken():
    _, outcomes = import_organizations(rows(school(), school("74-school-2", municipality="74-gone")), after_a_union())
    assert [one.status for one in outcomes] == ["registered", "registered"]
