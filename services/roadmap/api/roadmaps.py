"""The door of road maps and of the questions about deadlines that they do not give."""

from typing import Annotated, Literal

from fastapi import Path, Query, Request, Response

from services.roadmap.api.asking import (
    ActivityId,
    Answerer,
    On,
    QuestionReader,
    RoadmapReader,
    RoadmapWriter,
    Uses,
    answer_of,
)
from services.roadmap.api.bodies import DeadlineAnswer, RoadMapBody, tasks_of, windows_of
from services.roadmap.api.told import ActivityAnswer, QuestionPage, RoadMapAnswer, RoadMapPage
from services.roadmap.domain import RoadMap
from shared.exactjson import write
from shared.web import (
    Condition,
    ExpectedRevision,
    Idempotency,
    JsonAnswer,
    answers,
    cached,
    composed,
    created,
    revision_tag,
    router,
)

roadmaps = router("/v1/roadmaps", tag="Дорожные карты")
questions = router("/v1", tag="Вопросы о сроках")
LARGE = 2 * 1024 * 1024
NEW = answers(RoadMapAnswer, 200, 201, words="Заведена впервые", tagged=True)
Retitled = Annotated[bool, Query(description="мероприятия прежние, изменились только их названия")]
Key = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100, examples=["region-2022"])]


@roadmaps.put("/{roadmap}", operation_id="put_roadmap", responses=NEW, max_body_size=LARGE)
async def put_roadmap(
    roadmap: Key,
    body: RoadMapBody,
    _: RoadmapWriter,
    uses: Uses,
    *,
    expected: Condition,
    retitled: Retitled = False,
) -> Response:
    """Завести или обновить дорожную карту целиком; то же самое ещё раз ничего не меняет.

    Изменение — только поверх прочитанной версии (`If-Match` с её ETag), иначе 412 или 428: чужая правка не потеряется.
    Мероприятие, которого в новой редакции нет, становится исключённым; подтверждения и ответы о сроках остаются.
    Мероприятие узнаётся по номеру: номер, о котором уже есть сведения, другому не передаётся (`renumbered`).
    """
    wanted = RoadMap(
        id=roadmap,
        title=body.title,
        region=body.region,
        municipality=await uses.planning.owner(body.municipality, region=body.region, start=body.start),
        start=body.start,
        end=body.end,
        act=body.act,
    )
    item, new = await uses.planning.put(wanted, tasks_of(body), expected=expected, retitled=retitled)
    if new:
        return created(item, location=f"/v1/roadmaps/{roadmap}", revision=item["revision"])
    return JsonAnswer(item, headers={"ETag": revision_tag(item["revision"])})


@roadmaps.get("", operation_id="list_roadmaps", responses=answers(RoadMapPage, tagged=True))
async def list_roadmaps(request: Request, _: RoadmapReader, uses: Uses, *, on: On = None) -> Response:
    """Все дорожные карты и сколько мероприятий в каждом состоянии на день `on`."""
    return cached(request, write({"items": await uses.planning.roadmaps(on=on), "next": None}))


@roadmaps.get("/{roadmap}", operation_id="read_roadmap", responses=answers(RoadMapAnswer, tagged=True))
async def read_roadmap(roadmap: Key, _: RoadmapReader, uses: Uses, *, on: On = None) -> Response:
    """Одна дорожная карта; ETag нужен для If-Match. Состояния меняет и календарь, поэтому 304 здесь не бывает."""
    item = await uses.planning.roadmap(roadmap, on=on)
    return composed(item, revision=item["revision"])


@questions.get("/questions", operation_id="list_questions", responses=answers(QuestionPage, tagged=True))
async def list_questions(
    request: Request,
    _: QuestionReader,
    uses: Uses,
    *,
    state: Annotated[Literal["open", "answered"] | None, Query(description="без ответа или с ответом")] = None,
) -> Response:
    """Мероприятия, у которых срок не указан: о каждом спрашивают людей."""
    return cached(request, write({"items": await uses.planning.questions(state=state), "next": None}))


@questions.post(
    "/activities/{activity}/deadline", operation_id="answer_deadline", responses=answers(ActivityAnswer, tagged=True)
)
async def answer_deadline(
    activity: ActivityId,
    body: DeadlineAnswer,
    actor: Answerer,
    uses: Uses,
    *,
    expected: ExpectedRevision,
    key: Idempotency,
) -> Response:
    """Ответить на вопрос о сроке: назначить окна мероприятию, у которого срок не указан, и сказать почему."""
    answer = await uses.planning.answer(
        activity, windows_of(body.windows), body.reason, expected=expected, actor=actor, repeat=key
    )
    return answer_of(answer)
