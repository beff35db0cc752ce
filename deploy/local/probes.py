"""Whether a process does its work: asked of Kafka, MongoDB or a service by its address."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

from deploy.local import kafka, mongodb

OK = 200


def is_ready(address: str) -> bool:
    """Ask once; an empty address is always ready.

    `kafka://`, `http://`, `mongodb://` (any MongoDB, only asked) and `mongod://` (ours, made primary at need).
    """
    scheme, _, rest = address.partition("://")
    if not scheme:
        return True
    if scheme == "http":
        return _answers(address)
    if scheme == "mongod":
        return _listens(rest) and mongodb.is_primary(rest)
    if scheme == "kafka":
        return any(_listens(part) for part in rest.partition("#")[0].split(",")) and kafka.is_ready_now(rest)
    return mongodb.is_writable(address)


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=2)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
