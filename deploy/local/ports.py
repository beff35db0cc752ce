"""Which ports are free, and who holds the others."""

from __future__ import annotations

import random
import socket
import time

import psutil

LOWEST, HIGHEST, BLOCK = 20000, 32000, 20


def is_free(port: int) -> bool:
    """Say whether a server could listen on 127.0.0.1 at this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def comes_free(port: int, seconds: float = 2.0) -> bool:
    """Say whether a port is free, or is within a moment: what was killed just now may not have let go of it yet."""
    end = time.monotonic() + seconds
    while not (free := is_free(port)) and holder(port) is None and time.monotonic() < end:
        time.sleep(0.05)
    return free


def free_port_base() -> int:
    """Find `BLOCK` neighbouring free ports below the range the kernel gives to outgoing connections.

    They are this process's while it lives, whether or not anything listens: no other one is given them here.
    """
    for _ in range(200):
        base = random.randrange(LOWEST, HIGHEST, BLOCK)  # noqa: S311 (no secret: a port number)
        if all(is_free(base + offset) for offset in range(BLOCK)) and _reserve(base):
            return base
    raise OSError(f"no {BLOCK} neighbouring free ports between {LOWEST} and {HIGHEST}")


def _reserve(base: int) -> bool:
    """Take the name of a block until this process ends; False where somebody has it.

    An abstract name is known to exactly those who share the ports, and leaves no file behind, however its holder ends.
    """
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0rsoko-ports-{base}")
    except OSError:
        name.close()
        return False
    name.detach()
    return True


def holder(port: int) -> str | None:
    """Name the process that listens on the port, where the system tells."""
    for connection in psutil.net_connections(kind="tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            return _described(connection.pid)
    return None


def _described(pid: int | None) -> str | None:
    if pid is None:
        return None
    try:
        return f"{psutil.Process(pid).name()}, pid {pid}"
    except psutil.Error:
        return f"pid {pid}"
