"""The door of an edition's files: content in four formats, passport, signed manifest, and the public keys."""

from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response

from services.scoring.api.parts import Uses
from services.scoring.api.publication.asking import EditionId, EditionReader
from services.scoring.api.told.publication import ContentAnswer, KeysAnswer, PassportAnswer
from services.scoring.domain.publication import manifest as signed
from services.scoring.domain.publication.writing import File
from shared.web import TAG, JsonAnswer, answers, cached, may
from shared.web import router as make_router

router = make_router("/v1/editions/{edition}", tag="editions")
keys = make_router("/v1/signing-keys", tag="editions")
Group = Annotated[str, Query(max_length=100, description="какая таблица (для CSV): overall, группа или процедура")]
BINARY = {"schema": {"type": "string", "format": "binary"}}
TEXT = {"schema": {"type": "string"}}
CONTENT = answers(
    ContentAnswer, also={signed.CSV_TYPE: TEXT, signed.XLSX_TYPE: BINARY, signed.PDF_TYPE: BINARY}, tagged=True
)
PASSPORT = answers(PassportAnswer, also={signed.CSV_TYPE: TEXT}, tagged=True)
NAMES = {"json": signed.CONTENT, "xlsx": signed.BOOK, "pdf": signed.PAPER}


@router.get(
    "/content",
    operation_id="read_edition_content",
    responses=CONTENT,
    summary="Содержание редакции: JSON, CSV, XLSX, PDF",
)
async def read_content(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request,
    uses: Uses,
    edition: EditionId,
    actor: EditionReader,
    format: Annotated[Literal["json", "csv", "xlsx", "pdf"], Query(description="вид файла")] = "json",  # noqa: A002 - the parameter's name
    group: Group = "overall",
) -> Response:
    """Of a published edition the very bytes that its manifest names; a CSV holds one table."""
    name = NAMES.get(format, f"{group}.csv")
    return _given(request, edition, (await uses.publication.looking.file(edition, name, actor))[1])


@router.get(
    "/passport", operation_id="read_edition_passport", responses=PASSPORT, summary="Паспорт набора открытых данных"
)
async def read_passport(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request,
    uses: Uses,
    edition: EditionId,
    actor: EditionReader,
    format: Annotated[Literal["json", "csv"], Query(description="вид файла")] = "json",  # noqa: A002 - the parameter's name
) -> Response:
    """Who publishes what since when, in the customary fields; only of what is published."""
    name = f"{signed.PASSPORT}.{format}"
    return _given(request, edition, (await uses.publication.looking.file(edition, name, actor))[1])


@router.get(
    "/manifest",
    operation_id="read_edition_manifest",
    responses={
        200: {"description": "JWS (ES256), компактная запись", "content": {signed.TEXT_TYPE: TEXT}, "headers": TAG}
    },
    response_class=Response,
    summary="Подписанный перечень файлов редакции",
)
async def read_manifest(request: Request, uses: Uses, edition: EditionId, actor: EditionReader) -> Response:
    """Act, instant, methodology, previous edition and the hash of every file; verify it by /v1/signing-keys."""
    return _given(request, edition, (await uses.publication.looking.file(edition, signed.MANIFEST, actor))[1])


@keys.get(
    "",
    dependencies=[Depends(may("edition.read"))],
    operation_id="list_signing_keys",
    responses=answers(KeysAnswer),
    summary="Открытые ключи, которыми проверяют подписи редакций (JWKS)",
)
async def list_keys(uses: Uses) -> Response:
    """Also those that signed earlier editions and are used no more."""
    return JsonAnswer({"keys": await uses.publication.looking.keys()})


def _given(request: Request, edition: str, file: File) -> Response:
    told = {"Content-Disposition": f'attachment; filename="{edition}-{file.name}"'}
    return cached(request, file.body.whole(), media_type=file.media_type, headers=told)
