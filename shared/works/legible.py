"""What papers can show: a text with a visible substitute for every character that their fonts do not have.

PDF/UA takes no paper with a character that none of its fonts has. Whatever people wrote once must be typeset all the
same: what it says is kept, whatever nothing shows becomes `MISSING`.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from shared.texts import readable

MISSING = "□"
# What the fonts within Typst have: of scripts that are written letter by letter from the left.
TEXT = (
    "20-7e a0-ac ae-2ff 370-377 37a-37f 384-38a 38c 38e-3a1 3a3-482 48a-4ff 510-513 51a-51d 531-556 559-58a "
    "58d-58f 606-607 609-60a 60c 66a 6f0-6f9 e3f 10d0-10ff 13a0-13f5 13f8-13fd 1d00-1dbf 1e00-1f15 1f18-1f1d "
    "1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef "
    "1ff2-1ff4 1ff6-1ffe 2000-200a 2010-2027 202f-2040 2042 2044-2052 2054-205f 2070-2071 2074-208e 2090-209c "
    "20a0-20c0 2100-211e 2120 2122 2124 2126-2151 2153-2184 2189 2190-23ff 2422-2423 2460-2606 2609-262f "
    "2638-268b 2690-269c 26a0-26a7 26aa-26af 26b2 2701-2704 2706-2709 270c-2714 2717-2726 272a-274b 274d "
    "274f-2752 2756 2758-275e 2761-277f 2794 2798-27af 27b1-2b73 2b76-2b95 2b97-2bff 2c60-2cee 2cf2-2cf3 "
    "2cf9-2cff 2e02-2e05 2e08-2e0a 2e17-2e18 2e1f 2e22-2e25 2e2e 3000 3012 3016-3017 301a-301b 3030 3036 306e "
    "a46a-a46b a640-a641 a648-a649 a656-a657 a708-a716 a71b-a727 a72d a730 a735 a765 a789-a78e a790-a791 a793 "
    "a7aa a7f8-a7f9 ab52 ab66 ab70-abbf fb00-fb06 fb13-fb17 fb29 fe66 fffc-fffd "
)
# The same of the one font that pictures are drawn in: a line of theirs mixes no fonts, and takes no accents apart.
PICTURE = (
    "20-7e a0-ac ae-17f 384-38a 38c 38e-3a1 3a3-3ce 400-45f 490-4c4 4c7-4cc 4d0-4f9 2000-200a 2010-2027 202f-2037 "
    "2039-203e 20ac 2116 2122 2190-2199 2200-220d 2212 221e 2248 2260 2264-2265 25a0-25a1 25cf"
)
# Accents stay above the letters that are in one font with them.
ACCENTED, ACCENTS = "41-5a 61-7a 401 410-44f 451", "300-33f"
# Bullets and ticks as word processors paste them, in characters of their own fonts.
_PASTED = {**dict.fromkeys("\u2043\uf076\uf0a7\uf0b7\uf0d8", "•"), "\uf0fc": "✓"}
_LINES = frozenset("\u2028\u2029")


def _class(ranges: str) -> str:
    """Ranges of characters by their codes (hexadecimal, both ends within) as the class of a pattern."""
    ends = [one.partition("-") for one in ranges.split()]
    return "".join(f"{_escaped(first)}-{_escaped(last or first)}" for first, _, last in ends)


def _escaped(code: str) -> str:
    return re.escape(chr(int(code, 16)))


# Tabs and ends of lines are shown everywhere.
_BEYOND_TEXT, _BEYOND_PICTURE = (re.compile(f"[^\t\n\r{_class(one)}]") for one in (TEXT, PICTURE))
_ACCENTED, _ACCENT = (re.compile(f"[{_class(one)}]") for one in (ACCENTED, ACCENTS))


def legible(text: str) -> str:
    """A text as a paper can show it; never empty where the text is not."""
    return _shown(text, _BEYOND_TEXT, accented=_ACCENTED)


def legible_picture(svg: str) -> str:
    """A picture whose words can be shown; one in which they all can stays as it is."""
    if not _BEYOND_PICTURE.search(svg):
        return svg
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    drawn = ET.fromstring(readable(svg))  # noqa: S314 - the house drew it
    for part in drawn.iter():
        part.text, part.tail = _words(part.text), _words(part.tail)
        part.attrib.update({name: _words(value) or "" for name, value in part.attrib.items()})
    return ET.tostring(drawn, encoding="unicode")


def _words(text: str | None) -> str | None:
    return text and _shown(text, _BEYOND_PICTURE, accented=None)


def throughout(value: Any, clean: Callable[[str], str]) -> Any:
    """Plain data with every text in them cleaned; the names of fields stay."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: throughout(one, clean) for name, one in value.items()}
    return [throughout(one, clean) for one in value] if isinstance(value, list) else value


def _shown(text: str, beyond: re.Pattern[str], *, accented: re.Pattern[str] | None) -> str:
    """The text with a substitute for what is beyond; an accent stays above a letter that may be accented."""
    if not beyond.search(text):
        return text
    made = ""
    for one in unicodedata.normalize("NFC", readable(text)):
        kept = not beyond.match(one) or (_ACCENT.match(one) and accented and accented.match(made[-1:]))
        made += one if kept else _instead(one, beyond)
    return made if made.strip() else MISSING


def _instead(one: str, beyond: re.Pattern[str]) -> str:
    """What stands for a character that cannot be shown itself."""
    if one in _LINES:
        return "\n"
    if unicodedata.category(one) in {"Cf", "Mn", "Me", "Mc"}:
        return ""
    plain = _PASTED.get(one) or unicodedata.normalize("NFKC", one)
    return MISSING if beyond.search(plain) else plain
