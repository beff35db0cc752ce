"""What a browser test sees: pages of one person, foreign requests, console errors, accessibility, pictures."""

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from deploy.local import tools

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AWAY = "нет ответа"
WIDTHS = (1280, 1024, 640, 390, 320)
LOOK = (
    "async ([ru, tags]) => { axe.configure({locale: ru});"
    " const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}});"
    " return found.violations"
    ".map(one => [one.id, one.help, one.nodes.map(node => node.target.join(' ')).slice(0, 5)]) }"
)


@dataclass
class Visit:
    """One person's page with everything that went wrong on it."""

    page: Page
    base: str
    foreign: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Note every request to another host and every error that the page tells."""
        context.on("request", self._requested)
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def open(self, path: str, *, status: int = 200, again: bool = True) -> Page:
        """Go to a page of the portal and expect this status; once more where a service was only slow to answer."""
        answer = self.page.goto(f"{self.base}{path}", wait_until="load")
        if again and status != 503 and answer is not None and (answer.status == 503 or AWAY in self.page.content()):
            self.troubles.clear()
            answer = self.page.goto(f"{self.base}{path}", wait_until="load")
        assert answer is not None, path
        assert answer.status == status, f"{path}: {answer.status}"
        if status >= 400:  # the browser itself reports the page's own status as an error
            self.troubles = [one for one in self.troubles if f"status of {status}" not in one]
        return self.page

    def violations(self) -> list[Any]:
        """What axe finds wrong on the page as it stands."""
        self.page.evaluate((AXE / "axe.min.js").read_text(encoding="utf-8"))
        russian = json.loads((AXE / "ru.json").read_text(encoding="utf-8"))
        return list(self.page.evaluate(LOOK, [russian, TAGS]))

    def overflow(self) -> int:
        """By how many pixels the page can be scrolled sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def check(self, name: str) -> None:
        """Accessible, silent, of this host only, not scrolled sideways at any width; pictures to be looked at."""
        found, wide = self.violations(), {}
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.picture(f"{name}-{width}")
            if self.overflow() > 0:
                wide[width] = self._widest()
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        wrong = {"axe": found, "wide": wide, "foreign": self.foreign, "console": self.troubles}
        assert not any(wrong.values()), f"{name}: {wrong}"

    def look(self, path: str, name: str) -> None:
        """Open a page and check it; it has one heading of the first rank and says its language."""
        self.open(path)
        self.check(name)
        assert self.page.locator("h1").count() == 1
        assert self.page.locator("html").get_attribute("lang") == "ru"

    def picture(self, name: str) -> None:
        """A picture of the whole page, where somebody asked for pictures."""
        folder = os.environ.get(tools.PICTURES)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png", full_page=True)

    def _widest(self) -> list[str]:
        """The elements that stick out, for the message."""
        return list(
            self.page.evaluate(
                "[...document.querySelectorAll('body *')]"
                ".filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
                ".slice(0, 5).map(one => one.outerHTML.slice(0, 120))"
            )
        )

    def _requested(self, request: Request) -> None:
        if request.url.startswith(("http", "ws")) and urlsplit(request.url).hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(message.text)
