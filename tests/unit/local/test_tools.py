"""Programs that the tests need: which run needs which, and what is said where they are missing."""

import dataclasses

import pytest

from deploy.local import tools
from deploy.local.tools import BROWSER, CURL, KCAT, PROMTOOL, TOOLS, Missing, Tool, provide, wanted

ABSENT = Tool(
    "absent", programs=("no-such-program-1", "no-such-program-2"), packages=("no-such",), folders=("tests/x",)
)


@pytest.fixture(autouse=True)
def nothing_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(tools.WITHOUT, raising=False)


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        ([], list(TOOLS)),
        (["-k", "rebuild"], list(TOOLS)),
        (["tests"], list(TOOLS)),
        (["tests/browser/test_map.py::test_one", "-x"], [BROWSER]),
        (["tests/unit"], []),
        (["tests/e2e", "tests/integration/scoring"], [PROMTOOL, CURL, KCAT]),
        (["tests/e2e/test_integrators.py::test_one"], [CURL, KCAT]),
        (["tests/e2e/test_story.py"], []),
        (["tests/browserless"], []),
    ],
)
def test_a_run_needs_the_tools_of_the_folders_it_names(words: list[str], needed: list[Tool]) -> None:
    assert wanted(words) == needed


def test_a_tool_left_out_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(tools.WITHOUT, "browser, promtool,curl, kcat")
    assert wanted([]) == []


def test_without_root_the_packages_and_the_way_around_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(Missing) as missing:
        provide([ABSENT], print)
    assert "apt-get install -y --no-install-recommends no-such" in str(missing.value)
    assert "RSOKO_WITHOUT=absent ./rsoko test" in str(missing.value)


def test_as_root_on_debian_they_are_installed_and_found(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    told: list[str] = []
    monkeypatch.setattr(tools, "_debian", lambda: True)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(
        "shutil.which", lambda name: f"/bin/{name}" if name == "apt-get" or "install" in str(asked) else None
    )
    monkeypatch.setattr(tools, "_apt", lambda *words: asked.append(words) is None)
    provide([ABSENT], told.append)
    assert asked == [("update", "-q"), ("install", "-y", "--no-install-recommends", "no-such")]
    assert "absent" in told[0]


@pytest.mark.parametrize(
    ("known", "taken"),
    [({"small", "font"}, ("small", "font")), ({"font"}, ("no-such",)), (set(), ("no-such",))],
)
def test_lighter_packages_are_taken_where_the_system_has_them(
    monkeypatch: pytest.MonkeyPatch, known: set[str], taken: tuple[str, ...]
) -> None:
    monkeypatch.setattr(tools, "_known", known.__contains__)
    assert tools._offered(dataclasses.replace(ABSENT, lighter=("small", "font"))) == taken
    assert tools._offered(ABSENT) == ("no-such",)


def test_a_failed_installation_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_apt", lambda *_: False)
    monkeypatch.setattr(tools, "_debian", lambda: True)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(Missing, match="no-such"):
        provide([ABSENT], lambda _: None)


def test_what_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/x")
    provide([ABSENT], pytest.fail)
