"""Makes a page: the visitor, the layout around every template, headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.portal.clients import Answer, Services
from services.portal.clients.paths import here_of
from services.portal.directory import Directory
from services.portal.session import Session, Sessions
from services.portal.show import numbers, pictures, trend, words
from services.portal.show.entry import highest
from services.portal.show.inbox import address_of
from services.portal.show.plan import of_points
from services.portal.show.region import Region
from shared.kernel import Unauthenticated, plural
from shared.policy import Actor, actor_may, sees_accounts
from shared.ports import Clock
from shared.settings import Settings
from shared.texts import sentence
from shared.web import CurrentActor, cached
from shared.web.files import stamps_of

HERE = Path(__file__).resolve().parent
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
FILTERS = ("number", "commas", "signed", "percent", "moment", "short_moment", "day", "short_day", "iso")
TEMPLATES.filters |= {name: getattr(numbers, name) for name in FILTERS}
TEMPLATES.filters |= {
    name: (lambda code, table=name: words.word(table, code))
    for name in ("group", "level", "sign", "state", "kind", "short_kind", "role", "recommendation", "step", "activity")
}
TEMPLATES.filters |= {"period": words.period, "ended": sentence, "bound": words.bound}
TEMPLATES.filters["highest"] = highest
TEMPLATES.filters["of_points"] = of_points
TEMPLATES.filters |= {
    "glossed": trend.glossed,
    "titled": trend.titled,
    "covered": words.covered,
    "leads_to": address_of,
}
TEMPLATES.globals |= {"pictures": pictures, "trend_words": trend}
TEMPLATES.globals |= {"plural": plural, "counted": words.counted, "forms": words, "levels": words.LEVELS}
STAMPS = stamps_of(HERE / "static")
FORM_FIELD = "form_mark"
UNAUTHENTICATED, AWAY = 401, 503
# The minute that the texts of such pages name.
BACK_SECONDS = "60"


@dataclass(frozen=True, slots=True)
class Portal:
    """What the pages stand on."""

    settings: Settings
    services: Services
    sessions: Sessions
    directory: Directory
    clock: Clock

    @property
    def region(self) -> Region:
        """The municipalities as they were told last."""
        return self.directory.region


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever looks at a page: who it is, by which token the services are asked, which session it has."""

    request: Request
    portal: Portal
    actor: Actor
    session: Session | None = None

    @property
    def bearer(self) -> str | None:
        """The Authorization header that the services get."""
        return self.request.headers.get("authorization")

    @property
    def form_mark(self) -> str:
        """The hidden field of every form; empty where no cookie signs anybody in."""
        return self.portal.sessions.mark(self.session) if self.session else ""

    @property
    def here(self) -> str:
        """The path and query of this page."""
        return here_of(self.request)

    @property
    def municipality(self) -> str | None:
        """The municipality that this visitor works for."""
        return self.actor.attributes.get("municipality") if self.actor.role == "municipality" else None

    @property
    def title(self) -> str:
        """Who is signed in, in words; a municipality's authority by the municipality's name."""
        unit = self.portal.region.unit(self.municipality) if self.municipality else None
        return f"МОУО: {unit.name}" if unit else self.actor.name or self.actor.subject

    @property
    def sees_accounts(self) -> bool:
        """Whether the services tell this visitor which account did something."""
        return sees_accounts(self.actor)

    @property
    def unkept(self) -> dict[str, str] | None:
        """The headers of a page with accounts: of those who are shown them no browser keeps it."""
        return {"Cache-Control": "no-store"} if self.sees_accounts else None

    def may(self, action: str, **resource: str | None) -> bool:
        """Whether the policy lets this visitor do it; the services decide again."""
        return actor_may(self.actor, action, resource)

    async def get(self, service: str, path: str, **options: Any) -> Answer:
        """Ask a service in the visitor's name."""
        return await self.portal.services.get(service, path, bearer=self.bearer, **options)

    async def send(self, method: str, service: str, path: str, **options: Any) -> Answer:
        """Tell a service something in the visitor's name: `json=`, `headers=` as httpx takes them."""
        return await self.portal.services.send(method, service, path, bearer=self.bearer, **options)


