"""Who may write over what is stored: who has read it, makes something new, or repeats it."""

import pytest

from shared.kernel import PreconditionRequired, Refused, Stale, check_expected

AT = "/v1/things/7"


@pytest.mark.parametrize(
    ("expected", "stored", "changes"),
    [(None, None, True), (0, None, True), (3, 3, True), (3, 3, False), (None, 3, False)],
)
def test_what_is_new_read_or_the_same_is_written(expected: int | None, stored: int | None, *, changes: bool):
    check_expected(expected, stored, read=AT, changes=changes)


@pytest.mark.parametrize(
    ("written", "refused", "revision"),
    [
        ((None, 3, True), PreconditionRequired, None),
        ((0, 3, True), Stale, 3),
        ((0, 3, False), Stale, 3),
        ((2, 3, True), Stale, 3),
        ((2, 3, False), Stale, 3),
        ((4, 3, True), Stale, 3),
        ((1, None, True), Stale, 0),
    ],
)
def test_anything_else_is_refused_with_how_to_go_on(
    written: tuple[int | None, int | None, bool], refused: type[Refused], revision: int | None
):
    expected, stored, changes = written
    with pytest.raises(refused) as caught:
        check_expected(expected, stored, read=AT, changes=changes)
    assert caught.value.extra.get("revision") == revision
    assert (f"GET {AT}" in caught.value.detail) == (stored is not None)
