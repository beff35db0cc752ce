"""The region's data: 765 results whose sums, percents and ranks are the published ones."""

import csv
import json
from collections import defaultdict
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from deploy.cli.methodology import app, check
from deploy.local.processes import Failed
from deploy.local.region import DATA, Region, indicators, read_region, split
from services.scoring.domain import (
    Card,
    CardKey,
    Fact,
    Methodology,
    Rating,
    contradictions,
    methodology_from_yaml,
    rate,
    recount,
)
from shared.kernel import Cause

NOW = datetime(2023, 1, 1, tzinfo=UTC)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region()


@pytest.fixture(scope="module")
def methodology(region: Region) -> Methodology:
    return methodology_from_yaml(region.methodology)[0]


@pytest.fixture(scope="module")
def cards(region: Region, methodology: Methodology) -> dict[CardKey, Card]:
    facts = [
        Fact(
            result=str(number),
            revision=1,
            procedure=body["procedure"],
            period=body["period"],
            source=body["source"],
            occurred_at=datetime.fromisoformat(body["occurred_at"]),
            recorded_at=NOW,
            cause=Cause("load"),
            municipality=body["subject"]["municipality"],
            values={key: str(value) for key, value in body["values"].items()},
        )
        for number, body in enumerate(region.results)
    ]
    return recount(facts, methodology_of=lambda _: methodology)


@pytest.fixture(scope="module")
def names(region: Region) -> dict[str, str]:
    return {body["id"]: body["history"][0]["name"] for body in region.municipalities}


def rated(cards: dict[CardKey, Card], group: str, names: dict[str, str], methodology: Methodology) -> Rating:
    return rate(cards.values(), group=group, names=names, methodology=methodology)


def test_there_are_43_municipalities_18_procedures_and_765_quiet_results(region: Region) -> None:
    assert (len(region.municipalities), len(region.procedures), len(region.results)) == (43, 18, 765)
    assert len({(body["procedure"], body["subject"]["municipality"]) for body in region.results}) == 765
    assert {body["notify"] for body in region.results} == {False}
    assert {body["key"] for body in region.sources} == {"complex-analytics-2022", "gis-education", "demo", "portal"}


def test_no_value_exceeds_its_indicator_and_every_indicator_is_named(region: Region) -> None:
    maxima = {
        body["key"]: {one["key"]: int(one["maximum"]) for one in body["indicators"]} for body in region.procedures
    }
    for body in region.results:
        wanted = maxima[body["procedure"]]
        assert body["values"].keys() == wanted.keys()
        assert all(0 <= value <= wanted[key] for key, value in body["values"].items())


def test_the_sums_are_the_published_points(region: Region, cards: dict[CardKey, Card]) -> None:
    ids = {body["history"][0]["oktmo"]: body["id"] for body in region.municipalities}
    for row in rows("group_points_2022.csv"):
        scores = cards[ids[row["oktmo"]], "2022"].scores
        for group in ("conditions", "results", "processes"):
            assert scores[group].points == int(row[f"{group}_points"])
            assert scores[group].maximum == int(row[f"{group}_max"])


@pytest.mark.parametrize("group", ["conditions", "results"])
def test_every_published_row_comes_out(
    group: str, cards: dict[CardKey, Card], names: dict[str, str], methodology: Methodology
) -> None:
    rating = rated(cards, group, names, methodology)
    found = [(row.rank, names[row.municipality], row.score.percent) for row in rating.rows]
    published = [
        (int(row["rank"]), row["municipality"], int(row["percent"])) for row in rows(f"published_{group}_2022.csv")
    ]
    assert rating.no_data == ()
    assert found == sorted(published, key=lambda row: (row[0], row[1].replace("ё", "е")))


def test_the_overall_and_processes_tables_follow_the_rules(
    cards: dict[CardKey, Card], names: dict[str, str], methodology: Methodology
) -> None:
    points: dict[str, Fraction] = {}
    for row in rows("group_points_2022.csv"):
        whole = sum(int(row[f"{group}_points"]) for group in ("conditions", "results", "processes"))
        points[row["municipality"]] = Fraction(whole, 91 if row["results_max"] == "38" else 95)
    greater = {name: 1 + len({one for one in points.values() if one > share}) for name, share in points.items()}
    rating = rated(cards, "overall", names, methodology)
    assert {names[row.municipality]: row.rank for row in rating.rows} == greater
    assert {names[row.municipality]: row.score.share for row in rating.rows} == points
    assert (names[rating.rows[0].municipality], rating.rows[0].score.percent) == ("Златоустовский ГО", 78)
    processes = rated(cards, "processes", names, methodology).rows
    by_points = sorted({int(row["processes_points"]) for row in rows("group_points_2022.csv")}, reverse=True)
    assert [row.score.points for row in processes] == sorted((row.score.points or 0 for row in processes), reverse=True)
    assert max(row.rank for row in processes) == len(by_points)


