"""`./rsoko backup FILE`: all databases at one moment and the events under way, while the platform works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.show import AsJson, answer, answer_json, progress
from deploy.local import STORED, Settings

File = Annotated[Path, typer.Argument(metavar="ФАЙЛ", help="куда: новый файл, например rsoko-2022-11-01.backup")]


def backup(file: File, *, json: AsJson = False) -> None:
    """Снять резервную копию: базы всех служб на один момент и события, которые были в пути. Службы не прерываются.

    Ключей и паролей в копии нет: храните их отдельно. Файл доступен только владельцу; в нём все данные.
    """
    from deploy.backup import take

    settings = Settings.from_env()
    progress("читаю базы и топики")
    taken = take(file, mongo=settings.mongo_uri, kafka=settings.kafka_address, services=STORED)
    if json:
        answer_json({"file": str(file), "documents": taken.documents, "records": taken.records, "bytes": taken.bytes})
    else:
        answer(f"копия {file}: документов {taken.documents}, событий в пути {taken.records}, байт {taken.bytes}")
