"""Pages of results: list them, enter one, see one with its revisions, correct or withdraw it."""

from fastapi import APIRouter

from services.portal.pages.results import entering, listing, revising, seeing

ROUTERS: tuple[APIRouter, ...] = (entering.router, listing.router, seeing.router, revising.router)
