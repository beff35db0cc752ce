"""Regions side by side in the portal: offered where there are several, kept in addresses, none similar to another."""

from services.portal.show.region import Region, Unit, region_of
from services.portal.show.situation import read_asked, regions_of
from tests.unit.portal.made import OTHER, OWN
from tests.unit.portal.municipalities import REGION

BESIDE = Region(
    {
        **REGION.units,
        "66-a": Unit("66-a", "65771000", "Алапаевский МО", "municipal_district", "2014-01-01", population=1),
    }
)


def test_a_region_beside_is_offered_without_the_period_and_the_neighbours_of_this_one():
    asked = read_asked(period="2022", near=OWN, group="results")
    assert regions_of(asked, BESIDE, "74") == [
        ("/?region=66&group=results", "66", False),
        ("/?region=74&group=results", "74", True),
    ]
    assert regions_of(asked, REGION, "74") == []


def test_the_region_stays_in_every_address_of_its_view():
    asked = read_asked(period="2022", region=" 66 ")
    assert asked.address(level="low") == "/?region=66&period=2022&level=low"
    assert asked.of_region == {"region": "66"}
    assert read_asked().of_region == {}


def test_nobody_of_another_region_is_similar():
    assert BESIDE.similar("66-a", 3) == ()
    assert "66-a" not in BESIDE.similar(OTHER, len(BESIDE.units))
    assert region_of("66-a") == {"region": "66"}
    assert region_of("nobody") == {}
