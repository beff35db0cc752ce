"""Pages of results: enter one, see one with its revisions, correct or withdraw it."""

from fastapi import APIRouter

from services.portal.pages.results import entering, revising, seeing

ROUTERS: tuple[APIRouter, ...] = (entering.router, seeing.router, revising.router)
