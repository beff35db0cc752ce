"""What must hold between municipalities: one name a day, one holder a code and day, successions that lead somewhere."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from services.registry.domain.rows import check_days, check_id, check_name, check_repeats, code_like
from services.registry.events import DatedName, SuccessionLink
from shared.kernel import FieldError

NAMED = 3
_LINKS = {"rename": "смена названия", "change_of_kind": "смена вида", "join": "присоединение", "split": "разделение"}
# A reform that leaves the municipality itself in being: its link names the municipality's own id.
_SAME = ("rename", "change_of_kind")


@dataclass(frozen=True, slots=True)
class Placed:
    """What one row says about its place among others, and where in the request it says so."""

    number: int
    id: str
    region: str
    history: tuple[DatedName, ...]
    succession: tuple[SuccessionLink, ...]
    flat: bool

    @property
    def pointer(self) -> str:
        """Where the row stands."""
        return f"/items/{self.number}"

    def at(self, spell: int, field: str = "") -> str:
        """Where a field of one of its dated names stands."""
        place = self.pointer if self.flat else f"{self.pointer}/history/{spell}"
        return f"{place}/{field}" if field else place


@dataclass(frozen=True, slots=True)
class _Held:
    """A code held for a while; `number` is the row, below 0 and without a pointer where it is stored already."""

    number: int
    holder: str
    spell: DatedName
    pointer: str | None


def check_row(row: Placed) -> Iterator[FieldError]:
    """Everything that a row must be by itself."""
    yield from check_id(row.pointer, row.id, row.region)
    if not row.history:
        yield FieldError(
            f"{row.pointer}/history",
            "no-name",
            "Нет ни одного названия.",
            "Укажите хотя бы одну запись: name, kind, oktmo, valid_from.",
        )
    for number, spell in enumerate(row.history):
        yield from _check_spell(row, number, spell)
    yield from _check_overlap(row)


def _check_spell(row: Placed, number: int, spell: DatedName) -> Iterator[FieldError]:
    yield from check_name(row.at(number, "name"), spell.name)
    yield from check_days(row.at(number, "valid_to"), spell.valid_from, spell.valid_to)
    if not code_like(spell.oktmo):
        yield FieldError(
            row.at(number, "oktmo"),
            "invalid-oktmo",
            f"«{spell.oktmo[:50]}» не код ОКТМО муниципалитета.",
            'Запишите 8 цифр строкой, с нулём в начале, если он есть: "75712000".',
        )


def _check_overlap(row: Placed) -> Iterator[FieldError]:
    placed = sorted(enumerate(row.history), key=lambda pair: pair[1].valid_from)
    for (_, before), (number, after) in pairwise(placed):
        if _ends(before) > after.valid_from:
            until = f"до {before.valid_to}" if before.valid_to else "без срока"
            yield FieldError(
                row.at(number, "valid_from"),
                "overlapping-names",
                f"Название «{after.name}» действует с {after.valid_from}, но «{before.name}» ещё действует ({until}).",
                f'Закройте прежнее название: "valid_to": "{after.valid_from}" — или исправьте дату начала.',
            )


def check_gaps(row: Placed, stored: Sequence[DatedName]) -> Iterator[FieldError]:
    """One name follows another on the same day, but where a gap is stored: `valid_to` is the first day without it.

    Whoever takes it for the last day makes the municipality vanish from everything of that day.
    """
    meant = {(before.valid_to, after.valid_from) for before, after in pairwise(sorted(stored, key=_begins))}
    placed = sorted(enumerate(row.history), key=lambda pair: pair[1].valid_from)
    for (number, before), (_, after) in pairwise(placed):
        if _ends(before) < after.valid_from and (before.valid_to, after.valid_from) not in meant:
            yield FieldError(
                row.at(number, "valid_to"),
                "gap-in-names",
                f"С {before.valid_to} до {after.valid_from} у «{row.id}» нет названия: в эти дни его не было бы.",
                f'valid_to — первый день без названия: поставьте "{after.valid_from}"; если муниципалитета в эти дни '
                "правда не было, добавьте correction=true.",
            )


def check_succession(rows: Sequence[Placed], *, known: AbstractSet[str]) -> Iterator[FieldError]:
    """Ids stand once; links lead to municipalities that are stored or in the same request."""
    yield from check_repeats([row.id for row in rows])
    for row in rows:
        for number, link in enumerate(row.succession):
            yield from _check_link(f"{row.pointer}/succession/{number}", row, link, known)


def check_kept(row: Placed, history: Sequence[DatedName], succession: Sequence[SuccessionLink]) -> Iterator[FieldError]:
    """What is stored stays: names, their ends and successions; a row without them is older, and would undo a reform."""
    lost = [spell for spell in history if not any(_still_said(spell, one) for one in row.history)]
    if lost:
        place = row.pointer if row.flat else f"{row.pointer}/history"
        yield _dropped(place, row.id, "названия и даты", [_spell_text(one) for one in lost])
    links = [link for link in succession if link not in row.succession]
    if links:
        place = f"{row.pointer}/succession"
        yield _dropped(place, row.id, "преобразования", [_link_text(one) for one in links])


def _still_said(stored: DatedName, given: DatedName) -> bool:
    """Whether a stored name is still said, at most with the end that it lacked."""
    return given == stored or (stored.valid_to is None and given.model_copy(update={"valid_to": None}) == stored)


def _dropped(pointer: str, known_as: str, what: str, lost: Sequence[str]) -> FieldError:
    more = f" и ещё {len(lost) - NAMED}" if len(lost) > NAMED else ""
    return FieldError(
        pointer,
        "history-dropped",
        f"В реестре у «{known_as}» есть {what}, которых здесь нет: {'; '.join(lost[:NAMED])}{more}.",
        "Передайте history и succession целиком, как они прочитаны; если в реестре ошибка, добавьте correction=true.",
    )


def _spell_text(spell: DatedName) -> str:
    until = f" до {spell.valid_to}" if spell.valid_to else ""
    return f"«{spell.name}» ({spell.oktmo}) с {spell.valid_from}{until}"


def _link_text(link: SuccessionLink) -> str:
    return f"{_LINKS[link.kind]} {link.on} («{link.municipality}»)"


def _check_link(pointer: str, row: Placed, link: SuccessionLink, known: AbstractSet[str]) -> Iterator[FieldError]:
    if link.municipality not in known:
        yield FieldError(
            f"{pointer}/municipality",
            "unknown-municipality",
            f"Муниципалитета «{link.municipality[:100]}» нет ни в реестре, ни в этом запросе.",
            "Проверьте идентификатор или добавьте этот муниципалитет в тот же запрос.",
        )
    elif link.municipality == row.id and link.kind not in _SAME:
        yield FieldError(
            f"{pointer}/municipality",
            "succession-to-itself",
            "Присоединение и разделение связывают с другим муниципалитетом, а здесь указан он сам.",
            "Укажите другой муниципалитет; смена названия или вида — это rename или change_of_kind.",
        )
    elif link.municipality == row.id and link.on not in {spell.valid_from for spell in row.history}:
        yield FieldError(
            f"{pointer}/on",
            "succession-without-name",
            f"С {link.on} в history нет нового названия, вида или кода.",
            "Добавьте запись с этим valid_from или исправьте дату преобразования.",
        )


def check_codes(rows: Sequence[Placed], others: Mapping[str, tuple[DatedName, ...]]) -> Iterator[FieldError]:
    """No code belongs to two municipalities on the same day, whether stored or in this request."""
    held: dict[str, list[_Held]] = defaultdict(list)
    claimed = {spell.oktmo for row in rows for spell in row.history}
    for holder, history in others.items():
        for spell in history:
            if spell.oktmo in claimed:
                held[spell.oktmo].append(_Held(-1, holder, spell, None))
    for row in rows:
        for number, spell in enumerate(row.history):
            held[spell.oktmo].append(_Held(row.number, row.id, spell, row.at(number, "oktmo")))
    for code in sorted(held):
        yield from _check_code(code, held[code])


def _check_code(code: str, held: Sequence[_Held]) -> Iterator[FieldError]:
    """In order of days, so that each claim need only meet the two longest before it, of different holders."""
    told: set[str] = set()
    longest: list[_Held] = []
    for claim in sorted(held, key=lambda one: one.spell.valid_from):
        rival = next((one for one in longest if one.holder != claim.holder and _meet(one, claim)), None)
        if rival is not None:
            # What is stored, or stands earlier in the request, is right.
            right, wrong = sorted((rival, claim), key=lambda one: one.number)
            if wrong.pointer is not None and wrong.pointer not in told:
                told.add(wrong.pointer)
                yield _taken(code, wrong.pointer, right)
        longest = _longest([*longest, claim])


def _longest(held: Sequence[_Held]) -> list[_Held]:
    """The claim that ends last, and the one that ends last of another holder."""
    by_end = sorted(held, key=lambda one: _ends(one.spell), reverse=True)
    other = [one for one in by_end if one.holder != by_end[0].holder]
    return [by_end[0], *other[:1]]


def _taken(code: str, pointer: str, right: _Held) -> FieldError:
    until = right.spell.valid_to or "без срока"
    return FieldError(
        pointer,
        "code-taken",
        f"Код {code[:50]} с {right.spell.valid_from} ({until}) принадлежит «{right.holder}» ({right.spell.name}).",
        "Проверьте код и даты; если код перешёл, закройте его у прежнего владельца (valid_to) тем же запросом.",
    )


def _meet(one: _Held, other: _Held) -> bool:
    return one.spell.valid_from < _ends(other.spell) and other.spell.valid_from < _ends(one.spell)


def _begins(spell: DatedName) -> date:
    return spell.valid_from


def _ends(spell: DatedName) -> date:
    return spell.valid_to or date.max
