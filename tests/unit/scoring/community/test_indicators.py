"""The nine indicators: shares equal a recount of the listed items, and zero is none of the other states."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.community import Found, Item, Line, Year, indicators, left_out
from services.scoring.domain.community.views import found_view
from services.scoring.usecases.community import the_definitions
from tests.unit.scoring.community.made import PERSON, SAYS, YEAR, found, held, item

KINDS = ("normative_document", "procedure", "assessed_specialist", "register_entry", "material", "publication_link")
FLAGS = st.booleans()
FIELDS: dict[str, dict[str, st.SearchStrategy[object]]] = {
    "normative_document": {"current": FLAGS},
    "procedure": {
        "procedure": st.sampled_from(["riko", "olympiads", "vpr"]),
        "with_registered_experts": FLAGS,
        "uses_content": FLAGS,
    },
    "assessed_specialist": {"percent": st.sampled_from(["0", "59.9999", "60", "60.0001", "100"]), "in_register": FLAGS},
    "register_entry": {"trained": FLAGS, "involved": FLAGS},
    "material": {
        "form": st.sampled_from(["tool", "methodical_material", "draft_document"]),
        "approved": FLAGS, "approved_after_discussion": FLAGS, "about_expertise": FLAGS, "by_registered": FLAGS,
    },
    "publication_link": {},
}  # fmt: skip


@st.composite
def years(draw: st.DrawFn, year: int = 2022) -> list[Item]:
    """Items of all kinds, some withdrawn; a procedure at most once."""
    items: list[Item] = []
    procedures: set[object] = set()
    for number in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(KINDS))
        says = {name: draw(values) for name, values in FIELDS[kind].items()}
        if kind == "procedure":
            if says["procedure"] in procedures:
                continue
            procedures.add(says["procedure"])
        items.append(item(number, kind, year=year, withdrawn=draw(st.sampled_from([False, False, True])), **says))
    return items


def reference(items: list[Item]) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of every share in the plainest way."""
    said = [(one.told.kind, one.told.says) for one in items if not one.withdrawn]
    own = [says for kind, says in said if kind == "procedure" and says["procedure"] != "vpr"]
    passed = [says for kind, says in said if kind == "assessed_specialist" and float(says["percent"]) > 60]
    entries = [says for kind, says in said if kind == "register_entry"]
    approved = [says for kind, says in said if kind == "material" and says["approved"]]
    methodical = [
        says
        for kind, says in said
        if kind == "material" and says["form"] == "methodical_material" and says["about_expertise"]
    ]
    return {
        "E2": (sum(one["with_registered_experts"] for one in own), len(own)),
        "E3": (sum(one["uses_content"] for one in own), len(own)),
        "E4": (sum(one["in_register"] for one in passed), len(passed)),
        "E5": (sum(one["involved"] for one in entries), len(entries)),
        "E6": (sum(one["approved_after_discussion"] for one in approved), len(approved)),
        "E7": (sum(one["trained"] for one in entries), len(entries)),
        "E8": (sum(one["by_registered"] for one in methodical), len(methodical)),
    }


@settings(max_examples=200, deadline=None)
@given(years(), years(2021))
def test_every_value_is_a_recount_of_the_items_that_it_lists(items: list[Item], before: list[Item]):
    made = found(*items, before=tuple(before))
    for code, (counted, of) in reference(items).items():
        one = made[code]
        assert one.numerator
        assert one.denominator
        assert (len(one.numerator.items), len(one.denominator.items)) == (counted, of), code
        assert set(_ids(one.numerator.items)) <= set(_ids(one.denominator.items))
        assert one.value == (Fraction(counted, of) if of else None), code
        assert one.state in ({"scored"} if of else {"no_data", "not_applicable"}), code
    documents = [one for one in items if one.told.kind == "normative_document" and not one.withdrawn]
    assert (made["E1"].value is None) == (not documents)
    if documents:
        assert made["E1"].value == sum(one.told.says["current"] for one in documents)
    links = [sum(one.told.kind == "publication_link" and not one.withdrawn for one in year) for year in (items, before)]
    assert made["E9"].value == (links[0] - links[1] if all(links) else None)


def _ids(lines: tuple[Line, ...]) -> list[str]:
    return [line.id for line in lines]


def test_exactly_sixty_percent_is_no_success():
    made = found(
        item(1, "assessed_specialist", percent="60"),
        item(2, "assessed_specialist", expert=PERSON.format(2), percent="60.0001", in_register=False),
    )["E4"]
    assert (made.value, len(made.denominator.items if made.denominator else ())) == (0, 1)


def test_an_empty_denominator_is_not_applicable_and_never_zero_percent():
    only_failed = found(item(1, "assessed_specialist", percent="60"))["E4"]
    assert (only_failed.state, only_failed.value) == ("not_applicable", None)
    assert "знаменатель пуст" in str(only_failed.reason)
    view = found_view(only_failed, the_definitions())
    assert (view["value"], view["percent"], view["of"]) == (None, None, 0)


