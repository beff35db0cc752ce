"""What is told apart in pictures: by contrast, by lightness in grey, with fewer hues, by texture and sign."""

from itertools import combinations, pairwise

import pytest

from shared.pictures import STEPS, Mark
from shared.pictures.tones import ACCENT, INK, NONE, PAPER, SOFT, Box, absent, filled, sign
from tests.unit.shared.pictures.seen import MISSING, contrast, distance, lab, seen

APART, LIGHTER, READABLE = 18, 10, 4.5


@pytest.mark.parametrize("missing", [None, *MISSING])
def test_any_two_steps_are_apart_also_with_one_kind_of_cones_missing(missing: str | None):
    for one, other in combinations([*(tone.fill for tone in STEPS), PAPER], 2):
        assert distance(one, other, missing) >= APART, (one, other)


def test_in_grey_the_steps_differ_by_lightness():
    grey = sorted(lab(seen(tone.fill))[0] for tone in STEPS)
    assert all(second - first >= LIGHTER for first, second in pairwise(grey)), grey


def test_every_text_is_readable_on_what_it_stands_on():
    pairs = [(tone.ink, tone.fill) for tone in STEPS] + [(ink, paper) for ink in (INK, SOFT) for paper in (PAPER, NONE)]
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < READABLE} == {}
    assert contrast(ACCENT, PAPER) >= 3


def test_each_step_has_a_texture_and_a_sign_of_its_own():
    box = Box(0, 0, 20, 10)
    assert len({tone.texture for tone in STEPS}) == len(STEPS)
    assert len({filled(box, tone, "p").replace(tone.fill, "") for tone in STEPS}) == len(STEPS)
    assert len({sign(0, 0, Mark("", step=step)).replace(STEPS[step].fill, "") for step in range(4)}) == len(STEPS)


def test_what_was_made_of_others_has_another_shape():
    assert sign(0, 0, Mark("", step=1, derived=True)).startswith("<path")


def test_the_three_kinds_of_nothing_are_drawn_without_colour_and_differently():
    box = Box(0, 0, 24, 24)
    drawn = {absent(box, one, "p") for one in ("no_data", "not_applicable", "did_not_exist")}
    assert len(drawn) == 3
    assert not any(tone.fill in one for one in drawn for tone in STEPS)
