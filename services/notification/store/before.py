"""What 0.2.0 needs to find in a row of a kind that it does not know, beside this version and after going back to it.

It takes such an item for a changed score, and such a row of the feed for a recommendation; where a field of these
lacks, its inbox, its streams and its webhooks fail, whoever's they are. Nothing here reads these fields.
"""

from dataclasses import asdict

from services.notification.domain import ISSUED, Item, Standing
from services.notification.domain.editions import FROZEN
from shared.mongo import Document

# What it shows as the state of the score: a state that it has no words for is shown as it is.
WORDS = {ISSUED: "направлена рекомендация", FROZEN: "рейтинг зафиксирован, ждёт публикации"}


def reads(item: Item) -> Document:
    """The fields that lack; none for what it knows."""
    if item.kind not in WORDS:
        return {}
    document = item.fact.document()
    change = {
        "group": document["group"] or "overall",
        "before": asdict(Standing("no_data")),
        "after": asdict(Standing(WORDS[item.kind])),
    }
    # It makes the id of an item from the revision: no other item may get it.
    score = {"revision": item.number, "methodology": "", "changes": [change], "causes": [], "causes_count": 0}
    advice = {"id": document.get("recommendation", item.id), "state": "issued", "score_revision": 1, "deadlines": []}
    return {**advice, **score, "before_level": None, "after_level": None, "data_at": item.created_at}
