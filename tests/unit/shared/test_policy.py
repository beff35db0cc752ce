"""The policy: a table of who may do what, and a file that cannot contradict itself."""

import pytest

from shared.kernel import Forbidden, Unauthenticated
from shared.policy import EVERYTHING, NOBODY, Actor, PolicyWrong, actor_may, decide, read_policy, scope_of, the_policy

MINE = Actor("municipality", "m", {"municipality": "74-a"})
SCHOOL = Actor("organization", "o", {"organization": "s1"})
MINISTRY = Actor("ministry", "x")
SYSTEM = Actor("system", "gis", {"client": "gis"}, frozenset({"results:write"}), client_id="gis")


@pytest.mark.parametrize(
    ("actor", "action", "resource", "may"),
    [
        (NOBODY, "rating.read", {}, True),
        (NOBODY, "result.submit", {"municipality": "74-a"}, False),
        (MINISTRY, "result.submit", {"municipality": "74-a"}, True),
        (MINE, "result.submit", {"municipality": "74-a"}, True),
        (MINE, "result.submit", {"municipality": "74-b"}, False),
        (MINE, "result.submit", {"municipality": None}, False),
        (MINE, "result.submit", {}, False),
        (MINE, "result.submit-quietly", {"municipality": "74-a"}, False),
        (SCHOOL, "result.read", {"organization": "s1", "municipality": "74-a"}, True),
        (SCHOOL, "result.read", {"organization": "s2", "municipality": "74-a"}, False),
        (SYSTEM, "result.submit", {"municipality": "74-a"}, True),
        (SYSTEM, "result.read", {}, False),
        (SYSTEM, "refusal.read", {"source": "gis"}, True),
        (SYSTEM, "refusal.read", {"source": "other"}, False),
        (Actor("assessor", "a"), "result.read", {}, False),
        (Actor("assessor", "a"), "organization.read", {}, True),
        (Actor("expert", "e", {"expert": "7"}), "inbox.read", {"municipality": "74-a"}, False),
        (Actor("none", "n"), "organization.read", {}, False),
        (Actor("none", "n"), "rating.read", {}, True),
        (Actor("everyone", "n"), "organization.import", {}, False),
        (Actor("signed-in", "n"), "organization.read", {}, False),
    ],
)
def test_who_may_do_what(actor: Actor, action: str, resource: dict[str, str | None], may: bool):  # noqa: FBT001 - parametrized
    assert actor_may(actor, action, resource) is may


def test_nobody_is_asked_to_sign_in_and_somebody_is_forbidden():
    with pytest.raises(Unauthenticated):
        decide(NOBODY, "inbox.read", {})
    with pytest.raises(Forbidden) as told:
        decide(MINE, "inbox.read", {"municipality": "74-b"})
    assert told.value.extra == {"action": "inbox.read"}
    with pytest.raises(Forbidden, match="forbidden") as told:
        scope_of(SYSTEM, "result.read")
    assert "results:read" in told.value.detail


def test_a_list_shows_all_or_what_is_mine():
    assert scope_of(MINISTRY, "result.read") is EVERYTHING
    mine = scope_of(MINE, "result.read")
    assert (mine.everything, dict(mine.attributes)) == (False, {"municipality": "74-a"})
    assert mine.covers({"municipality": "74-a"})
    assert not mine.covers({"municipality": "74-b"})


def test_an_own_rule_without_the_claim_admits_to_nothing():
    with pytest.raises(Forbidden):
        scope_of(Actor("municipality", "m"), "result.read")


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ({"x": {"king": "any"}}, "king"),
        ({"x": {"a": "sometimes"}}, "sometimes"),
        ({"x": {"a": {}}}, "{}"),
        ({"x": {"a": {"hours": "9-17"}}}, "hours"),
        ({"x": {"b": "own"}}, "own of"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused_at_start(actions: dict[str, object], words: str):
    with pytest.raises(PolicyWrong, match=words):
        read_policy({"roles": ["a", "b"], "own": {"a": {"x": "x"}}, "actions": actions})


def test_every_action_admits_somebody_and_never_the_public_to_writing():
    for action, rules in the_policy().actions.items():
        assert rules, action
        if not action.endswith((".read", ".check", ".sign-in")):
            assert "everyone" not in rules, action
