"""What `data_at` of a told change means is said wherever a reader meets it: that of a rating means something else."""

import pytest

from deploy.cli import events
from services.notification.api.told import ItemAnswer
from services.scoring.api.told.ratings import RatingAnswer
from tests.architecture.tree import ROOT

DATED = {kind: one for kind, one in events.declared().items() if "data_at" in one.model_fields}


def test_the_events_with_it_are_those_of_scoring():
    assert {kind.split(".")[2] for kind in DATED} == {"scoring"}
    assert len(DATED) == 3


@pytest.mark.parametrize("told", [*DATED.values(), ItemAnswer], ids=lambda one: one.__name__)
def test_a_told_change_says_when_it_was(told: type):
    assert "`data_at`" in (told.__doc__ or "")


def test_readers_are_told_what_to_compare_it_with():
    said = "a live rating or score includes the change when its `as_of` is not earlier"
    for page in (events.page(), (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8"), ItemAnswer.__doc__):
        assert said in " ".join((page or "").split())
    assert "`as_of`" in (RatingAnswer.__doc__ or "")
