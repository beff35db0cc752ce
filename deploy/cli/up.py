"""`./rsoko up`: start the platform, or the part of it that is named."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from deploy.cli.show import AsJson, answer, answer_json, progress
from deploy.local import SERVICES, Failed, Platform, Settings

Names = Annotated[
    list[str] | None,
    typer.Option("--service", help=f"только эти службы: {', '.join(SERVICES)}; none — одни Kafka и MongoDB"),
]


def up(service: Names = None, *, json: AsJson = False) -> None:
    """Запустить платформу в фоне и дождаться готовности."""
    began = time.monotonic()
    settings, services = Settings.from_env(), chosen(service)
    started = Platform(settings, tell=progress).up(services)
    seconds = time.monotonic() - began
    if json:
        answer_json({"started": started, "seconds": round(seconds, 1), "home": str(settings.home)})
    elif started:
        where = f"; портал {settings.url('portal')}" if "portal" in services else ""
        answer(f"готово за {seconds:.1f} с{where}; состояние: ./rsoko status")
    else:
        answer("уже запущено, всё готово")


def chosen(names: list[str] | None) -> tuple[str, ...]:
    """Read the names of services; none given means all."""
    if names is None or not names:
        return SERVICES
    if names == ["none"]:
        return ()
    known = (*SERVICES, "identity")
    if unknown := [name for name in names if name not in known]:
        raise Failed(f"нет службы «{unknown[0]}»", f"есть: {', '.join(known)}")
    return tuple(dict.fromkeys(names))