def test_zero_no_data_and_not_applicable_are_three_different_things():
    assert found(item(1, "normative_document", current=False))["E1"].value == 0
    stated = found(item(1, "none", of="normative_document"))["E1"]
    assert (stated.state, stated.value) == ("scored", 0)
    assert found()["E1"].state == "no_data"
    assert found(item(1, "none", of="register_entry"))["E5"].state == "not_applicable"
    assert found(item(1, "register_entry", involved=False))["E5"].value == 0


def test_a_municipality_that_did_not_exist_has_no_value_at_all():
    made = indicators(the_definitions(), Year(2022, existed=False), Year(2021))
    assert {(one.state, one.value) for one in made} == {("did_not_exist", None)}


def test_procedures_come_from_results_and_reports_say_how_they_were_held():
    said = item(1, "procedure", procedure="riko", uses_content=False)
    other = item(2, "procedure", procedure="own-contest", title="Муниципальный конкурс", with_registered_experts=False)
    made = found(said, other, held_=(held("riko"), held("olympiads"), held("vpr")))
    whole = made["E2"].denominator
    assert whole
    assert [(line.id, line.origin, line.reported) for line in whole.items] == [
        ("result-olympiads", "event", None), ("result-riko", "event", "i1"), ("i2", "reported", None),
    ]  # fmt: skip
    assert (made["E2"].value, made["E3"].value) == (Fraction(1, 3), Fraction(1, 3))
    assert made["E2"].unreported == ("result-olympiads",)
    assert [one.id for one in left_out(the_definitions(), Year(2022, (), (held("riko"), held("vpr"))))] == [
        "result-vpr"
    ]


def test_procedures_of_which_nobody_said_how_they_were_held_are_no_zero():
    made = found(held_=(held("riko"),))["E2"]
    assert (made.state, made.value, len(made.denominator.items if made.denominator else ())) == ("no_data", None, 1)


def test_a_difference_needs_both_years():
    now, then = item(1, "publication_link"), item(2, "publication_link", year=2021)
    assert found(now)["E9"].state == "no_data"
    assert found(now, before=(then, item(3, "publication_link", year=2021)))["E9"].value == -1
    assert found(now, before=(item(4, "none", year=2021, of="publication_link"),))["E9"].value == 1


def test_a_year_after_the_founding_has_no_difference_because_the_year_before_did_not_exist():
    """Whatever was reported: nobody could have reported of the year before."""
    for items in ((), (item(1, "publication_link"),)):
        year, before = Year(2022, items), Year(2021, existed=False)
        made = {one.definition.code: one for one in indicators(the_definitions(), year, before)}
        assert (made["E9"].state, made["E9"].value) == ("did_not_exist", None)
        assert made["E9"].reason == "за 2021 год сравнить не с чем: муниципалитета в этом году не было"
        assert made["E9"].numerator
        assert len(made["E9"].numerator.items) == len(items)
        assert {one.state for code, one in made.items() if code != "E9"} == {"no_data"}


def test_a_percent_is_rounded_half_up_and_the_share_stays_exact():
    entries = [item(n, "register_entry", expert=PERSON.format(n), trained=n < 5) for n in range(8)]
    view = found_view(found(*entries)["E7"], the_definitions())
    assert (view["value"], view["percent"], view["counted"], view["of"]) == ("0.625", 63, 5, 8)


def test_there_are_nine_indicators_of_three_criteria_and_each_counts_a_known_kind():
    definitions = the_definitions()
    assert [one.code for one in definitions.indicators] == [f"E{n}" for n in range(1, 10)]
    assert [sum(one.criterion == key for one in definitions.indicators) for key in definitions.criteria] == [2, 3, 4]
    for one in definitions.indicators:
        fields = SAYS[one.of]
        parts = [one.items, *([one.numerator] if one.numerator else [])]
        assert {each.field for part in parts for each in part.conditions} <= fields.keys(), one.code


@pytest.mark.parametrize("code", ["E2", "E4", "E6"])
def test_no_line_names_anything_but_what_was_reported(code: str):
    made: Found = found(item(1, "assessed_specialist"), item(2, "material"), held_=(held("riko"),))[code]
    view = found_view(made, the_definitions())
    for part in ("numerator", "denominator"):
        for line in view[part]["items"]:
            assert line.keys() == {"what", "id", "date", "source", "origin", "reported_by"}
            assert all(line[name] for name in ("what", "id", "date", "source"))


def test_a_withdrawn_statement_that_there_was_none_makes_no_zero():
    def stated(**more: bool) -> Year:
        return Year(YEAR, (item(1, "none", **more),))

    assert stated().none_of("normative_document")
    assert not stated(withdrawn=True).none_of("normative_document")
    assert not stated(withdrawn=True).told("normative_document")
