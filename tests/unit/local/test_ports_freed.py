"""What was let go of just now is waited for, what is taken is not; a block of ports is given to one process."""

import random
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from deploy.local.ports import BLOCK, comes_free, free_port_base, is_free

GIVEN_TO_ANOTHER = "from deploy.local import free_port_base; print(free_port_base(), flush=True); input()"


def test_what_lets_go_of_a_port_in_a_moment_is_waited_for():
    port = free_port_base()
    held = socket.socket()
    held.bind(("127.0.0.1", port))
    threading.Timer(0.2, held.close).start()
    assert comes_free(port)


def test_a_port_that_somebody_listens_on_is_taken_at_once():
    with socket.create_server(("127.0.0.1", free_port_base())) as server:
        assert not comes_free(server.getsockname()[1], seconds=60)


def test_a_port_that_stays_bound_is_waited_for_in_vain_and_not_for_ever():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        assert not comes_free(held.getsockname()[1], seconds=0.1)


@pytest.fixture
def another() -> Iterator[subprocess.Popen[str]]:
    """A process that has chosen a block, said which, and lives until it reads a line."""
    argv = (sys.executable, "-c", GIVEN_TO_ANOTHER)
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_a_block_is_nobody_elses_while_the_process_lives_that_chose_it(
    another: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
):
    assert another.stdout is not None
    chosen = int(another.stdout.readline())
    assert all(is_free(chosen + offset) for offset in range(BLOCK)), "nobody listens yet"
    genuine, first = random.randrange, [chosen]
    monkeypatch.setattr(random, "randrange", lambda *of: first.pop() if first else genuine(*of))
    mine = free_port_base()
    assert mine != chosen
    first.append(mine)
    assert free_port_base() != mine
    another.communicate("\n")
    first.append(chosen)
    assert free_port_base() == chosen