def test_the_nine_without_project_500_plus_are_explained_by_the_edition(
    cards: dict[CardKey, Card], names: dict[str, str], methodology: Methodology
) -> None:
    rating = rated(cards, "project_500_plus", names, methodology)
    assert len(rating.rows) == 34
    assert {(one.state, one.reason) for one in rating.no_data} == {
        ("not_applicable", "муниципалитет не участвовал в проекте «500+» в 2022 году")
    }
    assert len(rating.no_data) == 9


def test_the_methodology_is_what_the_tables_say(region: Region, methodology: Methodology) -> None:
    listed = {row["key"]: row for row in rows("procedures.csv")}
    described = {body["key"]: body for body in region.procedures}
    assert methodology.procedures.keys() == listed.keys()
    for group in methodology.groups:
        for procedure in group.procedures:
            row, body = listed[procedure.key], described[procedure.key]
            assert (group.key, procedure.code, procedure.title, procedure.maximum) == (
                *(row["group"], int(row["code"]), row["title"]),
                int(row["assumed_maximum"]),
            )
            assert procedure.assumed
            assert {one.key: one.maximum for one in procedure.indicators} == {
                one["key"]: int(one["maximum"]) for one in body["indicators"]
            }
    bands: dict[str, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for row in rows("level_bands_2022.csv"):
        ends = ("percent_from", "percent_to", "points_from", "points_to")
        bands[row["group"]][row["level"]] = tuple(int(row[end]) for end in ends)
    found = {group.key: group.points_bands for group in methodology.groups}
    found["overall"] = methodology.overall_points_bands
    assert found.keys() == bands.keys()
    for key, points_bands in found.items():
        assert points_bands is not None
        both = zip(methodology.percent_bands.bounds, points_bands.bounds, strict=True)
        assert {percent[0]: (*percent[1:], *points[1:]) for percent, points in both} == bands[key]


def test_the_edition_exempts_exactly_those_with_a_results_maximum_of_38(
    region: Region, methodology: Methodology
) -> None:
    ids = {body["history"][0]["oktmo"]: body["id"] for body in region.municipalities}
    [exemption] = methodology.exemptions
    wanted = {ids[row["oktmo"]] for row in rows("group_points_2022.csv") if row["results_max"] == "38"}
    assert (exemption.procedure, exemption.period, exemption.municipalities) == ("project_500_plus", "2022", wanted)


def test_the_check_names_exactly_the_known_contradictions(methodology: Methodology) -> None:
    found = {(one.code, one.where): one.message for one in contradictions(methodology)}
    assert found == {
        ("maximum-differs", "overall"): "объявлен максимум 95, а сумма частей 96",
        ("points-bands-gap", "conditions"): "ни в одну полосу не входят: 28",
        (
            "level-bands-disagree",
            "conditions",
        ): "уровень по баллам не тот, что по процентам, при баллах: 8, 24, 25",
        ("level-bands-disagree", "processes"): "уровень по баллам не тот, что по процентам, при баллах: 23",
    }


def test_the_command_exits_with_1_and_lists_them_as_json() -> None:
    file = str(DATA / "methodologies" / "complex-analytics-2022.yaml")
    answered = CliRunner().invoke(app, ["check", file, "--json"])
    assert answered.exit_code == 1
    assert {item["code"] for item in json.loads(answered.stdout)["items"]} == {
        *("maximum-differs", "points-bands-gap", "level-bands-disagree")
    }
    assert "Противоречие [maximum-differs] overall" in CliRunner().invoke(app, ["check", file]).stdout


def test_the_command_names_errors_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("id: x\ntitle: Y\nid: z\n", encoding="utf-8")
    [item] = check(file)
    assert (item["kind"], item["code"], item["where"]) == ("error", "duplicate-key", "/id")
    assert "строка 3" in item["message"]


def test_the_command_fails_precisely_without_a_file_or_with_other_bytes(tmp_path: Path) -> None:
    with pytest.raises(Failed):
        check(tmp_path / "missing.yaml")
    odd = tmp_path / "odd.yaml"
    odd.write_bytes(b"\xff\xfe")
    with pytest.raises(Failed):
        check(odd)
    odd.write_bytes(b"#" * 5_000_000)
    with pytest.raises(Failed):
        check(odd)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=9), st.data())
def test_a_split_keeps_the_sum_the_maxima_and_the_proportion(maxima: list[int], data: st.DataObject) -> None:
    points = data.draw(st.integers(0, sum(maxima)))
    parts = split(points, maxima)
    assert sum(parts) == points
    for part, maximum in zip(parts, maxima, strict=True):
        assert 0 <= part <= maximum
        assert abs(part - Fraction(points * maximum, sum(maxima))) < 1


def test_ties_of_a_split_go_to_the_first() -> None:
    assert split(1, [3, 3, 3]) == [1, 0, 0]
    assert split(2, [4, 4, 3, 3]) == [1, 1, 0, 0]
    with pytest.raises(ValueError, match="do not fit"):
        split(5, [2, 2])


def test_an_odd_maximum_ends_with_an_indicator_of_one() -> None:
    wanted: dict[str, Any] = {"i1": 2, "i2": 2, "i3": 1}
    assert indicators(5) == wanted
