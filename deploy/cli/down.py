"""`./rsoko down`: stop everything the state folder knows of."""

from __future__ import annotations

from deploy.cli.show import AsJson, answer, answer_json, progress, say_damaged
from deploy.local import Platform, Settings


def down(*, json: AsJson = False) -> None:
    """Остановить службы, затем Kafka и MongoDB."""
    settings = Settings.from_env()
    say_damaged(settings)
    stopped = Platform(settings, tell=progress).down()
    if json:
        answer_json({"stopped": stopped})
    else:
        answer(f"остановлено: {', '.join(stopped)}" if stopped else "ничего не было запущено")
