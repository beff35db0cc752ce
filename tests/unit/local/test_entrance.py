"""`./rsoko` says precisely why it cannot make its environment, and never takes a half-made one for whole."""

import ast
import errno
import json
import subprocess
import sys
import venv
from pathlib import Path
from types import ModuleType

import pytest

from deploy.local.processes import ROOT


def build(entrance: ModuleType) -> None:
    python = Path(entrance.PYTHON)
    python.parent.mkdir(parents=True)
    python.write_text("")
    python.chmod(0o755)


def test_the_script_is_readable_for_an_old_python_that_must_be_told_so() -> None:
    ast.parse((ROOT / "rsoko").read_text(), feature_version=(3, 6))


def test_an_environment_is_whole_only_when_its_mark_names_the_lock(entrance: ModuleType) -> None:
    build(entrance)
    assert not entrance.installed("requirements.lock")
    entrance.finish("requirements.lock", {}, entrance.VENV)
    assert entrance.installed("requirements.lock")
    assert not entrance.installed("requirements-dev.lock")


def test_the_developers_lock_covers_the_other(entrance: ModuleType) -> None:
    build(entrance)
    entrance.finish("requirements-dev.lock", {}, entrance.VENV)
    assert entrance.installed("requirements.lock")


def test_a_changed_lock_asks_for_another_installation(entrance: ModuleType) -> None:
    build(entrance)
    entrance.finish("requirements.lock", {}, entrance.VENV)
    (Path(entrance.ROOT) / "requirements.lock").write_text("one==2\n")
    assert not entrance.installed("requirements.lock")


def whole(entrance: ModuleType) -> Path:
    """An environment that was whole until the lock changed, with something that a running platform uses."""
    build(entrance)
    entrance.finish("requirements.lock", {}, entrance.VENV)
    (Path(entrance.ROOT) / "requirements.lock").write_text("one==2\n")
    used = Path(entrance.VENV) / "mongod"
    used.write_text("in use")
    return used


