"""`./rsoko methodology check FILE`: does a methodology hold, and where does it contradict itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.show import AsJson, answer, answer_json
from deploy.local.processes import Failed
from services.scoring.domain import contradictions, methodology_from_yaml
from shared.kernel import Refused

MAX_BYTES = 4 * 1_048_576

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help="Методики.")


@app.callback()
def methodology() -> None:
    """Методики оценки."""


@app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(metavar="ФАЙЛ", help="файл методики, YAML")], *, json: AsJson = False
) -> None:
    """Проверить методику: ошибки и противоречия (есть хоть одно — код выхода 1)."""
    items = check(file)
    if json:
        answer_json({"items": items})
    else:
        answer("\n".join(map(_line, items)) or "Ошибок и противоречий нет")
    if items:
        raise typer.Exit(1)


def check(file: Path) -> list[dict[str, Any]]:
    """Every error (the methodology would be refused) or contradiction (it can be used); raises Failed."""
    try:
        if file.exists() and not file.is_file():
            raise Failed(f"{file}: не обычный файл", "укажите файл методики")
        if file.stat().st_size > MAX_BYTES:
            raise Failed(f"{file}: больше {MAX_BYTES} байт", "укажите файл методики")
        text = file.read_text(encoding="utf-8")
    except OSError as failed:
        raise Failed(f"{file}: {failed.strerror}", "проверьте путь к файлу") from failed
    except UnicodeDecodeError as failed:
        raise Failed(f"{file}: не UTF-8 (байт {failed.start})", "сохраните файл в UTF-8") from failed
    try:
        read, _ = methodology_from_yaml(text)
    except Refused as refused:
        return [
            _item("error", code=one.code, where=one.pointer, message=one.message, remedy=one.remedy)
            for one in refused.errors
        ]
    return [
        _item("contradiction", code=one.code, where=one.where, message=one.message, remedy=one.remedy)
        for one in contradictions(read)
    ]


def _item(kind: str, **fields: str) -> dict[str, Any]:
    return {"kind": kind, **fields}


def _line(item: dict[str, Any]) -> str:
    kind = "Ошибка" if item["kind"] == "error" else "Противоречие"
    where = item["where"] or "документ"
    return f"{kind} [{item['code']}] {where}: {item['message']}. {item['remedy']}."
