"""The command line speaks Russian, also where it is used wrongly, interrupted, or Kafka is away."""

import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from aiokafka.errors import ClusterAuthorizationFailedError, KafkaConnectionError, KafkaTimeoutError
from aiokafka.errors import SaslAuthenticationFailed as NotLetIn

from deploy.cli import __main__ as entrance
from deploy.cli.__main__ import main
from deploy.cli.russian import in_russian
from deploy.local import Failed
from deploy.local.kafka.trouble import kafka_asked


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("token", "не указан аргумент РОЛЬ: ministry, regional_operator"),
        ("token ministry --nope", "нет параметра --nope; похожие: --scope"),
        ("logs --tail", "нет параметра --tail\nподробно: ./rsoko logs --help"),
        ("token ministry --ttl", "после --ttl нужно значение"),
        ("token ministry --ttl soon", "параметр --ttl: значение не подходит; нужно целое число от -86400 до 2592000"),
        ("up --json=3", "--json пишется без значения"),
        ("dlq nope", "нет команды «nope»"),
        ("dlq discard scoring|t|0|1", "не указан параметр --reason"),
        ("down all of it", "лишнее: all of it"),
    ],
)
def test_wrong_usage_is_said_in_russian(capsys: pytest.CaptureFixture[str], words: str, says: str):
    assert main(words.split()) == 2
    told = capsys.readouterr().err
    assert told.startswith("Ошибка: ")
    assert says in told
    assert not re.search(r"\b(Usage|Error|Missing|No such|Invalid|Try|Got|Option)\b", told)


def test_help_is_no_error(capsys: pytest.CaptureFixture[str]):
    assert main(["dlq"]) == 2
    assert "Ошибка" not in capsys.readouterr().err
    assert main(["dlq", "--help"]) == 0


# What Typer says by itself.
ENGLISH = re.compile(
    r"\b(usage|options?|arguments?|args|commands?|this|message|exit|default|required|range|str|int|text|integer|path|"
    r"file|error|try|help)\b",
    re.IGNORECASE,
)


def helps(command: Any, words: list[str]) -> Iterator[list[str]]:
    """How the help of a command, and of all below it, is asked for."""
    yield words
    for name, each in getattr(command, "commands", {}).items():
        yield from helps(each, [*words, name])


@pytest.mark.parametrize("name", entrance.GROUPS)
def test_the_help_of_every_command_is_in_russian(capsys: pytest.CaptureFixture[str], name: str):
    for words in helps(in_russian(entrance.app_of(name)), [name]):
        assert main([*words, "--help"]) == 0
        told = capsys.readouterr().out
        assert told.startswith(f"Вызов: ./rsoko {' '.join(words)} [ПАРАМЕТРЫ]")
        assert "--help" in told
        assert "показать эту подсказку" in told
        left = [found[0] for line in told.splitlines() for found in ENGLISH.finditer(re.sub(r"\S*--\S+", "", line))]
        assert left == [], f"{words}: {told}"
        assert "..." not in told, "what a command does is said whole"


def test_help_says_what_is_required_and_what_is_taken_by_default(capsys: pytest.CaptureFixture[str]):
    main(["token", "--help"])
    told = capsys.readouterr().out
    assert "[ПАРАМЕТРЫ] {РОЛЬ}" in told
    assert "[обязательно]" in told
    assert "--ttl ЧИСЛО" in told
    assert "[по умолчанию 3600, от -86400 до 2592000]" in told


@pytest.mark.parametrize("end", [KeyboardInterrupt, typer.Abort])
def test_who_interrupts_a_command_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], end: type[BaseException]
):
    app = typer.Typer(add_completion=False)

    @app.command()
    def wait() -> None:
        raise end

    monkeypatch.setattr(entrance, "app_of", lambda _: app)
    assert main(["up"]) == 130
    assert capsys.readouterr().err == "прервано\n"


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_code_of_a_command_is_kept(monkeypatch: pytest.MonkeyPatch, code: int):
    app = typer.Typer(add_completion=False)

    @app.command()
    def done() -> None:
        raise typer.Exit(code)

    monkeypatch.setattr(entrance, "app_of", lambda _: app)
    assert main(["up"]) == code


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("token municipality", "добавьте --municipality"),
        ("token ministry --municipality 74-troitsky-go", "у роли ministry нет --municipality"),
        ("token municipality --municipality 74-troitsky-go --expert e1", "у роли municipality нет --expert"),
        ("token nobody", "нет роли «nobody»"),
    ],
)
def test_a_token_wants_the_id_of_its_role_and_no_other(capsys: pytest.CaptureFixture[str], words: str, says: str):
    assert main(words.split()) == 1
    told = capsys.readouterr().err
    assert says in told
    assert "_id" not in told


@pytest.mark.parametrize("words", ["topics apply", "positions list"])
def test_an_absent_kafka_is_said_without_its_clients_lines(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: str
):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{held.getsockname()[1]}"
        monkeypatch.setenv("RSOKO_KAFKA", address)
        assert main(words.split()) == 1
    assert capfd.readouterr().err == (
        f"Ошибка: Kafka {address}: не отвечает\nзапустите платформу (./rsoko up) или проверьте RSOKO_KAFKA\n"
    )


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (KafkaConnectionError("x"), "не отвечает"),
        (NotLetIn("x"), "не принимает имя или пароль"),
        (ClusterAuthorizationFailedError("x"), "права не применены: у пользователя нет прав"),
        (KafkaTimeoutError("x"), "отказ KafkaTimeoutError"),
    ],
)
def test_trouble_of_kafka_is_put_into_words(error: Exception, says: str):
    with pytest.raises(Failed, match=says), kafka_asked("kafka:9092", "права не применены"):
        raise error
