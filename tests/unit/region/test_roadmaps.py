"""The road maps of the region as they are loaded: all activities, windows as the files give them, five questions."""

from deploy.local.region import DATA, read_region
from deploy.local.roadmaps import read_roadmaps
from services.roadmap.api.bodies import RoadMapBody, tasks_of


def test_both_maps_are_whole_and_acceptable():
    maps = {one["key"]: one for one in read_roadmaps(DATA)}
    assert {key: len(one["activities"]) for key, one in maps.items()} == {"region-2022": 24, "karabash-2022-2024": 8}
    assert maps["karabash-2022-2024"]["municipality"] in {one["id"] for one in read_region().municipalities}
    for one in maps.values():
        body = RoadMapBody.model_validate({name: value for name, value in one.items() if name != "key"})
        assert len(tasks_of(body)) == len(one["activities"])


def test_five_activities_have_no_deadline_and_february_and_may_are_two_windows():
    region, karabash = read_roadmaps(DATA)
    by_number = {one["number"]: one["deadline"] for one in region["activities"]}
    missing = [number for number, deadline in by_number.items() if deadline["kinds"] == ["missing"]]
    assert missing == ["6", "7", "20", "21", "22"]
    assert all(by_number[number]["phrase"] is None and not by_number[number]["windows"] for number in missing)
    assert by_number["4"]["windows"] == [
        {"start": "2022-02-01", "end": "2022-02-28"},
        {"start": "2022-05-01", "end": "2022-05-31"},
    ]
    every = [one["deadline"] for one in (*region["activities"], *karabash["activities"])]
    assert all(bool(one["windows"]) != (one["kinds"] == ["missing"]) for one in every)
