"""Access: every door names its action, every action is somebody's, and no document is left without either."""

import importlib

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from deploy.local import SERVICES, STORED
from shared.policy import the_policy
from shared.web import actions_of
from tests.architecture.tree import ROOT

# What every process answers to anybody.
OPEN = {"/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/asyncapi.json", "/asyncapi"}


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FastAPI]:
    """Every service, wired and not started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RSOKO_ENV", "local")
        patch.setenv("RSOKO_HOME", str(tmp_path_factory.mktemp("home")))
        made: dict[str, FastAPI] = {one: importlib.import_module(f"services.{one}.app").create() for one in SERVICES}
    return made


def doors(app: FastAPI) -> list[APIRoute]:
    return [route for route in app.routes if isinstance(route, APIRoute) and route.path not in OPEN]


@pytest.mark.parametrize("service", STORED)
def test_every_door_names_an_action(apps: dict[str, FastAPI], service: str):
    assert [route.path for route in doors(apps[service]) if not actions_of(route)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_answers_its_operators_and_readers(apps: dict[str, FastAPI], service: str):
    assert {getattr(route, "path", "") for route in apps[service].routes} >= OPEN


@pytest.mark.parametrize("service", STORED)
def test_every_operation_of_the_document_names_its_action_and_its_refusals(apps: dict[str, FastAPI], service: str):
    told = apps[service].openapi()
    operations = [(path, one) for path, methods in told["paths"].items() for one in methods.values()]
    assert [path for path, one in operations if "x-action" not in one or "default" not in one["responses"]] == []


def test_every_action_of_the_policy_guards_a_door_or_is_asked_inside(apps: dict[str, FastAPI]):
    named = {action for app in apps.values() for route in doors(app) for action in actions_of(route)}
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "services").rglob("*.py"))
    unused = {action for action in the_policy().actions if action not in named and f'"{action}"' not in sources}
    assert unused == set()


def test_who_sees_scores_in_detail_sees_live_ratings():
    live = the_policy().actions["rating.read-live"]
    for action in ("score.explain", "score.what-if"):
        assert the_policy().actions[action].keys() <= live.keys()
