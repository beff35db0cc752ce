"""`./rsoko status`: what runs, where, and whether it is ready; exit 1 unless all is."""

from __future__ import annotations

from dataclasses import asdict

import typer

from deploy.cli.show import AsJson, answer, answer_json, say_damaged
from deploy.local import Settings
from deploy.local.status import Status
from deploy.local.status import status as ask

WORDS = {
    "ready": "готов",
    "not_ready": "не отвечает",
    "starting": "запускается",
    "restarting": "перезапускается",
    "stopped": "остановлен",
}


def status(*, json: AsJson = False) -> None:
    """Показать процессы: имя, состояние, адрес, номер процесса."""
    settings = Settings.from_env()
    say_damaged(settings)
    processes = ask(settings)
    if json:
        answer_json({"processes": [asdict(process) for process in processes]})
    else:
        answer("\n".join(line(process) for process in processes))
    if any(process.state != "ready" for process in processes):
        raise typer.Exit(1)


def line(process: Status) -> str:
    """One process, in columns."""
    pid = f"pid {process.pid}" if process.pid else ""
    again = f", перезапусков: {process.restarts}" if process.restarts else ""
    return f"{process.name:<13} {WORDS[process.state] + again:<33} {process.url:<44} {pid}".rstrip()
