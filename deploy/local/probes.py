"""Whether a process does its work: asked of Kafka, MongoDB or a service by its address."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

from deploy.local import kafka, mongodb

OK = 200


def is_ready(address: str) -> bool:
    """Ask once; `kafka://`, `mongodb://` and `http://` addresses are known, an empty one is always ready."""
    scheme = address.partition("://")[0]
    if not address:
        return True
    if scheme == "http":
        return _answers(address)
    if not all(_listens(part) for part in address.partition("://")[2].split("/")[0].split(",")):
        return False
    if scheme == "kafka":
        return kafka.is_ready_now(address.partition("://")[2])
    return mongodb.is_ready_now(address)


def _listens(address: str) -> bool:
    host, _, port = address.rpartition("@")[2].rpartition(":")
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
