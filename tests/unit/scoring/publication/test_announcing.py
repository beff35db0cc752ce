"""What a municipality hears of a draft and of a publication: its own score before and after, with all its figures."""

from collections.abc import Iterator
from datetime import date

import pytest

from services.scoring.domain.publication import Act
from services.scoring.domain.publication.announcing import drafted, published
from services.scoring.events import ScoreDrafted, ScorePublished
from tests.unit.scoring.made import fact
from tests.unit.scoring.publication.made import drafted as edition
from tests.unit.scoring.publication.made import tables

OLD, NEW = (
    tables([fact("r0", municipality="m0", values={"i1": points, "i2": "40"})])["overall"] for points in ("2", "1")
)


@pytest.mark.parametrize(
    "told", [drafted(edition(), NEW, OLD), published(edition(), Act("1", date(2023, 2, 11)), NEW, OLD)]
)
def test_a_municipality_hears_how_it_stood_in_the_edition_before_and_how_it_stands(
    told: Iterator[ScoreDrafted | ScorePublished],
):
    one = next(each for each in told if each.municipality == "m0")
    assert one.before is not None
    assert (one.before.points, one.before.share, one.before.rank) == ("4", "4/9", 1)
    assert (one.after.points, one.after.share, one.after.rank) == ("3", "1/3", 1)
