"""What people write comes in readable: every body with free text refuses what no paper can carry, by its place."""

from typing import Any

import orjson
import pytest
from fastapi import Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from services.scoring.api.analytics.bodies import DocumentBody, TextBody
from services.scoring.api.applicability import ActWithdrawal, ApplicabilityBody
from services.scoring.api.community.bodies import ItemBody
from services.scoring.api.community.bodies import WithdrawalBody as ItemWithdrawal
from services.scoring.api.documents import document_of
from services.scoring.api.publication.bodies import AnswerBody, DraftBody, ObjectionBody, PublishBody, WithdrawBody
from services.scoring.api.ratings import Publication
from services.scoring.domain import methodology_from_yaml
from shared.kernel import Refused
from tests.unit.scoring.made import DOCUMENT

ACT = {"number": "1", "date": "2022-12-30"}
APPLIES = {"procedure": "vpr", "period": "2022", "municipalities": ["a"], "reason": "да", "act": ACT}
ITEM = {"year": 2022, "on": "2022-11-30", "source": "приказ"}
PAPER = ITEM | {"kind": "normative_document", "title": "Т", "number": "1", "current": True}
LINK = ITEM | {"kind": "publication_link", "title": "Т", "form": "article", "url": "https://example.org/a"}
BODIES: list[tuple[Any, dict[str, Any], str]] = [
    (TextBody, {"text": [{"paragraph": "а"}, {"list": ["б"]}]}, "text.0.paragraph"),
    (TextBody, {"text": [{"paragraph": "а"}, {"list": ["б"]}]}, "text.1.list.0"),
    (DocumentBody, {"procedure": "vpr", "period": "2022", "reason": "да"}, "reason"),
    (ApplicabilityBody, APPLIES, "reason"),
    (ApplicabilityBody, APPLIES, "act.number"),
    (ActWithdrawal, {"reason": "да"}, "reason"),
    (DraftBody, {"period": "2022", "title": "Т", "reply_until": "2022-12-30"}, "title"),
    (PublishBody, {"act": ACT}, "act.number"),
    (WithdrawBody, {"reason": "да"}, "reason"),
    (ObjectionBody, {"text": "да", "evidence": "приказ"}, "text"),
    (ObjectionBody, {"text": "да", "evidence": "приказ"}, "evidence"),
    (AnswerBody, {"decision": "declined", "reason": "да"}, "reason"),
    (ItemBody, PAPER, "source"),
    (ItemBody, PAPER | {"reason": "да"}, "reason"),
    (ItemBody, PAPER, "title"),
    (ItemBody, PAPER, "number"),
    (ItemBody, LINK, "url"),
    (ItemWithdrawal, {"reason": "да"}, "reason"),
    (Publication, {"public": True, "act": "приказ"}, "act"),
]


def spoiled(body: Any, steps: list[str], sign: str) -> Any:
    if not steps:
        return f"{body}{sign}я"
    key: Any = int(steps[0]) if isinstance(body, list) else steps[0]
    made = body.copy()
    made[key] = spoiled(body[key], steps[1:], sign)
    return made


@pytest.mark.parametrize(("shape", "body", "place"), BODIES)
def test_a_text_with_what_no_paper_can_carry_is_refused_by_its_place(
    shape: type[BaseModel], body: dict[str, Any], place: str
):
    taker: TypeAdapter[Any] = TypeAdapter(shape)
    taker.validate_python(body)
    steps = place.split(".")
    for sign in ("\x01", "\x0b", "\ufffe"):
        with pytest.raises(ValidationError) as refused:
            taker.validate_python(spoiled(body, steps, sign))
        [error] = refused.value.errors()
        # An address may not hold spaces in the first place, of which a vertical tab is one.
        assert error["type"] == "unreadable_text" or (sign, place) == ("\x0b", "url")
        assert str(error["loc"][-1]) == steps[-1]


async def test_a_document_with_what_no_paper_can_carry_is_refused_by_its_place():
    document = orjson.loads(orjson.dumps(DOCUMENT))
    group = document["groups"][0]
    group["title"], group["procedures"][0]["title"] = "Гру\x01ппа", "Процедура\ufffe"

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": orjson.dumps(document)}

    request = Request({"type": "http", "headers": [(b"content-type", b"application/json")]}, receive)
    with pytest.raises(Refused) as refused:
        await document_of(request, methodology_from_yaml)
    assert refused.value.code == "unreadable-text"
    assert [(one.pointer, one.message) for one in refused.value.errors] == [
        ("/groups/0/title", "Непечатаемый знак U+0001"),
        ("/groups/0/procedures/0/title", "Непечатаемый знак U+FFFE"),
    ]
