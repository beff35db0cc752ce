"""What every command prints: progress on stderr, answers on stdout, as text or as JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.local.state import damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deploy.local import Failed, Settings

AsJson = Annotated[bool, typer.Option("--json", help="ответ в виде JSON")]


def progress(text: str) -> None:
    """Tell one step of a long command, at once."""
    sys.stderr.write(f"· {text}\n")
    sys.stderr.flush()


def say_damaged(settings: Settings) -> None:
    """Tell of records of the state folder that count as absent, because they cannot be read."""
    for name in damaged(settings.run):
        progress(f"{settings.run / name} не читается: считаю, что этой записи нет")


def say_failed(failed: Iterable[Failed]) -> None:
    """Tell who did not answer, a line for each."""
    for one in failed:
        sys.stderr.write(f"Ошибка: {one.message}; {one.remedy}\n")


def shown(text: str) -> str:
    """A text that others wrote, as it may go to a screen: what moves the cursor or breaks the line is escaped."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def answer(text: str) -> None:
    """Print one line of the answer."""
    sys.stdout.write(f"{text}\n")


def answer_fields(told: Mapping[str, Any]) -> None:
    """Print a thing for people, a line for each of its fields."""
    texts = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in told.items()
    }
    answer("\n".join(f"{name}: {shown(value)}" for name, value in texts.items()))


def answer_json(value: Any) -> None:
    """Print the answer as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
