"""Whose token it is: a municipality is named by its id, or by a code that the registry knows."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from deploy.cli.token import municipality_id
from deploy.local import Failed, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def registry(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/v1/municipalities/75712000":
        return httpx.Response(200, content=json.dumps({"id": "74-zlatoustovsky-go"}))
    return httpx.Response(404, json={"code": "municipality-not-found"})


def silence(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody", request=request)


def named(text: str, settings: Settings, answer: Callable[[httpx.Request], httpx.Response] = registry) -> str:
    return municipality_id(text, settings, transport=httpx.MockTransport(answer))


def test_an_id_is_taken_as_it_is_and_a_code_is_looked_up(settings: Settings):
    assert named("74-zlatoustovsky-go", settings, silence) == "74-zlatoustovsky-go"
    assert named("", settings, silence) == ""
    assert named("75712000", settings) == "74-zlatoustovsky-go"


@pytest.mark.parametrize("code", ["75999999", "757120", "75712000001"])
def test_a_code_that_nobody_bears_is_refused_in_words(settings: Settings, code: str):
    with pytest.raises(Failed, match=f"кода ОКТМО {code} в реестре нет") as caught:
        named(code, settings)
    assert "идентификатор" in str(caught.value.remedy)


def test_who_cannot_ask_the_registry_is_told_what_to_do(settings: Settings):
    with pytest.raises(Failed, match="чей код ОКТМО 75712000, знает реестр") as caught:
        named("75712000", settings, silence)
    assert "./rsoko up" in str(caught.value.remedy)


def test_outside_the_local_mode_nobody_is_asked(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RSOKO_ENV", "production")
    with pytest.raises(Failed, match="RSOKO_ENV=local"):
        named("75712000", settings)
