"""The pages: each asks the services in the visitor's name, all at once, and shows what they answer."""

from fastapi import APIRouter

from services.portal.pages import files, situation

ROUTERS: tuple[APIRouter, ...] = (files.router, situation.router)
