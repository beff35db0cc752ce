"""The pages of editions: all of them, one with its objections and steps, its files."""

from services.portal.pages.editions import files, listing, one, steps

ROUTERS = (listing.router, files.router, steps.router, one.router)

__all__ = ["ROUTERS"]
