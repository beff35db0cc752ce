"""The table of commands; the module of a command is imported only when it is called."""

from __future__ import annotations

import sys

# What a shell expects of a command that Ctrl-C has ended; Typer answers so, too.
INTERRUPTED = 130
try:
    import importlib

    import typer
    from typer.exceptions import TyperException

    from deploy.cli.russian import in_russian
    from deploy.cli.usage import wrong_usage
    from deploy.local.processes import Failed
except KeyboardInterrupt:
    sys.exit(INTERRUPTED)

GROUPS = {
    "demo": ("demo", "всё с начала: запуск, данные региона, одно исправление, рассказ о том, что изменилось"),
    "up": ("up", "запустить платформу в фоне; возвращается, когда всё готово"),
    "down": ("down", "остановить всё, что запущено"),
    "status": ("status", "что запущено и готово ли"),
    "logs": ("logs", "журнал процесса"),
    "load": ("load", "загрузить данные: region, schools или файлы результатов"),
    "token": ("token", "выдать токен местного поставщика удостоверений (только в местном режиме)"),
    "topics": ("topics", "топики Kafka: apply"),
    "migrate": ("migrate", "индексы, проверки и версии документов в MongoDB"),
    "backup": ("backup", "снять резервную копию баз и событий в пути"),
    "restore": ("restore", "восстановить резервную копию в пустые базы"),
    "outbox": ("outbox", "очередь исходящих событий: stats"),
    "dlq": ("dlq", "отвергнутые сообщения: list, show, redrive, discard"),
    "positions": ("positions", "места групп в топиках Kafka: list, reset"),
    "scoring": ("scoring", "баллы: verify, rebuild"),
    "methodology": ("methodology", "методики: check"),
    "test": ("run_tests", "всё, что проверяет CI (аргументы передаются pytest)"),
    "check": ("check", "быстрая часть проверок"),
    "bench": ("bench", "измерения, каждое рядом со своим ориентиром"),
}


def app_of(name: str) -> typer.Typer:
    """Import a command: its module's `app`, or the function named as the module."""
    wanted = GROUPS[name][0]
    module = importlib.import_module(f"deploy.cli.{wanted}")
    app = getattr(module, "app", None)
    if isinstance(app, typer.Typer):
        return app
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(name, context_settings=getattr(module, "CONTEXT", None))(getattr(module, wanted))
    return single


def main(words: list[str]) -> int:
    """Run one command; 0 done, 1 something is wrong, 2 wrong usage, 130 interrupted."""
    name = words[0] if words else "--help"
    if name in {"--help", "-h", "help"}:
        sys.stdout.write(overview())
        return 0
    if name not in GROUPS:
        sys.stderr.write(f"нет команды «{name}»\n\n{overview()}")
        return 2
    try:
        code = in_russian(app_of(name)).main(words[1:], prog_name=f"./rsoko {name}", standalone_mode=False) or 0
    except Failed as failed:
        remedy = f"\n{failed.remedy}" if failed.remedy else ""
        return _wrong(f"{failed.message}{remedy}", 1)
    except OSError as error:
        return _wrong(_trouble(error), 1)
    except TyperException as error:
        return _wrong(wrong_usage(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:
        sys.stderr.write("прервано\n")
    return int(code)


def _trouble(error: OSError) -> str:
    """What the system refused: a path that cannot be used, a full disk, an answer that did not come in time."""
    if isinstance(error, TimeoutError):
        return "ответа не дождались; повторите, состояние: ./rsoko status"
    what = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {what}\nпроверьте путь, права и место на диске" if error.filename else what


def _wrong(told: str, code: int) -> int:
    sys.stderr.write(f"Ошибка: {told}\n" if told else "")
    return code


def overview() -> str:
    """List all commands with what they do."""
    rows = "".join(f"  {name:<12} {told}\n" for name, (_, told) in GROUPS.items())
    return f"./rsoko КОМАНДА …   (./rsoko КОМАНДА --help — подробно)\n\n{rows}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
