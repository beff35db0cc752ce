"""`./rsoko dlq`: dead letters of all services: list, show, handle again, give up with a reason."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from deploy.cli.api import Api
from deploy.cli.show import AsJson, answer, answer_fields, answer_json, say_failed, shown
from deploy.local import STORED, Failed

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
Letter = Annotated[str, typer.Argument(metavar="СООБЩЕНИЕ", help="идентификатор: группа|топик|раздел|смещение")]


@app.callback()
def dlq() -> None:
    """Отвергнутые сообщения: те, что не удалось обработать."""


@app.command("list")
def list_letters(
    *, state: Annotated[str, typer.Option(help="new, redriven, discarded")] = "new", json: AsJson = False
) -> None:
    """Список; код выхода 1, если хоть одно ждёт решения."""
    api = Api()
    letters, failed = api.all_of(STORED, lambda name: list(api.every(name, "/v1/operations/dead-letters", state=state)))
    if json:
        answer_json({"items": letters})
    else:
        rows = [
            "\t".join(shown(str(row[name] or "—")) for name in ("id", "received_at", "code", "source", "message"))
            for row in letters
        ]
        answer("\n".join(rows) or ("" if failed else "отвергнутых сообщений нет"))
    say_failed(failed)
    raise typer.Exit(1 if failed or (letters and state == "new") else 0)


@app.command("show")
def show_letter(letter: Letter, *, json: AsJson = False) -> None:
    """Одно сообщение целиком: ключ, заголовки, данные, причина."""
    _tell(Api().get(_service(letter), f"/v1/operations/dead-letters/{quote(letter, safe='')}"), json=json)


@app.command("redrive")
def redrive(letter: Letter, *, json: AsJson = False) -> None:
    """Обработать ещё раз (только в той же группе); код выхода 1, если снова отвергнуто."""
    done: dict[str, Any] = Api().post(_service(letter), f"/v1/operations/redrive/{quote(letter, safe='')}", {})
    _tell(done, json=json)
    if not json:
        answer(what_next(done))
    raise typer.Exit(0 if done["handled"] else 1)


@app.command("discard")
def discard(letter: Letter, reason: Annotated[str, typer.Option(help="почему")], *, json: AsJson = False) -> None:
    """Отбросить с указанием причины; содержание удаляется, остаются причина, размер и SHA-256."""
    path = f"/v1/operations/discard/{quote(letter, safe='')}"
    _tell(Api().post(_service(letter), path, {"reason": reason}), json=json)


def what_next(done: dict[str, Any]) -> str:
    """What came of another attempt, and what happens next."""
    if done["handled"]:
        return (
            f"Обработано в группе {done['group']}: дальше всё идёт как с обычным сообщением, делать ничего не нужно. "
            "Если уже учтено более новое, оно осталось в силе. Запись о сообщении удалится сама через 90 дней."
        )
    letter = f"'{done['id']}'"
    return (
        f"Снова отвергнуто (попыток: {done['attempts']}): сообщение осталось в списке, само оно не повторится. Дальше: "
        "устраните причину (code, message) и повторите\n"
        f"  ./rsoko dlq redrive {letter}\n"
        "или, если сообщение больше не нужно, отбросьте его\n"
        f"  ./rsoko dlq discard {letter} --reason 'почему'"
    )


def _tell(told: dict[str, Any], *, json: bool) -> None:
    (answer_json if json else answer_fields)(told)


def _service(letter: str) -> str:
    name = letter.partition("|")[0].partition(".")[0]
    if name not in STORED:
        raise Failed(f"«{letter}» не похоже на идентификатор сообщения", "возьмите его из ./rsoko dlq list")
    return name
