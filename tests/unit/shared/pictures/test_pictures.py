"""Pictures: well-formed, named, escaped; nothing is not drawn as zero, nor a break as a plain line."""

import re
from collections.abc import Callable
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pictures import Break, Caption, Mark, Tile, bars, distribution, slope, stacks, tiles
from shared.pictures.svg import plain, wrapped

EVIL = '<script>alert("&")</script>'
CAPTION = Caption("one", EVIL, EVIL)
NO_DATA = Mark("нет данных", nothing="no_data")
EXEMPT = Mark("не применялась", nothing="not_applicable")
UNBORN = Mark("не существовал", nothing="did_not_exist")
ZERO = Mark("0 %", Fraction(0), 0)
HALF = Mark("50 %", Fraction(1, 2), 1)
PLACED = Tile("m1", "/m?a=1&b=2", 1, 2, EVIL, EVIL, "ГО", HALF)
DRAWN: dict[str, Callable[[], str]] = {
    "bars": lambda: bars([(EVIL, HALF), ("б", NO_DATA), ("в", ZERO)], CAPTION),
    "stacks": lambda: stacks([(EVIL, [(HALF, 3), (UNBORN, 1)]), ("пусто", [])], CAPTION),
    "slope": lambda: slope([(EVIL, HALF), ("б", EXEMPT)], CAPTION, breaks=[Break(0, "М", EVIL)]),
    "distribution": lambda: distribution({2: 1, 5: 4}, {3: EVIL}, CAPTION, marked=[5], axis=EVIL),
    "tiles": lambda: tiles([PLACED], CAPTION),
    "no bars": lambda: bars([], CAPTION),
    "no stacks": lambda: stacks([], CAPTION),
    "no columns": lambda: slope([], CAPTION),
    "no values": lambda: distribution({}, {}, CAPTION),
}


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 - our own picture


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_well_formed_and_what_people_wrote_stays_text(name: str):
    root = parsed(DRAWN[name]())
    assert root.tag.endswith("svg")
    assert not [one.tag for one in root.iter() if one.tag.endswith("script")]
    assert "style" not in {key for one in root.iter() for key in one.attrib}, "pages allow no inline styles"


@pytest.mark.parametrize("name", [one for one in DRAWN if one != "tiles"])
def test_a_picture_is_one_image_with_a_name_and_a_description(name: str):
    root = parsed(DRAWN[name]())
    named = {one.get("id"): one.text for one in root if one.get("id")}
    assert root.get("role") == "img"
    assert [named[one] for one in str(root.get("aria-labelledby")).split()] == [EVIL, EVIL]


def test_two_pictures_of_one_page_share_no_id():
    one, other = (bars([("а", HALF)], Caption(name, "т", "о")) for name in ("a", "b"))
    ids = [set(re.findall(r' id="([^"]+)"', told)) for told in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("draw", [
    lambda mark: bars([("а", mark)], CAPTION),
    lambda mark: slope([("а", mark)], CAPTION),
    lambda mark: stacks([("а", [(mark, 1)])], CAPTION),
    lambda mark: tiles([Tile("m", "/", 0, 0, "т", "и", "ГО", mark)], CAPTION),
])  # fmt: skip
def test_zero_and_the_three_kinds_of_nothing_are_four_pictures(draw: Callable[[Mark], str]):
    def shape(mark: Mark) -> str:
        return re.sub(r">[^<>]+<", "><", draw(mark)).replace(mark.words, "")

    assert len({shape(mark) for mark in (ZERO, NO_DATA, EXEMPT, UNBORN)}) == 4


def ways(drawn: str) -> list[tuple[str, str | None]]:
    found = re.findall(
        r'<path d="(M [^"]+ L [^"]+)" stroke="#16202b" stroke-width="2"(?: stroke-dasharray="([^"]+)")?', drawn
    )
    return [(one, dashes or None) for one, dashes in found if "Z" not in one and one.count("M") == 1]


def test_a_gap_is_not_bridged():
    assert ways(slope([("1", HALF), ("2", NO_DATA), ("3", HALF)], CAPTION)) == []
    assert len(ways(slope([("1", HALF), ("2", ZERO), ("3", HALF)], CAPTION))) == 2


def test_across_a_break_the_line_is_dashed_and_the_words_stand_below():
    drawn = slope([("1", HALF), ("2", HALF), ("3", HALF)], CAPTION, breaks=[Break(1, "Т", "стал округом")])
    assert [dashes for _, dashes in ways(drawn)] == [None, "5 4"]
    assert "Т — стал округом" in drawn


def test_a_share_above_one_stays_inside():
    drawn = bars([("а", Mark("100 %", Fraction(3, 2), 3))], CAPTION)
    assert max(float(one) for one in re.findall(r'width="([0-9.]+)"', drawn)) <= 320


def test_every_number_has_its_column_and_every_border_its_place():
    drawn = distribution({2: 10, 3: 20, 5: 5}, {3: "порог"}, CAPTION)
    heights = [Fraction(one) for one in re.findall(r'height="([0-9.]+)" fill="#0b5394"', drawn)]
    assert [one / max(heights) for one in heights] == [Fraction(1, 2), 1, Fraction(1, 4)]
    for told in ("порог", ">2<", ">3<", ">4<", ">5<", ">20<"):
        assert told in drawn


@given(st.fractions(min_value=-10_000, max_value=10_000))
def test_a_coordinate_is_the_number_to_two_decimals(number: Fraction):
    assert abs(Fraction(plain(number)) - number) <= Fraction(1, 200)


@given(st.text(st.characters(categories=["L"])) | st.text("аб в "), st.integers(2, 50))
def test_wrapped_words_lose_nothing_and_fit(told: str, width: int):
    found = wrapped(told, width)
    assert all(len(line) <= width for line in found)
    assert "".join(found).replace("-", "").replace(" ", "") == "".join(told.split())
