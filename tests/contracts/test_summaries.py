"""Refused forms of the portal, refused by the services: every line of a summary names its field, in Russian, once."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, ValidationError

from services.monitoring.domain import check, check_values, read_revision, read_submission, refuse_all
from services.roadmap.api.bodies import AcceptBody, ConsiderBody, DeclineBody, EvidenceBody, IssueBody, RefuseBody
from services.roadmap.api.bodies import WithdrawBody as TakenBack
from services.scoring.api.analytics.bodies import DocumentBody, TextBody
from services.scoring.api.publication.bodies import AnswerBody, DraftBody, ObjectionBody, PublishBody, WithdrawBody
from services.scoring.domain.analytics import draft
from services.scoring.domain.analytics.document import Draft
from shared.kernel import Refused
from shared.web import problem_of
from shared.web.invalid import wrong_fields
from tests.unit.monitoring.made import NOW, ZLATOUST, directory, procedure
from tests.unit.portal.conftest import Stage
from tests.unit.portal.editions import answering, edition
from tests.unit.portal.fake import OWN, Services, listed, monitoring
from tests.unit.portal.test_activities import KEPT, activity
from tests.unit.portal.test_analytics import DOOR, document
from tests.unit.portal.test_recommendation import advice

LATIN = re.compile(r"(?<![\w«.-])[a-z][a-z_]{2,}(?![\w».-])")
LONG = "я" * 30_000
HIS = f"municipality:{OWN}"
ADVICE, PAPER, EDITION = "/recommendations/a1", "/analytics/first.2022.v1", "/editions/2022-1"
CONFIRMED = {"confirm": "1", "revision": "3"}
Refusing = Callable[[Any], httpx.Response]


def shaped(model: type[BaseModel]) -> Refusing:
    """Refused by the shape of the body, as FastAPI's door does."""

    def refuse(body: Any) -> httpx.Response:
        with pytest.raises(ValidationError) as found:
            model.model_validate(body)
        errors = [{**one, "loc": ("body", *one["loc"])} for one in found.value.errors()]
        return _problem(wrong_fields(errors, body))

    return refuse


def decided(decide: Callable[[Any], object]) -> Refusing:
    """Refused by a decision."""

    def refuse(body: Any) -> httpx.Response:
        with pytest.raises(Refused) as found:
            decide(body)
        return httpx.Response(422, json=json.loads(bytes(problem_of(found.value).body)))

    return refuse


def _problem(errors: list[dict[str, str]]) -> httpx.Response:
    told = {"code": "invalid-request", "title": "Запрос не принят", "detail": "…", "errors": errors}
    return httpx.Response(422, json=told)


def submitted(body: Any) -> None:
    check(read_submission(body | {"source": "portal"}), directory(), now=NOW)


def revised(body: Any) -> None:
    revision = read_revision(body)
    refuse_all(revision.wrong, check_values(revision.values, procedure()))


def anew(body: Any) -> None:
    """A version after one that is finished, without a reason."""
    first = draft(Draft(body["procedure"], body["period"], "ministry", NOW), [])
    object.__setattr__(first, "state", "finished")
    draft(Draft(body["procedure"], body["period"], "ministry", NOW), [first])


PAPERS = Services(
    {
        f"GET scoring {DOOR}/first.2022.v1": httpx.Response(200, json=document()),
        f"GET scoring {DOOR}": listed(document()),
        "GET monitoring /v1/procedures": listed(),
    }
)


