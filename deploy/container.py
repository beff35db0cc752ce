"""What runs in a container: `python -m deploy.container SERVICE`, and its health check, `… health`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deploy.local.probes import is_ready
from deploy.local.programs import UVICORN
from deploy.local.settings import OFFSETS

MARK = Path("/tmp/rsoko.port")  # noqa: S108 (the container's own, in memory)
FLAGS = tuple("0.0.0.0" if word == "127.0.0.1" else word for word in UVICORN)  # noqa: S104 (the network of containers)


def main(words: list[str]) -> int:
    """Become the service's server, or say by the exit code whether the one running here is ready."""
    name = words[0] if len(words) == 1 else ""
    if name == "health":
        return 0 if healthy() else 1
    if name in OFFSETS:
        os.execv(sys.executable, command(name))  # noqa: S606 (our own words)
    sys.stderr.write(f"нет службы «{name}»; есть: {', '.join(OFFSETS)}, health\n")
    return 2


def healthy() -> bool:
    """Whether the service that was begun in this container is ready."""
    return MARK.exists() and is_ready(f"http://127.0.0.1:{MARK.read_text()}/readyz")


def command(name: str) -> list[str]:
    """The server of a service; its port is left for the health check."""
    port = port_of(name)
    MARK.write_text(str(port))
    target = "deploy.local.issuer.app:create" if name == "identity" else f"services.{name}.app:create"
    return [sys.executable, "-m", "shared.serving", target, "--port", str(port), *FLAGS]


def port_of(name: str) -> int:
    """The port of a service: behind the portal's, as everywhere."""
    return int(os.environ.get("RSOKO_PORT_BASE") or 8000) + OFFSETS[name]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
