"""`./rsoko outbox stats`: what each service has not sent yet, and for how long."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.cli.api import Api
from deploy.cli.show import AsJson, answer, answer_json, say_failed
from deploy.local import STORED

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


@app.callback()
def outbox() -> None:
    """Очередь исходящих событий."""


@app.command("stats")
def stats(
    *, limit: Annotated[float, typer.Option(help="сколько секунд ожидания считать бедой")] = 60.0, json: AsJson = False
) -> None:
    """Сколько событий ждёт отправки и как давно; код выхода 1, если какое-то ждёт слишком долго."""
    api = Api()
    rows, failed = api.all_of(STORED, lambda name: [{"service": name, **api.get(name, "/v1/operations/outbox")}])
    if json:
        answer_json({"items": rows})
    else:
        answer("\n".join(f"{r['service']:<13} {r['unpublished']:>7} {r['oldest_age_seconds']:>9} с" for r in rows))
    say_failed(failed)
    raise typer.Exit(1 if failed or any(row["oldest_age_seconds"] > limit for row in rows) else 0)
