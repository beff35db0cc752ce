"""Every kind of the feed is offered to webhooks, or named as left out; an issued recommendation is offered."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.notification.api.shown import show_entry
from services.notification.api.webhooks.bodies import KINDS
from services.notification.domain import (
    ISSUED,
    RATING_CHANGED,
    RECOMMENDATION_DRAFTED,
    Entry,
    IssuedFact,
    Item,
    Names,
    RatingFact,
)
from services.notification.domain.webhooks import Holder, Secret, Webhook
from services.notification.store import SCHEMAS
from services.notification.usecases import Coming, Joined
from services.notification.usecases.webhooks import LEFT_OUT
from services.notification.usecases.webhooks.hearing import NEEDS, may_hear
from services.notification.usecases.webhooks.rendering import delivery_of

AT = datetime(2022, 11, 1, tzinfo=UTC)
ENTRY = Entry(8, "a", Item(IssuedFact("a:2022:overall:1", "a", "2022", "overall", 1, "high", "medium"), 8, AT), AT)
JOINED = Joined(Names([]), Coming(None, clock=lambda: AT))
STAFF, OWN, OTHER, SYSTEM = Holder(), Holder(municipality="a"), Holder(municipality="b"), Holder(source="gis")


def sent(holder: Holder, kind: str, entry: Entry = ENTRY) -> str | None:
    """As what a row, by default an issued recommendation, is sent to a webhook that asked for this kind."""
    hook = Webhook("w1", "https://a", (kind,), holder.municipality, holder, (Secret("x"),), 0, AT, AT)
    found = delivery_of(hook, entry, JOINED, render=show_entry, now=AT)
    return None if found is None else found.kind


def test_every_kind_of_the_feed_can_be_asked_for_or_is_left_out_with_a_reason() -> None:
    (feed,) = (one for one in SCHEMAS if one.collection == "feed")
    assert feed.validator is not None
    told = feed.validator["properties"]["kind"]["enum"]
    assert sorted([*KINDS, *LEFT_OUT]) == sorted(told), "offered to webhooks or left out, never both"
    assert set(NEEDS) == set(KINDS), "what is offered has an action that opens it"
    assert all(LEFT_OUT.values())


def test_the_portal_listens_to_every_kind_of_the_feed() -> None:
    script = Path("services/portal/static/live.js").read_text(encoding="utf-8")
    assert [kind for kind in (*KINDS, *LEFT_OUT) if f'"{kind}"' not in script] == []


@pytest.mark.parametrize("holder", [STAFF, OWN])
def test_an_issued_recommendation_is_sent_to_whoever_asked_for_it(holder: Holder) -> None:
    assert sent(holder, ISSUED) == "recommendation_issued"


@pytest.mark.parametrize("holder", [OTHER, SYSTEM])
def test_an_issued_recommendation_is_sent_to_nobody_who_may_not_read_it(holder: Holder) -> None:
    assert sent(holder, ISSUED) is None
    assert may_hear(holder, ISSUED) == (holder == OTHER), "another municipality may hear of its own"


@pytest.mark.parametrize("holder", [STAFF, OWN])
def test_a_webhook_that_asked_for_drafts_only_is_sent_drafts_only(holder: Holder) -> None:
    """Also where it was registered before issued ones were offered: what it takes must not change by itself."""
    assert sent(holder, RECOMMENDATION_DRAFTED) is None


@pytest.mark.parametrize("holder", [STAFF, OWN, SYSTEM])
@pytest.mark.parametrize("quiet", [False, True])
def test_a_rating_is_posted_unless_history_moved_it_that_was_loaded_quietly(holder: Holder, *, quiet: bool) -> None:
    rating = Entry(9, None, RatingFact("scoring|e1", "2022", AT, 2, quiet=quiet), AT)
    assert sent(holder, RATING_CHANGED, rating) == (None if quiet else RATING_CHANGED)