def portal_of(request: Request) -> Portal:
    """What this app stands on."""
    found: Portal = request.app.state.uses
    return found


async def visitor_of(request: Request, actor: CurrentActor) -> Visitor:
    """The visitor of this request, who is shown the municipalities as they are now."""
    portal = portal_of(request)
    await portal.directory.fresh(portal.services)
    return Visitor(request, portal, actor, request.scope.get("portal.session"))


Visit = Annotated[Visitor, Depends(visitor_of)]


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    path: str
    title: str
    current: bool


def navigation(visitor: Visitor) -> Sequence[Place]:
    """Where this visitor may go."""
    own, school = visitor.municipality, visitor.actor.attributes.get("organization") or ""
    results = "Мои результаты" if own or school else "Результаты"
    offered = [("/", "Ситуационный центр", True)]
    if own:
        offered.append((f"/municipalities/{quote(own)}", "Мой муниципалитет", True))
    offered += [
        ("/editions", "Редакции", visitor.may("edition.read")),
        ("/inbox", "Входящие", visitor.may("inbox.read", municipality=own)),
        ("/recommendations", "Рекомендации", visitor.may("recommendation.read", municipality=own)),
        (f"/schools/{quote(school, safe='')}", "Моя школа", bool(school)),
        ("/schools", "Школы", visitor.may("school.read", **visitor.actor.attributes)),
        ("/execution", "Дорожные карты", True),
        ("/community", "Экспертное сообщество", visitor.may("community.compare")),
        ("/analytics", "Аналитика", visitor.may("analytics.read")),
        ("/results", results, visitor.may("result.read", **visitor.actor.attributes)),
        ("/results/new", "Внести результат", visitor.may("result.submit", **visitor.actor.attributes)),
        ("/operations", "Состояние системы", visitor.may("operations.read")),
    ]
    path = visitor.request.url.path
    return [Place(address, title, path == address) for address, title, open_ in offered if open_]


def policy_of(settings: Settings) -> str:
    """The content security policy: everything from here, nothing inline; signing out may lead to the issuer."""
    issuer = urlsplit(settings.issuer)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; form-action 'self' {issuer.scheme}://{issuer.netloc}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def render(visitor: Visitor, template: str, values: Mapping[str, Any]) -> bytes:
    """The page's bytes; what every page is given a page may say otherwise."""
    given = {
        "visitor": visitor,
        "places": navigation(visitor),
        "login": f"/login?{urlencode({'next': visitor.here})}",
        "form_field": FORM_FIELD,
    }
    return TEMPLATES.get_template(template).render(given | dict(values)).encode()


def page(
    visitor: Visitor, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> Response:
    """The page with its values; an unchanged one is answered by 304 where the browser has it."""
    body = render(visitor, template, values)
    told = {
        "Content-Security-Policy": policy_of(visitor.portal.settings),
        "Referrer-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Authorization, Cookie",
        **({"Retry-After": BACK_SECONDS} if status == AWAY else {}),
        **(headers or {}),
    }
    if status == 200:  # noqa: PLR2004 - only what is found is kept
        return cached(visitor.request, body, media_type="text/html", headers=told)
    return Response(body, status_code=status, media_type="text/html", headers=told)


def trouble_page(visitor: Visitor, answer: Answer) -> Response:
    """The page of an answer without which there is nothing to show; Unauthenticated leads to the sign-in."""
    problem = answer.problem
    assert problem is not None, "only for what was not answered"
    if answer.status == UNAUTHENTICATED:
        raise Unauthenticated(problem.code, problem.title, problem.detail)
    return page(
        visitor,
        "failure.html",
        status=answer.page_status,
        title=problem.title,
        detail=problem.detail,
        way="",
        number="",
    )


def asset(path: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/static/{path}?{STAMPS[path]}"


TEMPLATES.globals["asset"] = asset
