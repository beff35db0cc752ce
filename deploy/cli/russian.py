"""Help of every command in Russian: Typer's own words come from its formatter, its commands and their parameters."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECTIONS = {"Arguments": "Аргументы", "Options": "Параметры", "Commands": "Команды"}
VALUES = {"int": "ЧИСЛО", "int range": "ЧИСЛО", "float": "ЧИСЛО", "path": "ПУТЬ", "file": "ПУТЬ", "boolean": ""}
HELP = "показать эту подсказку"
# What Typer adds to the help of a parameter stands at its end, in brackets.
_ADDED = re.compile(r"\[[^][]*\]$")
_WORDS = (
    (re.compile(r"\bdefault: "), "по умолчанию "),
    (re.compile(r"\brequired\b"), "обязательно"),
    (re.compile(r"(-?\d+)<=x<=(-?\d+)"), r"от \1 до \2"),
    (re.compile(r"x>=(-?\d+)"), r"не меньше \1"),
    (re.compile(r"x<=(-?\d+)"), r"не больше \1"),
    (re.compile(r"; "), ", "),
)


class Formatter(typer.Context.formatter_class):  # type: ignore[valid-type,misc] # Typer keeps the class to itself
    """Writes the titles and additions that Typer words in English."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how the command is called."""
        super().write_usage(prog, args, prefix or "Вызов: ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """A titled part."""
        with super().section(SECTIONS.get(name, name)):
            yield

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **named: Any) -> None:
        """Parameters or commands, each with what it is for."""
        super().write_dl([(name, _ADDED.sub(_added, told)) for name, told in rows], *args, **named)


class Context(typer.Context):
    """A call of a command, whose help our formatter writes."""

    formatter_class = Formatter


def in_russian(app: typer.Typer) -> Any:
    """The command of an application, with all that stand below it, whose help is in Russian."""
    command: Any = typer.main.get_command(app)
    _teach(command)
    return command


def _teach(command: Any) -> None:
    command.context_class, command.rich_markup_mode = Context, None
    command.options_metavar = "[ПАРАМЕТРЫ]"
    for param in command.params:
        if param.param_type_name == "option" and param.metavar is None and not param.is_flag:
            param.metavar = VALUES.get(param.type.name, "ТЕКСТ")
    command.get_help_option(Context(command)).help = HELP
    # Typer cuts what stands in a list of commands; ours are short enough to be shown whole.
    command.short_help = command.short_help or " ".join((command.help or "").partition("\n\n")[0].split())
    if subs := getattr(command, "commands", None):
        command.subcommand_metavar = "КОМАНДА …"
        for each in subs.values():
            _teach(each)


def _added(found: re.Match[str]) -> str:
    told = found[0]
    for english, russian in _WORDS:
        told = english.sub(russian, told)
    return told
