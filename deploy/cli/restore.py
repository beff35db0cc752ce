"""`./rsoko restore FILE`: a backup into empty databases, with the services stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.show import AsJson, answer, answer_json, progress
from deploy.cli.stores import commanded
from deploy.local import SERVICES, STORED, Settings

File = Annotated[Path, typer.Argument(metavar="ФАЙЛ", help="копия, снятая командой backup")]
Renew = Annotated[bool, typer.Option("--renew-topics", help="удалить наши топики с событиями и завести заново")]


def restore(file: File, *, renew_topics: Renew = False, json: AsJson = False) -> None:
    """Восстановить копию в пустую MongoDB; службы остановлены, работают только MongoDB и Kafka (up --service none).

    События, которые были в пути, снова будут в пути; читатели начнут с начала и узнают уже учтённое. Топик, в который
    пишут другие системы (monitoring.intake.v1), не трогается: пришедшее после копии будет прочитано снова.
    """
    from deploy.backup import Target
    from deploy.backup import restore as bring_back
    from deploy.cli import migrate, topics

    settings = Settings.from_env()
    target = Target(
        mongo=settings.mongo_uri,
        kafka=settings.kafka_address,
        services=STORED,
        apply_topics=topics.apply,
        migrate=lambda: migrate.run(SERVICES),
        renew=renew_topics,
    )
    with commanded("restore"):
        done = bring_back(file, target, progress)
    if json:
        answer_json({"at": done.at.isoformat(), "documents": done.documents, "records": done.records})
    else:
        answer(f"восстановлено на {done.at:%d.%m.%Y %H:%M:%S} UTC: документов {done.documents}, событий {done.records}")
        answer("дальше: ./rsoko up, затем ./rsoko scoring verify")
