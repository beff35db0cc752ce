"""The login page: choose a demo user, or name a municipality, school or expert of your own."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from deploy.local.issuer.people import ATTRIBUTE, NAMES, demo

STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "li{margin:.5rem 0}a,button{font:inherit;min-height:44px}a{color:#0b5394}input{font:inherit;width:20rem}"
    ":focus-visible{outline:3px solid #0b5394;outline-offset:2px}form{margin:.75rem 0}"
)
LABELS = {"municipality": "Муниципалитет", "organization": "Школа или детский сад", "expert": "Эксперт"}


def login(query: Mapping[str, str]) -> str:
    """Write the page for one authorization request; its parameters travel on unchanged."""
    links = ((who.name, urlencode({**query, "user": who.subject})) for who in demo())
    people = "".join(f'<li><a href="/authorize?{escape(link)}">{escape(name)}</a></li>' for name, link in links)
    return _whole(
        "Вход для проверки",
        "<p>Местный поставщик удостоверений: паролей нет, годится только для разработки.</p>"
        f"<h2>Кто входит</h2><ul>{people}</ul><h2>Другой идентификатор</h2>"
        + "".join(_form(role, query) for role in ATTRIBUTE),
    )


def refused(reason: str) -> str:
    """Write the page for a request that cannot be sent back to its client."""
    return _whole("Вход невозможен", f"<p>{escape(reason)}</p>")


def _form(role: str, query: Mapping[str, str]) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in query.items()
    )
    return (
        f'<form action="/authorize">{hidden}<input type="hidden" name="role" value="{role}">'
        f'<label for="{role}">{escape(_label(role))}</label><br>'
        f'<input id="{role}" name="own" required> <button>Войти</button></form>'
    )


def _label(role: str) -> str:
    """What the id is of, and who that is where it goes by another name."""
    return LABELS[role] if LABELS[role] == NAMES[role] else f"{LABELS[role]} ({NAMES[role]})"


def _whole(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="ru"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1>{body}</main></html>"
    )
