"""The HTTP door of monitoring."""

from fastapi import APIRouter

from services.monitoring.api.catalogue import procedures, sources
from services.monitoring.api.events import events, refusals
from services.monitoring.api.results import results

ROUTERS: tuple[APIRouter, ...] = (results, events, refusals, procedures, sources)

__all__ = ["ROUTERS"]
