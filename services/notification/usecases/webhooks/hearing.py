"""Which kinds of news a webhook's holder may be told: those that its role may read at the doors."""

from collections.abc import Mapping, Sequence

from services.notification.domain import (
    ANSWERED,
    DRAFTED,
    FROZEN,
    ISSUED,
    PUBLISHED,
    RAISED,
    RATING_CHANGED,
    RECOMMENDATION_DRAFTED,
    SCHOOL_KINDS,
    SCORE_CHANGED,
    WITHDRAWN,
)
from services.notification.domain.webhooks import Holder, Webhook
from shared.kernel import FieldError, Forbidden
from shared.policy import Actor, actor_may

# A kind of news and the action that reads the same at a door; a change of a score names the results behind it.
NEEDS: Mapping[str, str] = {
    SCORE_CHANGED: "score.explain",
    RATING_CHANGED: "rating.read-live",
    RECOMMENDATION_DRAFTED: "recommendation.read",
    ISSUED: "recommendation.read",
    DRAFTED: "edition.read-draft",
    FROZEN: "edition.read-draft",
    PUBLISHED: "edition.read",
    WITHDRAWN: "edition.read-draft",
    RAISED: "objection.read",
    ANSWERED: "objection.read",
}
# What the inbox and the stream tell and no webhook may ask for, each with its reason.
LEFT_OUT: Mapping[str, str] = dict.fromkeys(
    SCHOOL_KINDS, "that a school has low results is told to people, not posted to systems (docs/schools.md)"
)
# What a system cannot have a webhook without.
SCOPE = "ratings:read"


def may_hear(holder: Holder, kind: str) -> bool:
    """Whether the holder of a webhook may be told news of this kind."""
    action = NEEDS.get(kind)
    return action is not None and actor_may(_actor(holder), action, {"municipality": holder.municipality})


def heard(webhook: Webhook) -> tuple[str, ...]:
    """The kinds that are sent to a webhook: of those it asked for, those that its holder may be told."""
    return tuple(kind for kind in webhook.kinds if may_hear(webhook.holder, kind))


def checked_kinds(asked: Sequence[str], holder: Holder) -> tuple[str, ...]:
    """The kinds asked for, each once, all that the holder may be told where none were; Forbidden names the others."""
    allowed = [kind for kind in NEEDS if may_hear(holder, kind)]
    if not asked:
        return tuple(allowed)
    kinds = tuple(dict.fromkeys(asked))
    closed = [kind for kind in kinds if kind not in allowed]
    if closed:
        remedy = f"Вам доступны: {', '.join(allowed)}. Без kinds — все они."
        errors = [
            FieldError(f"/kinds/{asked.index(kind)}", "kind-not-allowed", f"Вид «{kind}» вам не открыт.", remedy)
            for kind in closed
        ]
        detail = f"Вам не открыты виды событий: {', '.join(closed)}. {remedy}"
        raise Forbidden("kind-not-allowed", "Вид событий не открыт", detail, errors=errors)
    return kinds


def _actor(holder: Holder) -> Actor:
    """Somebody with the rights of a holder, at the moment of sending, when no token is there."""
    if holder.municipality is not None:
        return Actor("municipality", attributes={"municipality": holder.municipality})
    if holder.source is not None:
        return Actor("system", attributes={"client": holder.source}, scopes=frozenset({SCOPE}))
    return Actor("ministry")
