"""Keys of sessions: needed outside a developer's machine, and replaced without signing anybody out."""

import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from services.portal.session import Session, Sessions, secrets_of
from shared.settings import Settings, SettingsWrong

FORMER, NEXT, FOREIGN = "former" * 6, "next" * 8, "foreign" * 5


def test_outside_a_developers_machine_the_key_of_sessions_must_be_given():
    for settings in (Settings(env="production"), _with("short"), _with("short," * 5), _with("," * 31)):
        with pytest.raises(SettingsWrong, match="RSOKO_SESSION_KEY"):
            secrets_of(settings)
    assert secrets_of(Settings(env="local")) != secrets_of(Settings(env="local"))


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        (FORMER, [FORMER]),
        (f"{NEXT}, {FORMER}", [NEXT, FORMER]),
        (f"{FORMER},short", [f"{FORMER},short"]),
        (f"{FORMER}\n", [f"{FORMER}\n"]),  # as earlier releases took it: cookies and portals beside are theirs
    ],
    ids=["one", "several", "one-with-a-comma", "one-with-a-line-break"],
)
def test_several_keys_are_divided_by_commas(told: str, keys: list[str]):
    assert secrets_of(_with(told)) == keys


def test_a_key_is_replaced_without_signing_anybody_out():
    before, after = _sessions(FORMER), _sessions(f"{NEXT},{FORMER}")
    session = before.begin("token", "subject", 1)
    assert after.read(before.write(session)) == session
    assert after.marked(before.mark(session), session), "a form that was open before the change is sent after it"


def test_what_is_new_needs_the_former_key_no_more():
    during, after = _sessions(f"{NEXT},{FORMER}"), _sessions(NEXT)
    session = during.begin("token", "subject", 1)
    assert after.read(during.write(session)) == session
    assert after.marked(during.mark(session))


def test_a_mark_is_its_persons_alone():
    sessions = _sessions(f"{NEXT},{FORMER}")
    own, another = sessions.begin("token", "subject", 1), sessions.begin("token", "another", 1)
    assert sessions.marked(sessions.mark(another))
    assert not sessions.marked(sessions.mark(another), own)


def test_a_foreign_key_opens_nothing():
    foreign, ours = _sessions(FOREIGN), _sessions(f"{NEXT},{FORMER}")
    session = foreign.begin("token", "subject", 1)
    assert ours.read(foreign.write(session)) is None
    assert not ours.marked(foreign.mark(session))


def mark_of_0_2_0(session: Session) -> str:
    """As its code made it, of a random id."""
    key = hashlib.sha256(f"mark\n{FORMER}".encode()).digest()
    return hmac.new(key, session.person.encode(), hashlib.sha256).hexdigest()


def test_forms_of_a_session_that_0_2_0_began_go_to_this_version_and_back():
    sessions = _sessions(FORMER)
    cookies = [sessions.seal({"token": "t", "id": one, "ends": 1}) for one in ("Wt3PzA_x-9kQ1bRe", "another-of-16-ch")]
    session, another = [sessions.read(one) for one in cookies]
    assert session is not None
    assert another is not None
    assert sessions.marked(mark_of_0_2_0(session), session)
    assert sessions.marked(sessions.mark(session), session), "who was signed in before the update sends forms after it"
    assert sessions.mark(session) == mark_of_0_2_0(session)
    assert not sessions.marked(mark_of_0_2_0(session), another)
    assert not sessions.marked(mark_of_0_2_0(session))
    now = sessions.begin("token", "subject", 1)
    assert sessions.marked(mark_of_0_2_0(now), now), "a page of the portal of 0.2.0 beside this one"


def _with(keys: str) -> Settings:
    return Settings(env="production", session_key=keys)


def _sessions(keys: str) -> Sessions:
    return Sessions(_with(keys), lambda: datetime(2026, 1, 1, tzinfo=UTC))
