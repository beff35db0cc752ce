"""The HTTP door of the registry."""

from fastapi import APIRouter

from services.registry.api import municipalities, organizations

ROUTERS: tuple[APIRouter, ...] = (municipalities.router, organizations.router)

__all__ = ["ROUTERS"]
