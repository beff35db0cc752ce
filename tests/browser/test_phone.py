"""The map on a phone: every square says who it is, legibly and within its own borders."""

from typing import Any

import pytest

from tests.browser.conftest import Visiting

SMALLEST = 9.5
SEEN = """tiles => tiles.map(tile => {
  const square = tile.querySelector('rect').getBoundingClientRect();
  const texts = [...tile.querySelectorAll('text')].filter(one => one.getBoundingClientRect().width > 0);
  const scale = tile.getScreenCTM().a;
  return {
    words: texts.map(one => one.textContent),
    smallest: Math.min(...texts.map(one => parseFloat(getComputedStyle(one).fontSize) * scale)),
    out: texts.filter(one => {
      const box = one.getBoundingClientRect();
      return box.left < square.left || box.right > square.right || box.top < square.top - 1
        || box.bottom > square.bottom + 1;
    }).map(one => one.textContent),
  };
})"""


@pytest.mark.parametrize("width", [320, 360, 400])
def test_each_square_of_the_map_is_named_on_a_phone(visit: Visiting, width: int) -> None:
    visitor = visit(width=width)
    page = visitor.open("/")
    tiles: list[dict[str, Any]] = page.locator("a.tile").evaluate_all(SEEN)
    names = [tile["words"][0] for tile in tiles]
    assert len(set(names)) == len(tiles) == 43, "no two are called the same"
    assert all(name[0].isalpha() and name[0].isupper() for name in names), names
    assert [tile for tile in tiles if tile["smallest"] < SMALLEST or tile["out"]] == []
    assert page.get_by_text("полное название").is_visible()
    assert visitor.overflow() == 0
    visitor.picture(f"map-phone-{width}")