def told_of(state: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(200, json=advice(state))


def confirmed(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=activity(evidence=[KEPT], declined=None))


DUTY = "/activities/region-2022%3A4"
DRAFTED, FROZEN = answering(edition()), answering(edition("frozen"))
RESULTS = Services(monitoring())
VALUES = {"value-i1": "много", "value-i2": "9"}
BOTH = {"about": "group:overall", "text": LONG, "evidence": LONG}
ANSWERED = {"decision": "declined", "reason": LONG}
ENTERED = {"procedure": "vpr", "municipality": ZLATOUST.id, "period": "20x", **VALUES, "comment": LONG}
Asked = Callable[[httpx.Request], httpx.Response]
FORMS: list[tuple[str, str, Mapping[str, str], Asked, Refusing]] = [
    ("ministry", "/editions", {"title": LONG}, lambda _: listed(), shaped(DraftBody)),
    (HIS, f"{EDITION}/objections", {}, DRAFTED, shaped(ObjectionBody)),
    (HIS, f"{EDITION}/objections", BOTH, DRAFTED, shaped(ObjectionBody)),
    ("ministry", f"{EDITION}/objections/2022-1-1/answer", ANSWERED, DRAFTED, shaped(AnswerBody)),
    ("ministry", f"{EDITION}/publish", CONFIRMED, FROZEN, shaped(PublishBody)),
    ("ministry", f"{EDITION}/publish", CONFIRMED | {"number": LONG, "date": "вчера"}, FROZEN, shaped(PublishBody)),
    ("ministry", f"{EDITION}/publish", {}, FROZEN, shaped(PublishBody)),
    ("ministry", f"{EDITION}/withdraw", CONFIRMED, FROZEN, shaped(WithdrawBody)),
    ("ministry", f"{ADVICE}/issue", {"text": ""}, told_of("drafted"), shaped(IssueBody)),
    ("ministry", f"{ADVICE}/discard", {}, told_of("drafted"), shaped(RefuseBody)),
    (HIS, f"{ADVICE}/consider", {}, told_of("issued"), shaped(ConsiderBody)),
    (HIS, f"{ADVICE}/accept", {"reason": LONG}, told_of("considered"), shaped(AcceptBody)),
    (HIS, f"{ADVICE}/decline", {}, told_of("considered"), shaped(RefuseBody)),
    (HIS, f"{DUTY}/evidence", {"url": "сайт", "done_on": "вчера", "window": "1"}, confirmed, shaped(EvidenceBody)),
    (HIS, f"{DUTY}/evidence", {"text": LONG}, confirmed, shaped(EvidenceBody)),
    ("ministry", f"{DUTY}/evidence/1/withdraw", {}, confirmed, shaped(TakenBack)),
    (HIS, f"{DUTY}/decline", {}, confirmed, shaped(DeclineBody)),
    (HIS, f"{DUTY}/decline", CONFIRMED | {"on": "вчера"}, confirmed, shaped(DeclineBody)),
    ("ministry", "/analytics", {}, PAPERS, shaped(DocumentBody)),
    ("ministry", "/analytics", {"procedure": "vpr", "period": "20x"}, PAPERS, shaped(DocumentBody)),
    ("ministry", "/analytics", {"procedure": "vpr", "period": "2022"}, PAPERS, decided(anew)),
    ("ministry", f"{PAPER}/sections/conclusions", {"text-conclusions": f"{LONG}\n\n{LONG}"}, PAPERS, shaped(TextBody)),
    ("ministry", "/results/new", ENTERED, RESULTS, decided(submitted)),
    ("ministry", "/results/new", {"procedure": "vpr", "kind": "not_applicable"}, RESULTS, decided(submitted)),
    ("ministry", "/results/r1/correction", {**VALUES, "comment": LONG, "revision": "2"}, RESULTS, decided(revised)),
    ("ministry", "/results/r1/correction", {"kind": "not_applicable", "revision": "2"}, RESULTS, decided(revised)),
    ("ministry", "/results/r1/withdrawal", {"revision": "2"}, RESULTS, decided(revised)),
]


def summary(text: str) -> list[str]:
    """The lines of the summary, as HTML."""
    return re.findall(r"<li>(.*?)</li>", text.partition('id="errors"')[2].partition("</div>")[0], re.DOTALL)


@pytest.mark.parametrize(
    ("who", "path", "form", "asked", "refuse"), FORMS, ids=lambda one: one if isinstance(one, str) else ""
)
async def test_every_line_of_a_summary_names_its_field_in_russian_once(  # noqa: PLR0917 - one row of the table
    who: str, path: str, form: Mapping[str, str], asked: Asked, refuse: Refusing
) -> None:
    stage = Stage()
    stage.answers = lambda request: asked(request) if request.method == "GET" else refuse(json.loads(request.content))
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.post(path, data=dict(form))
    assert answer.status_code == 422, answer.text
    lines = summary(answer.text)
    assert lines
    assert len(set(lines)) == len(lines)
    for line in lines:
        said = re.sub(r"<[^>]*>", "", line)
        assert not LATIN.search(said), said
        place = re.search(r'<a href="#([^"]+)"', line)
        assert place is not None, said
        assert f'id="{place[1]}"' in answer.text, said
        assert said not in {"Поле не заполнено. Заполните поле.", "Слишком длинная строка."}
