"""Decisions about webhooks: signatures that their own library believes, rotation, patience, what is wanted."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from services.notification.api.webhooks.bodies import KINDS
from services.notification.domain import (
    EditionFact,
    Entry,
    Item,
    Names,
)
from services.notification.domain.webhooks import (
    ACTIVE,
    DEAD,
    DELIVERED,
    DISABLED,
    MOST_OF_ONE,
    PAUSED,
    WAITING,
    Answer,
    Delivery,
    Gap,
    Holder,
    Patience,
    Secret,
    Wanted,
    Webhook,
    body_of,
    check_room,
    gap_before,
    headers_of,
    put,
    register,
    rotate,
    tried,
)
from services.notification.store import Vault
from services.notification.usecases import Coming, Joined
from services.notification.usecases.webhooks import Delivering, Sending, heard
from services.notification.usecases.webhooks.hearing import NEEDS, may_hear
from services.notification.usecases.webhooks.rendering import delivery_of
from shared.kernel import Conflict
from shared.policy import the_policy

OLD, NEW, THIRD = (f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2, 3))
PATIENCE = Patience()


def now() -> datetime:
    """The real present: the verifier compares it with its own clock."""
    return datetime.now(UTC)


def webhook(**change: object) -> Webhook:
    wanted = Wanted("https://example.org/", ("score_changed", "rating_changed"))
    made = register(wanted, Holder(), id="w1", secret=OLD, place=7, now=now())
    return replace(made, **change)


def believed(secret: str, headers: dict[str, str], body: str) -> bool:
    try:
        Verifier(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def signed(hook: Webhook, at: datetime) -> tuple[dict[str, str], str]:
    body = body_of("score_changed", at, {"title": "Аргаяшский МР: место 1"})
    return headers_of("msg_w1_8", body, hook.signing(at), now=now()), body


def test_a_message_is_believed_by_the_librarys_own_verifier():
    headers, body = signed(webhook(), now())
    assert believed(OLD, headers, body)
    assert not believed(NEW, headers, body)
    assert not believed(OLD, headers, body.replace("место 1", "место 2"))
    assert not believed(OLD, headers | {"webhook-id": "msg_w1_9"}, body)
    assert headers["webhook-id"] == "msg_w1_8"
    assert json.loads(body)["data"]["title"] == "Аргаяшский МР: место 1"


def test_while_a_rotation_overlaps_both_secrets_are_believed_and_then_only_the_new_one():
    at = now()
    rotated = rotate(webhook(), NEW, overlap=timedelta(hours=24), now=at)
    headers, body = signed(rotated, at + timedelta(hours=23))
    assert believed(OLD, headers, body)
    assert believed(NEW, headers, body)
    headers, body = signed(rotated, at + timedelta(hours=24))
    assert not believed(OLD, headers, body)
    assert believed(NEW, headers, body)


def test_a_leaked_secret_ends_at_once():
    at = now()
    overlapping = rotate(webhook(), NEW, overlap=timedelta(hours=24), now=at)
    later = at + timedelta(hours=1)
    alone = rotate(overlapping, THIRD, overlap=timedelta(0), now=later)
    assert (alone.signing(later), alone.secrets) == ((THIRD,), (Secret(THIRD),)), "the others are not even kept"
    assert (alone.changed_at, alone.revision) == (later, 3)


def test_an_overlap_that_lasts_is_not_moved_by_another_rotation():
    at = now()
    overlapping = rotate(webhook(), NEW, overlap=timedelta(hours=24), now=at)
    with pytest.raises(Conflict, match="rotation-unfinished"):
        rotate(overlapping, THIRD, overlap=timedelta(hours=1), now=at + timedelta(hours=23))
    later = at + timedelta(hours=24)
    assert rotate(overlapping, THIRD, overlap=timedelta(hours=1), now=later).signing(later) == (THIRD, NEW)


def test_a_secret_that_no_key_opens_is_replaced_by_one_that_stands_alone():
    at = now()
    sealed = webhook(secrets=())
    assert rotate(sealed, NEW, overlap=timedelta(hours=24), now=at).secrets == (Secret(NEW),)
    ended = webhook(secrets=(Secret(OLD, at),))
    assert rotate(ended, NEW, overlap=timedelta(hours=24), now=at).secrets == (Secret(NEW),), "its end is not moved"
    for one in (sealed, ended):
        with pytest.raises(Conflict, match="webhook-sealed"):
            one.check_signs(at)


def test_doing_it_twice_changes_nothing():
    hook = webhook()
    assert put(hook, ACTIVE, now=now()) is hook
    paused = put(hook, PAUSED, now=now())
    assert (paused.state, paused.revision) == (PAUSED, 2)
    assert put(paused, PAUSED, now=now()) is paused
    assert put(put(paused, DISABLED, now=now(), why="gone"), ACTIVE, now=now()).why is None


def test_only_what_is_wanted_is_sent():
    own = webhook(municipality="a", kinds=("score_changed",))
    assert own.wants("score_changed", "a")
    assert not own.wants("score_changed", "b")
    assert not own.wants("rating_changed", None)
    assert webhook().wants("score_changed", "b")
    assert webhook(municipality="a").wants("rating_changed", None)


def test_a_holder_has_room_for_so_many():
    check_room(MOST_OF_ONE - 1)
    with pytest.raises(Conflict, match="too-many-webhooks"):
        check_room(MOST_OF_ONE)


def test_numbers_that_are_no_longer_kept_are_named():
    assert gap_before(7, 8) is None
    assert gap_before(7, 12) == Gap(8, 11)


SYSTEM, MUNICIPALITY, STAFF = Holder(source="demo"), Holder(municipality="a"), Holder()


def test_every_kind_needs_what_reading_the_same_needs():
    assert set(NEEDS) == set(KINDS)
    for kind in KINDS:
        assert may_hear(STAFF, kind)
        assert may_hear(MUNICIPALITY, kind)
    open_to_systems = {kind for kind in KINDS if may_hear(SYSTEM, kind)}
    assert open_to_systems == {"score_changed", "rating_changed", "edition_published"}
    assert not may_hear(STAFF, "something_new")


def test_only_the_regions_staff_may_see_all_webhooks():
    """A webhook of nobody in particular is sent what the ministry may read."""
    rules = the_policy().actions["webhook.manage"]
    assert {role for role, rule in rules.items() if not rule.own} == {"ministry", "regional_operator"}


@pytest.mark.parametrize("kind", ["edition_drafted", "edition_withdrawn", "objection_raised", "objection_answered"])
def test_a_webhook_registered_before_is_sent_nothing_its_holder_could_not_read(kind: str):
    entry = Entry(8, "a", Item(EditionFact(kind, "e1", "a", "2022", "ed"), 8, AT), AT)

    def sent(holder: Holder) -> bool:
        hook = webhook(holder=holder, kinds=KINDS)
        joined = Joined(Names([]), Coming(None, clock=lambda: AT))
        return delivery_of(hook, entry, joined, render=lambda _, __: (kind, {}), now=AT) is not None

    assert not sent(SYSTEM)
    assert sent(MUNICIPALITY)
    assert sent(STAFF)
    assert heard(webhook(holder=SYSTEM, kinds=KINDS)) == ("score_changed", "rating_changed", "edition_published")


AT = datetime(2022, 11, 1, tzinfo=UTC)
DELIVERY = Delivery("w1", 8, "score_changed", "{}", AT, AT)
REFUSED = Answer("http-500", 500)


def test_a_taken_message_is_done():
    after = tried(DELIVERY, Answer("http-204", 204, 12), PATIENCE, now=AT, chance=0.5)
    assert (after.state, after.attempts, after.next_at, after.done_at) == (DELIVERED, 1, None, AT)
    assert after.tries[0].milliseconds == 12


async def test_what_was_rendered_before_its_holder_could_not_read_it_is_not_sent():
    """As one that waited through the upgrade that closed its kind."""
    sent: list[str] = []

    class Posts:
        async def check(self, url: str) -> None: ...

        async def post(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
            sent.append(body)
            return Answer("http-204", 204)

    sending = Sending(Posts(), lambda *_: ("", {}), PATIENCE, lambda: AT, lambda: 0.5)
    delivering = Delivering(None, None, None, sending)
    closed = replace(DELIVERY, kind="objection_raised", body="closed")
    attempt = await delivering.attempt(webhook(holder=SYSTEM), closed)
    assert (attempt.after.state, attempt.after.next_at, attempt.after.done_at) == (DEAD, None, AT)
    assert [one.reason for one in attempt.after.tries] == ["kind-not-allowed"]
    assert not attempt.answer.gone
    await delivering.attempt(webhook(holder=SYSTEM), DELIVERY)
    await delivering.attempt(webhook(holder=STAFF), closed)
    assert sent == ["{}", "closed"]


def test_a_redirect_is_no_success():
    assert tried(DELIVERY, Answer("http-302", 302), PATIENCE, now=AT, chance=0.5).state == WAITING


def test_a_receiver_that_is_gone_is_asked_no_more():
    assert tried(DELIVERY, Answer("http-410", 410), PATIENCE, now=AT, chance=0.5).state == DEAD


def test_a_receiver_that_asks_for_time_gets_it_but_not_more_than_an_hour():
    asked = tried(DELIVERY, Answer("http-503", 503, retry_after=120), PATIENCE, now=AT, chance=0.5)
    assert asked.next_at == AT + timedelta(seconds=120)
    greedy = tried(DELIVERY, Answer("http-503", 503, retry_after=999_999), PATIENCE, now=AT, chance=0.5)
    assert greedy.next_at == AT + timedelta(hours=1)


@given(chances=st.lists(st.floats(0, 1), min_size=40, max_size=40))
def test_attempts_back_off_and_end_within_a_day(chances: list[float]):
    delivery, at, pauses = DELIVERY, AT, []
    for chance in chances:
        delivery = tried(delivery, REFUSED, PATIENCE, now=at, chance=chance)
        if delivery.next_at is None:
            break
        pauses.append(delivery.next_at - at)
        at = delivery.next_at
    assert delivery.state == DEAD
    assert at <= AT + timedelta(hours=24)
    assert at > AT + timedelta(hours=12)
    assert 8 <= delivery.attempts <= 16
    assert len(delivery.tries) == delivery.attempts
    assert all(later > sooner for sooner, later in pairwise(pauses[:7]))


def test_the_pauses_are_those_that_integrators_are_told():
    pauses = [PATIENCE.pause(attempt, 0.5) for attempt in (1, 2, 3)]
    assert pauses == [timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=45)]
    refused = tried(tried(DELIVERY, REFUSED, PATIENCE, now=AT, chance=0.5), REFUSED, PATIENCE, now=AT, chance=0.5)
    assert refused.next_at == AT + timedelta(seconds=15)


@given(attempt=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_a_pause_is_spread_around_its_length_and_never_longer_than_the_longest(attempt: int, chance: float):
    pause = PATIENCE.pause(attempt, chance)
    assert PATIENCE.first * 0.75 <= pause <= PATIENCE.longest * 1.25


def test_secrets_are_sealed_and_opened_by_any_of_the_keys():
    sealed = Vault("k" * 32).seal(OLD)
    assert OLD not in sealed
    assert Vault("k" * 32).open(sealed) == OLD
    assert Vault("n" * 32 + "," + "k" * 32).open(sealed) == OLD
    assert Vault("n" * 32).open(sealed) is None
    assert Vault(None).open(sealed) is None
    with pytest.raises(Conflict, match="webhooks-without-key"):
        Vault(None).seal(OLD)


def test_no_secret_is_in_what_is_logged_of_an_object():
    assert OLD not in repr(webhook())
    assert OLD not in repr(Secret(OLD))
