"""Calls of the services' HTTP APIs by the commands; problems become errors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import TYPE_CHECKING, Any, Self

import httpx

from deploy.cli.reach import reach_of
from deploy.cli.token import issue
from deploy.local import Failed, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


# Of many services one may hang: the others are shown.
BRIEFLY = 5.0


class Api:
    """One signed-in client of a running platform; every answer that is a refusal raises Failed with its words.

    With `settings` it is that local platform; without, the installation that the environment names, in the name of the
    token given there, whatever its role.
    """

    def __init__(self, role: str = "regional_operator", *, settings: Settings | None = None, **own: str) -> None:
        self.settings = settings or Settings.from_env()
        self.reach = reach_of(self.settings) if settings is None else reach_of(settings, {})
        self._sign(role, own)

    def _sign(self, role: str, own: dict[str, str]) -> None:
        self.token = self.reach.token or issue(role, own, settings=self.settings, ttl=12 * 3600)
        self._client = httpx.Client(headers={"Authorization": f"Bearer {self.token}"}, timeout=120.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def of(self, role: str, **own: str) -> Api:
        """Another client of the same platform, for a role; where the token was given, in its name again."""
        other = copy(self)
        other._sign(role, own)  # noqa: SLF001 - another one of our own
        return other

    def url(self, service: str, path: str) -> str:
        """The full address of a path of a service."""
        return f"{self.reach.url(service)}{path}"

    def call(self, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        """One request; Failed with the problem's title and detail when it is refused or nobody answers."""
        return self.check(self.ask(method, service, path, **options), service, path)

    def ask(self, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        """One request and whatever is answered; Failed when nobody answers."""
        try:
            return self._client.request(method, self.url(service, path), **options)
        except httpx.TransportError as error:
            raise Failed(f"служба «{service}» не отвечает", self.reach.advice(service)) from error

    @staticmethod
    def check(answer: httpx.Response, service: str, path: str) -> httpx.Response:
        """The answer; Failed with the problem's title and detail where it is a refusal."""
        if answer.is_error:
            raise Failed(*_words(service, path, answer))
        return answer

    def all_of(
        self, services: Sequence[str], work: Callable[[str], list[dict[str, Any]]]
    ) -> tuple[list[dict[str, Any]], list[Failed]]:
        """What the services answer, asked all at once and waited for briefly; what stopped those that did not."""
        self._client.timeout = httpx.Timeout(BRIEFLY)

        def one(service: str) -> list[dict[str, Any]] | Failed:
            try:
                return work(service)
            except Failed as failed:
                return failed

        with ThreadPoolExecutor(max_workers=len(services)) as pool:
            done = list(pool.map(one, services))
        return [row for rows in done if not isinstance(rows, Failed) for row in rows], [
            failed for failed in done if isinstance(failed, Failed)
        ]

    def get(self, service: str, path: str, **params: Any) -> Any:
        """The JSON answer of a GET."""
        return self.call("GET", service, path, params=params).json()

    def post(self, service: str, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON answer of a POST."""
        return self.call("POST", service, path, json=body, headers=headers).json()

    def put(self, service: str, path: str, body: Any) -> Any:
        """The JSON answer of a PUT."""
        return self.call("PUT", service, path, json=body).json()

    def every(self, service: str, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """All items of a list, page after page."""
        cursor: str | None = None
        while True:
            page = self.get(service, path, **params, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return


def _words(service: str, path: str, answer: httpx.Response) -> tuple[str, str]:
    try:
        problem = answer.json()
    except ValueError:
        return f"{service} {path}: {answer.status_code}", ""
    places = "; ".join(f"{e['pointer']}: {e['message']} {e.get('remedy', '')}" for e in problem.get("errors", ())[:5])
    return f"{service} {path}: {problem.get('title', answer.status_code)}", places or problem.get("detail", "")
