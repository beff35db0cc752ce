"""The format of threshold sets: what is wrong is named by place and line, what ships is right."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.scoring.domain.schools import read_thresholds, thresholds_for, thresholds_from_yaml
from shared.kernel import Refused
from tests.unit.scoring.schools.made import LOW, STRONG, TEST, document, thresholds

DATA = Path(__file__).parents[4] / "data"
SHIPPED = (DATA / "thresholds" / "schools-2020.yaml").read_text(encoding="utf-8")
TEXT = json.dumps(document(), indent=1, ensure_ascii=False)  # JSON is YAML too
LINE = ' "minimum_participants": 10,'


def wrong(told: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read_thresholds(told)
    assert refused.value.code == "invalid-thresholds"
    return [(error.pointer, error.code) for error in refused.value.errors]


def results(**more: Any) -> list[dict[str, Any]]:
    [one, *_] = document()["criteria"]
    return [{**one, "results": [{"procedure": "vpr", "low": LOW, "strong": STRONG, **more}]}]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"criteria": []}, [("/criteria", "not-a-list"), ("/set/low", "not-an-integer")]),
        ({"in_force": {"from": 2022, "to": 2021}}, [("/in_force/to", "empty-range")]),
        ({"in_force": {}}, [("/in_force/from", "not-an-integer")]),
        ({"minimum_participants": 0}, [("/minimum_participants", "out-of-range")]),
        ({"set": {"low": 9, "strong": 1}}, [("/set/low", "not-an-integer")]),
        ({"three_years": {"low": 1, "strong": 2}}, [("/three_years/low", "out-of-range")]),
        ({"three_years": {"low": 4, "strong": 2}}, [("/three_years/low", "not-an-integer")]),
        ({"pupils": 1}, [("/pupils", "unknown-field")]),
        ({"signs": {"fdr": 2, "spike": TEST, "marks": TEST, "jump": TEST, "medals": TEST}},
         [("/signs/fdr", "out-of-range")]),
    ],
)  # fmt: skip
def test_each_wrong_place_of_a_set_is_named(more: dict[str, Any], expected: list[tuple[str, str]]):
    assert wrong(document(**more))[: len(expected)] == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"low": {"measure": "height", "at_least": 1}}, ("/low/measure", "not-allowed")),
        ({"low": {"measure": "low_share"}}, ("/low", "one-comparison")),
        ({"low": {"measure": "low_share", "at_least": "1.5"}}, ("/low/at_least", "out-of-range")),
        ({"low": {"measure": "low_share", "at_least": 0}}, ("/low/at_least", "not-positive")),
        ({"strong": {"measure": "low_share", "at_most": "0.4"}}, ("/strong", "limits-overlap")),
        ({"strong": {"measure": "low_share", "at_least": "0.9"}}, ("/strong", "limits-overlap")),
    ],
)
def test_a_wrong_limit_is_named(more: dict[str, Any], expected: tuple[str, str]):
    [(pointer, code), *_] = wrong(document(criteria=[*results(**more), document()["criteria"][1]]))
    assert (pointer.removeprefix("/criteria/0/results/0"), code) == expected


def test_wrong_boundaries_are_named():
    spike = {**TEST, "boundaries": {"vpr": [14, 10], "oge": [1]}}
    found = wrong(document(signs={**document()["signs"], "spike": spike}))
    assert found == [
        ("/signs/spike/boundaries/vpr", "not-ascending"), ("/signs/spike/boundaries/oge/0", "out-of-range"),
    ]  # fmt: skip


def test_boundaries_whose_works_would_be_counted_twice_are_refused_where_a_set_is_put_and_read_where_it_is_stored():
    spike = {**TEST, "boundaries": {"vpr": [6, 9, 11], "oge": [15, 23, 29]}}
    told = document(signs={**document()["signs"], "spike": spike})
    text = json.dumps(told, indent=1)
    with pytest.raises(Refused) as refused:
        thresholds_from_yaml(text)
    [error] = refused.value.errors
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if row.strip() == "11")
    assert (error.pointer, error.code) == ("/signs/spike/boundaries/vpr/2", "too-near")
    assert error.message == f"строка {line}: от границы 9 до границы 11 меньше 3 баллов: работы считались бы дважды"
    assert error.remedy == "Разведите границы не меньше чем на 3 балла или оставьте одну из двух"
    assert read_thresholds(told).signs.boundaries["vpr"] == (6, 9, 11)


def test_a_wrong_yaml_is_named_by_its_line():
    with pytest.raises(Refused) as refused:
        thresholds_from_yaml(TEXT.replace(LINE, LINE.replace("10", '"few"')))
    [error] = refused.value.errors
    line = TEXT.splitlines().index(LINE) + 1
    assert error.message.startswith(f"строка {line}: ")
    with pytest.raises(Refused) as broken:
        thresholds_from_yaml("id: [")
    assert broken.value.code == "invalid-thresholds"


def test_yaml_and_json_describe_the_same_set_and_the_stored_document_reads_back():
    found, stored = thresholds_from_yaml(SHIPPED)
    assert read_thresholds(stored) == found
    assert thresholds_from_yaml(TEXT)[0] == thresholds()


def test_the_shipped_set_judges_by_procedures_that_ship_and_says_that_it_is_assumed():
    shipped = thresholds_from_yaml(SHIPPED)[0]
    described = yaml.safe_load((DATA / "school_procedures.yaml").read_text(encoding="utf-8"))["procedures"]
    subjects = {one["key"]: one["school"]["subject"] for one in described}
    assert shipped.assumed
    assert [one.key for one in shipped.criteria] == ["russian", "mathematics", "metasubject", "functional_literacy"]
    for criterion in shipped.criteria:
        assert {subjects[limits.procedure] for limits in criterion.limits} == {criterion.subject}
    highest = {one["key"]: one.get("highest_score", 0) for one in described}
    for procedure, scores in shipped.signs.boundaries.items():
        assert scores[-1] <= highest[procedure]
    named = {procedure for pair in shipped.signs.pairs for procedure in pair} | {shipped.signs.medallists}
    assert named <= subjects.keys()


def test_a_set_judges_from_its_first_year_to_its_last():
    years = (2019, 2020, 2025, 2026)
    assert [thresholds_for([thresholds()], year) is not None for year in years] == [False, True, True, False]


def test_the_set_that_came_into_force_last_counts():
    older, newer = thresholds(), thresholds(id="newer", in_force={"from": 2022})
    assert [one and one.id for one in (thresholds_for([newer, older], year) for year in (2019, 2021, 2022, 2030))] == [
        None, "small", "newer", "newer",
    ]  # fmt: skip
