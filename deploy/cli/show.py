"""What every command prints: progress on stderr, answers on stdout, as text or as JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

AsJson = Annotated[bool, typer.Option("--json", help="ответ в виде JSON")]


def progress(text: str) -> None:
    """Tell one step of a long command, at once."""
    sys.stderr.write(f"· {text}\n")
    sys.stderr.flush()


def answer(text: str) -> None:
    """Print one line of the answer."""
    sys.stdout.write(f"{text}\n")


def answer_fields(told: Mapping[str, Any]) -> None:
    """Print a thing for people, a line for each of its fields."""
    texts = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in told.items()
    }
    answer("\n".join(f"{name}: {value}" for name, value in texts.items()))


def answer_json(value: Any) -> None:
    """Print the answer as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