def bare_venv(argv: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
    """Make an environment without pip: the real one costs three seconds."""
    venv.create(argv[-1], with_pip=False)
    return subprocess.CompletedProcess(argv, 0, b"")


def test_a_half_made_environment_is_made_anew(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    build(entrance)
    leftover = Path(entrance.VENV) / "leftover"
    leftover.write_text("")
    monkeypatch.setattr(entrance, "download", lambda *_: None)
    monkeypatch.setattr(entrance.subprocess, "run", bare_venv)
    entrance.make("requirements.lock")
    assert not leftover.exists()
    assert json.loads(Path(entrance.MARK).read_text()) == {"requirements.lock": entrance.digest("requirements.lock")}


@pytest.mark.parametrize("end", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_update_leaves_the_environment_as_it_was(
    entrance: ModuleType, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    """What runs needs it, and `down` does."""
    used, mark = whole(entrance), Path(entrance.MARK).read_text()

    def fail(lock: str, venv: str) -> None:
        (Path(venv) / "mongod").unlink()
        raise end

    monkeypatch.setattr(entrance, "download", fail)
    for _ in range(2):
        with pytest.raises((entrance.Stop, KeyboardInterrupt)):
            entrance.make("requirements.lock")
        assert (used.read_text(), Path(entrance.MARK).read_text()) == ("in use", mark)
        assert [path.name for path in Path(entrance.ROOT).glob(".venv*")] == [".venv"]


def test_an_update_is_swapped_in_when_it_is_whole_and_its_scripts_name_its_place(
    entrance: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = whole(entrance)

    def update(lock: str, venv: str) -> None:
        assert entrance.marked() == {"requirements.lock": entrance.marked()["requirements.lock"]}
        script = Path(venv) / "bin" / "tool"
        script.write_text(f"#!{venv}/bin/python\n")
        script.chmod(0o755)

    monkeypatch.setattr(entrance, "download", update)
    entrance.make("requirements.lock")
    script = Path(entrance.VENV) / "bin" / "tool"
    assert (script.read_text(), script.stat().st_mode & 0o777) == (f"#!{entrance.PYTHON}\n", 0o755)
    assert entrance.installed("requirements.lock")
    assert used.read_text() == "in use"
    assert [path.name for path in Path(entrance.ROOT).glob(".venv*")] == [".venv"]


def test_a_swap_that_was_cut_short_is_taken_back(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    used = whole(entrance)
    Path(entrance.VENV).rename(f"{entrance.VENV}.old")
    monkeypatch.setattr(entrance, "download", lambda *_: None)
    entrance.make("requirements.lock")
    assert used.read_text() == "in use"


@pytest.mark.parametrize("command", ["down", "status", "logs"])
def test_what_looks_after_a_running_platform_takes_the_environment_that_is_there(
    entrance: ModuleType, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    whole(entrance)
    ran: list[list[str]] = []
    monkeypatch.setattr(entrance.os, "execve", lambda _, argv, __: ran.append(argv))
    monkeypatch.setattr(entrance, "make", lambda _: pytest.fail("nothing is downloaded"))
    entrance.main([command])
    assert ran[0][-1] == command


def test_a_failed_download_leaves_no_mark(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(lock: str, venv: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(entrance, "create", lambda _: None)
    monkeypatch.setattr(entrance, "download", fail)
    with pytest.raises(entrance.Stop, match="кончилось место"):
        entrance.make("requirements.lock")
    assert not Path(entrance.MARK).exists()


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "кончилось место"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "контрольной суммой"),
        ("WARNING: Retrying after connection broken by NewConnectionError", "проверьте сеть, прокси"),
        ("ERROR: No matching distribution found for one==1", "проверьте сеть, прокси"),
        ("Segmentation fault", "pip не поставил пакеты"),
    ],
)
def test_a_failure_of_pip_is_told_with_its_cause_and_its_own_words(
    entrance: ModuleType, output: str, said: str
) -> None:
    told = entrance.explain_pip(f"Collecting one\n{output}\n")
    assert said in told
    assert output in told


def test_another_platform_is_refused_by_name(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance.platform, "machine", lambda: "aarch64")
    with pytest.raises(entrance.Stop, match="Linux x86-64, а здесь Linux aarch64"):
        entrance.check_machine("up")


def test_another_c_library_is_refused_by_name(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance.platform, "libc_ver", lambda: ("", ""))
    with pytest.raises(entrance.Stop, match="glibc"):
        entrance.check_machine("up")


def test_missing_system_packages_are_all_named_at_once(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "missing_venv", lambda: ["python3-venv"])
    monkeypatch.setattr(entrance, "missing_libraries", lambda: ["libcurl4", "libssl3"])
    with pytest.raises(entrance.Stop, match=r"apt-get install python3-venv libcurl4 libssl3$"):
        entrance.check_machine("up")
    with pytest.raises(entrance.Stop, match=r"apt-get install python3-venv$"):
        entrance.check_machine("check")


def test_libraries_of_mongod_are_not_needed_when_another_mongodb_is_named(
    entrance: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr("ctypes.CDLL", absent)
    monkeypatch.delenv("RSOKO_MONGO", raising=False)
    monkeypatch.delenv("RSOKO_MONGOD", raising=False)
    assert entrance.missing_libraries() == ["libcurl4", "libssl3"]
    monkeypatch.setenv("RSOKO_MONGO", "mongodb://elsewhere")
    assert entrance.missing_libraries() == []


def test_a_full_disk_is_told_before_the_download(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "NEEDED_MB", 10**12)
    with pytest.raises(entrance.Stop, match="свободно"):
        entrance.check_machine("check")


def test_an_unknown_command_is_wrong_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "dance"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "нет команды «dance»" in done.stderr


def test_the_overview_names_every_command() -> None:
    done = subprocess.run([sys.executable, "-m", "deploy.cli"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in ("demo", "up", "down", "status", "logs", "load", "token", "topics", "test", "check", "bench"):
        assert f"  {command} " in done.stdout
