"""Every service's application as it is wired, not started: nothing connects."""

import importlib
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI

from deploy.local import SERVICES
from shared.settings import Settings


@cache
def applications() -> dict[str, FastAPI]:
    """The six applications by name."""
    nowhere = Settings(env="local", kafka=("127.0.0.1:1",), mongo="mongodb://127.0.0.1:1", instance="contracts-1")
    return {name: importlib.import_module(f"services.{name}.app").create(nowhere) for name in SERVICES}


@cache
def openapi_of(service: str) -> dict[str, Any]:
    """What a service's application says of its API; made once, to be read only."""
    return applications()[service].openapi()


async def asked(service: str, path: str) -> httpx.Response:
    """The answer of a service's application to a GET, without a server."""
    transport = httpx.ASGITransport(app=applications()[service])
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        return (await client.get(path)).raise_for_status()
