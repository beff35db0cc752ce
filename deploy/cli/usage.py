"""Wrong usage of the command line in Russian: Typer words it in English, but tells what it has found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer.exceptions import TyperException

_NUMBERS = {"int": "целое число", "int range": "целое число", "float": "число", "float range": "число"}
_OTHERS = (
    (re.compile(r"No such command '(.+?)'"), "нет команды «{}»"),
    (re.compile(r"Missing command"), "не названа команда"),
    (re.compile(r"unexpected extra arguments?(?:\(s\))? \((.+)\)"), "лишнее: {}"),
)


def wrong_usage(error: TyperException) -> str:
    """What is wrong, and where help is; nothing where help itself has been shown."""
    # Typer keeps these classes to itself: they are known by their names.
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return ""
    told = _WORDS.get(kind, _other)(error)
    context = getattr(error, "ctx", None)
    return f"{told}\nподробно: {context.command_path} --help" if context is not None else told


def _missing(error: Any) -> str:
    about = getattr(error.param, "help", None)
    return f"не указан {_called(error.param)}" + (f": {about}" if about else "")


def _bad(error: Any) -> str:
    return f"{_called(error.param)}: значение не подходит; нужно {_wanted(error.param.type)}"


def _unknown(error: Any) -> str:
    near = ", ".join(error.possibilities or ())
    return f"нет параметра {error.option_name}" + (f"; похожие: {near}" if near else "")


def _half(error: Any) -> str:
    wants = "requires" in error.format_message()
    return f"после {error.option_name} нужно значение" if wants else f"{error.option_name} пишется без значения"


def _other(error: Any) -> str:
    message: str = error.format_message()
    found = ((pattern.search(message), words) for pattern, words in _OTHERS)
    return next((words.format(*hit.groups()) for hit, words in found if hit), message)


_WORDS: dict[str, Callable[[Any], str]] = {
    "MissingParameter": _missing,
    "BadParameter": _bad,
    "NoSuchOption": _unknown,
    "BadOptionUsage": _half,
}


def _called(param: Any) -> str:
    if param.param_type_name == "option":
        return f"параметр {max(param.opts, key=len)}"
    return f"аргумент {param.metavar or param.name}"


def _wanted(kind: Any) -> str:
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    bounds = (f" от {least}" if least is not None else "") + (f" до {most}" if most is not None else "")
    return f"{_NUMBERS.get(kind.name, 'другое')}{bounds}"
