"""What a municipality hears of a draft and of a publication: its own score before and after, with all its figures."""

from collections.abc import Iterator
from datetime import date

import pytest

from services.scoring.domain.publication import Act
from services.scoring.domain.publication.announcing import counted, drafted, published
from services.scoring.events import EditionWithdrawn, ScoreDrafted, ScorePublished
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
    assert one.whole


def test_the_staff_hears_what_a_step_comes_to_for_all_together():
    step = EditionWithdrawn(edition="2022-1", period="2022", number=1, url="/v1/editions/2022-1")
    three = tables([fact(f"r{n}", municipality=f"m{n}", values={"i1": str(n), "i2": "40"}) for n in range(3)])[
        "overall"
    ]
    (first,) = counted([step], three, None, 2)
    (next_,) = counted([step], three, OLD, 0)
    assert isinstance(first, EditionWithdrawn)
    assert isinstance(next_, EditionWithdrawn)
    assert first.counts
    assert next_.counts
    assert (first.counts.moved, first.counts.objections) == (None, 2)
    there = sum(one["state"] != "did_not_exist" for one in three["no_data"])
    assert (first.counts.total, first.counts.placed) == (3 + there, 3)
    assert next_.counts.moved == 3, "m0 fell from the first place, the others had none"
