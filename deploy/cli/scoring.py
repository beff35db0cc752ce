"""`./rsoko scoring`: do the scores follow from the results (verify, reproduce), make them follow (rebuild)."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli.show import AsJson, answer, answer_json
from deploy.cli.stores import commanded, reached
from deploy.local import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from services.scoring.usecases import Scoring

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


@app.callback()
def scoring() -> None:
    """Баллы: сверить с результатами, пересчитать; служба при этом может работать."""


@app.command("verify")
def verify(*, json: AsJson = False) -> None:
    """Сверить все хранимые баллы с пересчётом из результатов; код выхода 1, если есть расхождения."""
    found = [asdict(one) for one in _run(lambda uses: uses.recounts.verify())]
    if json:
        answer_json({"items": found})
    else:
        rows = [
            f"{one['period']} {one['municipality']} {one['where']}: хранится {one['stored']}, "
            f"из результатов {one['recounted']}"
            for one in found
        ]
        answer("\n".join(rows) or "расхождений нет")
    raise typer.Exit(1 if found else 0)


@app.command("rebuild")
def rebuild(*, json: AsJson = False) -> None:
    """Пересчитать все баллы из результатов рядом с действующими и переключиться на новые разом."""
    with commanded("scoring rebuild"):
        done = asdict(_run(lambda uses: uses.recounts.rebuild()))
    if json:
        answer_json({"items": [done]})
    else:
        answer(f"пересчитано карточек: {done['cards']}, изменилось: {done['changed']}")


@app.command("reproduce")
def reproduce(
    edition: Annotated[str, typer.Argument(metavar="РЕДАКЦИЯ", help="id редакции рейтинга")], *, json: AsJson = False
) -> None:
    """Пересчитать содержание редакции из её результатов и сравнить побайтно; код выхода 1, если отличается."""
    found = _run(lambda uses: uses.publication.reproducing.reproduce(edition))
    if json:
        answer_json(found)
    else:
        rows = [
            f"{one['where']}: опубликовано {one['published']}, пересчитано {one['reproduced']}"
            for one in found["differences"]
        ]
        late = [f"записаны раньше, пришли после фиксации: {', '.join(found['late'])}"] if found["late"] else []
        same = "совпадает побайтно" if found["equal"] else "отличается"
        answer("\n".join([f"редакция {edition}: {same}, SHA-256 {found['reproduced']}", *rows, *late]))
    raise typer.Exit(0 if found["equal"] else 1)


def _run(work: Callable[[Scoring], Awaitable[Any]]) -> Any:
    """Work on the database itself, beside the service: a version of each card keeps the two apart."""
    from services.scoring.store import SCHEMAS, Store, kept_home
    from services.scoring.usecases import Scoring
    from shared.mongo import Mongo
    from shared.mongo.client import utc_now
    from shared.settings import load

    async def whole() -> Any:
        mongo = Mongo(Settings.from_env().mongo_uri, by="scoring-cli")
        try:
            database = mongo.database("scoring", SCHEMAS)
            # That of the environment may be another's: here only what the service has never said is taken from it.
            home = await kept_home(database) or load().region
            uses = Scoring(Store(database, home=home), clock=utc_now)
            await uses.load()
            return await work(uses)
        finally:
            mongo.close()

    with reached("scoring"):
        return asyncio.run(whole())
