"""What a square of the map is called: a name cut to its width, and on a phone the few letters that tell it apart."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import count

from services.portal.show.words import SHORT_KINDS

LONGEST, WHOLE, LETTERS = 10, 6, 5


def label_of(name: str) -> str:
    """A name short enough for a tile: without the kind, cut with a full stop."""
    plain, _ = _parted(name)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}."


def shortest(names: Iterable[str]) -> dict[str, str]:
    """The first letters of each name; where several begin alike also what tells them apart: a later part, the kind."""
    parted = {name: _parted(name) for name in names}
    alike: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    for plain, kind in parted.values():
        alike[plain[:LETTERS]].add(plain)
        kinds[plain].add(kind)
    return {
        name: _short(plain, alike[plain[:LETTERS]], kind if len(kinds[plain]) > 1 else "")
        for name, (plain, kind) in parted.items()
    }


def _short(plain: str, alike: set[str], kind: str) -> str:
    """`Златоу` → `Злато`, `В.ура` beside `В.уфа`, `Тро.ГО` beside `Тро.МР`."""
    if len(alike) > 1:
        apart = next(at for at in count(LETTERS) if len({one[at : at + 1] for one in alike}) > 1)
        return f"{plain[:1]}.{plain[apart - 1 :][:3]}"
    if kind:
        return f"{plain[:3]}.{kind}"
    return plain if len(plain) <= WHOLE else plain[:LETTERS].rstrip("- ")


def _parted(name: str) -> tuple[str, str]:
    """The name without its kind, and the kind; empty where it names none."""
    plain, _, kind = name.rpartition(" ")
    return (plain, kind) if plain and kind in SHORT_KINDS.values() else (name, "")
