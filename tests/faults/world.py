"""The one platform under test: started, loaded with the region, asked over HTTP, looked into."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from deploy.cli.token import issue
from deploy.local import STORED, Platform, Settings
from deploy.local.platform import START_SECONDS
from deploy.local.region import read_region
from deploy.local.settings import ROOT
from shared.kernel import Unavailable
from shared.mongo import Mongo
from shared.testing import eventually
from tests.faults.history import Content, History, Key, Revision, Violation

AWAY = 503
PORTAL = "portal"
PAGE = 200


class World:
    """Kafka, MongoDB, the issuer, five services and the portal in a folder of their own."""

    def __init__(self, home: Path, *, apps: Mapping[str, str] | None = None) -> None:
        self.platform = Platform(Settings.spare(home, apps=apps))
        self.settings = self.platform.settings
        self.mongo = Mongo(self.settings.mongo_uri, by="faults")
        self.http = httpx.AsyncClient(timeout=10.0)
        self.violations: list[Violation] = []

    async def start(self) -> None:
        """Start everything; returns when all is ready."""
        await asyncio.to_thread(self.platform.up, (*STORED, PORTAL))
        token = issue("ministry", settings=self.settings, ttl=12 * 3600)
        self.http.headers["Authorization"] = f"Bearer {token}"

    async def bring_region(self, history: History) -> None:
        """Load the region quietly; its results are the beginning of the history."""
        words = ("-m", "deploy.cli", "load", "region")
        loading = await asyncio.create_subprocess_exec(
            sys.executable, *words, env=self.settings.environ(), cwd=ROOT, stdout=PIPE, stderr=STDOUT
        )
        said, _ = await loading.communicate()
        assert loading.returncode == 0, said.decode()
        shown = {_key(row): row async for row in self.every("monitoring", "/v1/results", period="2022")}
        for body in read_region().results:
            key = _key(body)
            values = {name: str(value) for name, value in body["values"].items()}
            told = Revision(Content(values=values), quiet=True)
            history.accept(history.slot(key, "http"), shown[key]["revision"], told, result=shown[key]["id"])

    async def stop(self) -> None:
        """Stop everything that runs."""
        await self.http.aclose()
        self.mongo.close()
        await asyncio.to_thread(self.platform.down)

    def url(self, service: str, path: str) -> str:
        """The address of a path of a service."""
        return f"{self.settings.url(service)}{path}"

    async def page(self, path: str) -> None:
        """See that the portal shows a page, as a visitor without a token sees it."""
        async with httpx.AsyncClient(timeout=10.0) as visitor:
            answer = await visitor.get(self.url(PORTAL, path))
        if answer.status_code != 200 or "</html>" not in answer.text:
            self.violations.append(Violation("portal", f"{path}: {answer.status_code} {answer.text[:500]}"))

    async def get(self, service: str, path: str, **params: Any) -> dict[str, Any]:
        """A JSON answer; asked again while the service is away, which is all that it may say of trouble."""

        async def asked() -> httpx.Response | None:
            try:
                answer = await self.http.get(self.url(service, path), params=params)
            except httpx.TransportError:
                return None
            if answer.status_code < 500:
                return answer
            if answer.status_code != AWAY:
                self.violations.append(Violation("server-error", f"{path}: {answer.status_code} {answer.text}"))
            return None

        answer = await eventually(asked, within=30.0, what=f"{service} answers {path}")
        assert answer.status_code == 200, f"{service} {path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    async def every(self, service: str, path: str, **params: Any) -> AsyncIterator[dict[str, Any]]:
        """All items of a list, page after page."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(service, path, limit=PAGE, **params, **cursor)
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    async def rows(
        self, service: str, collection: str, where: Mapping[str, Any] | None = None, *fields: str
    ) -> list[dict[str, Any]]:
        """What stands in a service's store."""
        found: list[dict[str, Any]] = []

        async def read() -> bool:
            try:
                found[:] = await self.mongo.database(service).find(collection, where or {}, fields=fields or None)
            except Unavailable:
                return False
            return True

        await eventually(read, within=30.0, what=f"{collection} of {service} can be read")
        return found

    async def ready(self, *names: str, seconds: float = START_SECONDS) -> None:
        """Wait until these processes answer that they are ready."""
        for name in names:
            await asyncio.to_thread(self.platform.wait_ready, name, seconds=seconds)


def _key(body: Mapping[str, Any]) -> Key:
    subject = body["subject"]["municipality"]
    return Key(subject if isinstance(subject, str) else subject["id"], body["period"], body["procedure"])
