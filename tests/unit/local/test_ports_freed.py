"""A port that nobody listens on any more is waited for, for a moment; one that is taken is not."""

import socket
import threading

from deploy.local.ports import comes_free, free_port_base


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
