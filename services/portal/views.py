"""The portal's pages: so far the start page, which says what runs and where to look."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from services.portal.clients import Readiness, Services, State
from shared.web import may
from shared.web import router as make_router

HERE = Path(__file__).resolve().parent
START = Template((HERE / "templates" / "start.html").read_text(encoding="utf-8"))
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"

_STATES: dict[State, tuple[str, str]] = {
    "ready": ("✓", "готова"),
    "degraded": ("!", "работает с ограничениями"),
    "unready": ("✗", "не готова"),
    "away": ("✗", "не отвечает"),
}
_WHY = {
    "mongodb": "база данных не отвечает",
    "started": "ещё запускается",
    "not-draining": "останавливается",
    "consuming": "события Kafka пока не читаются",
    "relay": "события пока не отправляются в Kafka",
    "positions": "чтение событий остановлено: сохранённое место не подходит",
}
_AWAY = "Запустите её (./rsoko up) или посмотрите журнал: ./rsoko logs {name}"

router = make_router(tag="pages")
router.routes.append(Mount("/static", StaticFiles(directory=HERE / "static"), name="static"))


def services_of(request: Request) -> Services:
    """The clients of this app."""
    found: Services = request.app.state.uses
    return found


@router.get("/", dependencies=[Depends(may("portal.read"))], summary="Начальная страница", response_class=HTMLResponse)
async def start(services: Annotated[Services, Depends(services_of)]) -> Response:
    """The state of every service, asked just now, and links to their descriptions."""
    found = await services.readiness()
    ready = sum(one.state in {"ready", "degraded"} for one in found)
    text = START.substitute(rows="\n".join(_row(one) for one in found), ready=ready, all=len(found))
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return Response(text, media_type="text/html", headers=headers)


def _row(one: Readiness) -> str:
    sign, words = _STATES[one.state]
    address = escape(one.address, quote=True)
    links = " ".join(
        f'<a href="{address}{path}">{title}</a>'
        for path, title in (("/docs", "API"), ("/asyncapi", "события"), ("/metrics", "показатели"))
    )
    return (
        f'<tr><th scope="row">{escape(one.title)}</th>'
        f'<td class="{one.state}"><span aria-hidden="true">{sign}</span> {words}{_note(one)}</td>'
        f"<td>{links if one.state != 'away' else '—'}</td></tr>"
    )


def _note(one: Readiness) -> str:
    told: Sequence[str] = [_WHY.get(name, name) for name in one.why]
    note = "; ".join(told) if told else _AWAY.format(name=one.name) if one.state == "away" else ""
    return f"<small>{escape(note)}</small>" if note else ""
