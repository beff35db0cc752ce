"""The four hues of levels: readable, apart in lightness, and never the only sign."""

import re
from itertools import combinations

from services.portal.page import HERE
from services.portal.show.words import LEVELS, SIGNS
from shared.pictures import STEPS

CSS = (HERE / "static" / "portal.css").read_text(encoding="utf-8")
NAMED = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", CSS))
WHITE = "#fff"


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    plain = colour.lstrip("#")
    parts = [plain[at : at + 2] for at in (0, 2, 4)] if len(plain) == 6 else [one * 2 for one in plain]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
              for value in (int(part, 16) / 255 for part in parts)]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def background(level: str) -> tuple[str, str]:
    """Background and text of a level as the style says."""
    rule = re.search(rf"\.level\.{level} {{([^}}]+)}}", CSS)
    assert rule is not None
    name = re.search(r"background: var\(--(\w+)\)", rule[1])
    assert name is not None
    text = re.search(r"(?<!-)color: (#fff)", rule[1])
    return NAMED[name[1]], text[1] if text else NAMED["ink"]


def test_each_hue_is_readable():
    for level in LEVELS:
        assert contrast(*background(level)) >= 4.5, level


def test_any_two_hues_differ_in_lightness():
    for one, other in combinations(LEVELS, 2):
        assert contrast(background(one)[0], background(other)[0]) >= 1.5, (one, other)


def test_soft_text_links_and_errors_are_readable_on_white():
    for name in ("soft", "link", "bad", "good", "ink"):
        assert contrast(NAMED[name], WHITE) >= 4.5, name
    assert contrast(NAMED["soft"], NAMED["pale"]) >= 4.5


def test_pages_and_pictures_show_a_level_in_the_same_hue():
    assert [tone.key for tone in STEPS] == list(LEVELS)
    for tone in STEPS:
        fill, ink = background(tone.key)
        assert (fill, ink if len(ink) > len(WHITE) else "#ffffff") == (tone.fill, tone.ink), tone.key


def test_every_level_has_a_sign_of_its_own():
    assert set(SIGNS) == set(LEVELS)
    assert len(set(SIGNS.values())) == len(LEVELS)
