"""The kind of a municipality is that of the period, as its name is, not that of today."""

import pytest

from services.portal.show.region import read_region
from services.portal.show.situation import rating_of, read_asked, rows_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import OTHER, OWN, rating
from tests.unit.portal.municipalities import TODAY, named, told
from tests.unit.portal.test_municipality import shown

REFORM = "2023-01-01"
BEFORE = named("Златоустовский ГО", "75712000", "urban_okrug", since="2014-01-01", until=REFORM)
AFTER = named("Златоустовский МО", "75512000", "municipal_okrug", since=REFORM)
OTHERS = named("Троицкий ГО", "75752000", "urban_okrug", since="2014-01-01")
REGION = read_region(
    [told(OWN, AFTER, BEFORE, **AFTER, population=170_000), told(OTHER, OTHERS, population=70_000)], {}, TODAY
)


@pytest.mark.parametrize(
    ("period", "kind"),
    [("2022", "urban_okrug"), ("2022-2023", "municipal_okrug"), ("2023", "municipal_okrug"), ("", "municipal_okrug"),
     ("2010", "urban_okrug")],
)  # fmt: skip
def test_a_kind_is_that_of_the_end_of_the_period(period: str, kind: str):
    assert REGION.units[OWN].kind_in(period) == kind


@pytest.mark.parametrize(("period", "kind"), [("2022", "urban_okrug"), ("2023", "municipal_okrug")])
def test_the_filter_finds_by_the_kind_of_then(period: str, kind: str):
    of_period = rating() | {"period": period}
    assert {row.id: row.kind for row in rows_of(of_period, REGION)}[OWN] == kind
    found = {row.id for row in rating_of(of_period, read_asked(kind=kind), REGION).rows}
    assert OWN in found
    assert (OTHER in found) == (kind == "urban_okrug")


def test_similar_are_of_the_same_kind_then():
    assert REGION.similar(OWN, 3, "2022") == (OTHER,)
    assert REGION.similar(OWN, 3, "2023") == ()


async def test_the_page_of_a_municipality_calls_it_what_it_was(stage: Stage):
    stage.app.state.uses.directory.region = REGION
    text = (await shown(stage, "ministry")).text
    assert "Городской округ, население" in text
    assert "Городской округ — того же вида" in text
    assert "Муниципальный округ" not in text
