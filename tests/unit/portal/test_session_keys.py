"""Keys of sessions: needed outside a developer's machine, and replaced without signing anybody out."""

from datetime import UTC, datetime

import pytest

from services.portal.session import Sessions, secrets_of
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


def _with(keys: str) -> Settings:
    return Settings(env="production", session_key=keys)


def _sessions(keys: str) -> Sessions:
    return Sessions(_with(keys), lambda: datetime(2026, 1, 1, tzinfo=UTC))
