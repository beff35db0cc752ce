"""The item of an issued recommendation asks for an answer only until one is given."""

from datetime import UTC, datetime

import pytest

from services.notification.api.shown import show_item
from services.notification.domain import NOTHING, AdviceFact, Following, IssuedFact, Item, Names

FACT = IssuedFact("a:2022:overall:5", "a", "2022", "overall", 5, "medium", "low")


def last_line(state: str | None) -> str:
    advice = AdviceFact(FACT.recommendation, "a", "2022", "overall", 5, state or "", 2, "medium", "low")
    found = Following((advice,)) if state else NOTHING
    shown = show_item(Item(FACT, 1, datetime(2022, 11, 1, tzinfo=UTC)), Names(), None, found)
    body: str = shown["body"]
    return body.rsplit("\n", maxsplit=1)[-1]


@pytest.mark.parametrize("state", [None, "issued"])
def test_what_was_not_considered_is_to_be_considered_and_answered(state: str | None) -> None:
    assert last_line(state) == "Рекомендацию нужно рассмотреть и принять или отклонить; текст — на её странице."


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("considered", "Рекомендация рассмотрена; её нужно принять или отклонить, текст — на её странице."),
        ("accepted", "Рекомендация принята; текст — на её странице."),
        ("declined", "Рекомендация отклонена; текст и причина — на её странице."),
    ],
)
def test_what_was_done_already_is_not_asked_for_again(state: str, words: str) -> None:
    assert last_line(state) == words
