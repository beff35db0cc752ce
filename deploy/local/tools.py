"""Programs that only the tests need (a browser, promtool, …): looked for, installed on Debian as root, or asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

WITHOUT = "RSOKO_WITHOUT"
PICTURES = "RSOKO_SCREENSHOTS"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program by any of its names, the best first, and the Debian packages that bring it; `lighter` where offered."""

    name: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]
    folders: tuple[str, ...]
    service: str | None = None
    lighter: tuple[str, ...] = ()

    def path(self) -> str | None:
        """Where it is, None where it is not."""
        return next(filter(None, map(shutil.which, self.programs)), None)


FONTS = ("fonts-dejavu-core", "fonts-liberation")
# The same engine without windows takes a third of the processor time of the whole browser; Ubuntu has no such package.
BROWSER = Tool(
    "browser",
    programs=("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    packages=("chromium", *FONTS),
    folders=("tests/browser",),
    lighter=("chromium-headless-shell", *FONTS),
)
PROMTOOL = Tool(
    "promtool",
    programs=("promtool",),
    packages=("prometheus",),
    folders=("tests/contracts/observability", "tests/e2e/observability"),
    service="prometheus",
)
# What the samples for integrators are written for.
SAMPLES = ("tests/e2e/test_integrators.py",)
CURL = Tool("curl", programs=("curl",), packages=("curl",), folders=SAMPLES)
KCAT = Tool("kcat", programs=("kcat", "kafkacat"), packages=("kcat",), folders=SAMPLES)
TOOLS = (BROWSER, PROMTOOL, CURL, KCAT)
INSTALL = ("install", "-y", "--no-install-recommends")


class Missing(Exception):
    """Which packages to install, in words for a person."""


def without() -> frozenset[str]:
    """The tools that RSOKO_WITHOUT lets the tests do without."""
    return frozenset(filter(None, os.environ.get(WITHOUT, "").replace(" ", "").split(",")))


def wanted(words: Sequence[str]) -> list[Tool]:
    """The tools that a run of pytest with these words needs: all, or those of the folders it names."""
    paths = [word.partition("::")[0].rstrip("/") for word in words if word.startswith("tests")]
    left = [tool for tool in TOOLS if tool.name not in without()]
    return [tool for tool in left if not paths or any(_touches(path, tool.folders) for path in paths)]


def _touches(path: str, folders: Iterable[str]) -> bool:
    return any(f"{path}/".startswith(f"{folder}/") or f"{folder}/".startswith(f"{path}/") for folder in folders)


def provide(tools: Iterable[Tool], tell: Callable[[str], None]) -> None:
    """Make the tools be there; Missing where they cannot be installed from here."""
    install(lacking(tools), tell)


def lacking(tools: Iterable[Tool]) -> list[Tool]:
    """Those of the tools that are to be installed; Missing where that cannot be done from here."""
    absent = [tool for tool in tools if tool.path() is None]
    if absent and not (_debian() and os.geteuid() == 0 and shutil.which("apt-get")):
        raise Missing(_words(absent))
    return absent


def install(absent: Sequence[Tool], tell: Callable[[str], None]) -> None:
    """Install them by the system's packages; Missing where they are not there afterwards."""
    if not absent:
        return
    tell(f"для тестов нужны программы: {', '.join(tool.name for tool in absent)}; ставлю их (apt-get, один раз)")
    done = _apt("update", "-q") and _apt(*INSTALL, *(package for tool in absent for package in _offered(tool)))
    if not done or any(tool.path() is None for tool in absent):
        raise Missing(_words(absent))
    for tool in absent:
        _rest(tool)


def _offered(tool: Tool) -> tuple[str, ...]:
    """The lighter packages where the system has all of them, else the usual ones."""
    return tool.lighter if tool.lighter and all(map(_known, tool.lighter)) else tool.packages


def _words(absent: Iterable[Tool]) -> str:
    names = ",".join(tool.name for tool in absent)
    command = " ".join(("apt-get", *INSTALL, *(package for tool in absent for package in tool.packages)))
    return (
        f"для тестов не хватает программ: {names}\nустановите их (Debian, Ubuntu; от root): {command}\n"
        f"или пропустите эти тесты: {WITHOUT}={names} ./rsoko test"
    )


def _debian() -> bool:
    return Path("/etc/debian_version").exists()


def _apt(*words: str) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["apt-get", *words], env=env, check=False).returncode == 0  # noqa: S603, S607 (our own words)


def _known(package: str) -> bool:
    """Whether the system has a package of this name; asked of several, `apt-cache show` is content with any one."""
    return subprocess.run(["apt-cache", "show", package], check=False, capture_output=True).returncode == 0  # noqa: S603, S607 (our own words)


def _rest(tool: Tool) -> None:
    """Stop the daemon that a package has just started: the tests need its program only."""
    if tool.service and Path("/run/systemd/system").exists():
        words = ["systemctl", "disable", "--now", tool.service]
        subprocess.run(words, check=False, capture_output=True)  # noqa: S603 (our own words)
