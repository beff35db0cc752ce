"""Another region beside the first on the running platform: it is ranked by itself and moves nobody there."""

from typing import Any

from tests.e2e.conftest import Running, until

TABLES = ("overall", "conditions", "results", "processes", "vpr")
OTHER = "66-alapaevsky-mo"
NAMED = {"name": "Алапаевский МО", "kind": "municipal_okrug", "oktmo": "65771000", "valid_from": "2014-01-01"}
WHOLE = {"i1": 2, "i2": 2}
# Who can be compared: everybody of the table. What changed, beside it, is of all regions.
CHOICE = f'<option value="{OTHER}"'
RESULT = {
    "procedure": "electronic_journals",
    "subject": {"municipality": OTHER},
    "period": "2022",
    "values": WHOLE,
    "source": "complex-analytics-2022",
    "occurred_at": "2022-12-30T12:00:00+05:00",
}


def shown(running: Running) -> list[Any]:
    """All that anybody reads of the home region's ranks, but for nothing."""
    paths = [f"/v1/ratings/2022?group={group}" for group in TABLES] + ["/v1/periods", "/v1/trends?until=2022"]
    return [running.tell("ministry", "GET", "scoring", path) for path in paths]


def brought(running: Running) -> None:
    items = {"items": [{"id": OTHER, **NAMED}]}
    known = running.ask("operator", "GET", "registry", f"/v1/municipalities/{OTHER}")
    if known.status_code == 404:
        running.tell("operator", "POST", "registry", "/v1/municipalities/import", json=items)
        until(
            lambda: running.ask("operator", "POST", "monitoring", "/v1/results", json=RESULT).status_code == 201,
            what="monitoring knows the municipality",
        )


def test_a_municipality_of_another_region_changes_nothing_in_the_ranks_of_the_first(running: Running):
    before = shown(running)
    brought(running)
    there = until(lambda: _ranked(running, "/v1/ratings/2022?region=66"), what="the other region is ranked")
    assert [(row["rank"], row["municipality"]["id"], row["points"]) for row in there["rows"]] == [(1, OTHER, "4")]
    assert (there["region"], there["no_data"]) == ("66", [])
    assert shown(running) == before
    listed = [one["municipality"]["id"] for table in before[:5] for part in ("rows", "no_data") for one in table[part]]
    assert {one[:3] for one in listed} == {"74-"}


def _ranked(running: Running, path: str) -> Any:
    answer = running.ask("ministry", "GET", "scoring", path)
    return answer.json() if answer.is_success and answer.json()["rows"] else None


def test_the_situation_centre_shows_the_other_region_without_tiles(running: Running):
    brought(running)
    until(lambda: _ranked(running, "/v1/ratings/2022?region=66"), what="the other region is ranked")
    headers = {"Accept": "text/html"}
    page = until(lambda: _page(running, "/?region=66&period=2022", headers), what="the portal knows both regions")
    assert CHOICE in page
    assert 'id="map-title"' not in page
    home = _page(running, "/?period=2022", headers)
    assert home is not None
    assert ('id="map-title"' in home, CHOICE in home) == (True, False)


def _page(running: Running, path: str, headers: dict[str, str]) -> str | None:
    answer = running.ask("ministry", "GET", "portal", path, headers=headers)
    return answer.text if answer.is_success and "Регион 66" in answer.text else None


def test_an_unknown_region_is_refused_with_those_that_there_are(running: Running):
    brought(running)
    until(lambda: _ranked(running, "/v1/ratings/2022?region=66"), what="the other region is ranked")
    refused = running.ask("ministry", "GET", "scoring", "/v1/ratings/2022?region=99")
    assert (refused.status_code, refused.json()["code"]) == (404, "region-not-found")
    assert "66, 74" in refused.json()["detail"]
