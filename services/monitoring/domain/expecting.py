"""Whether a writer has read what is stored: the condition of every change that names a revision."""

from shared.kernel import Stale


def expect(expected: int | None, stored: int | None) -> None:
    """Stale where the writer has read another revision than the stored one.

    Who expects None says nothing, who expects 0 that nothing is stored (None).
    """
    if expected is None or expected == (stored or 0):
        return
    there = "Записи ещё нет" if stored is None else f"Сейчас ревизия {stored}"
    detail = f"{there}, в If-Match названа {expected}. Прочитайте запись снова."
    raise Stale("stale-revision", "Ревизия устарела", detail, extra={"revision": stored})
