"""The portal's own files: styles, scripts, fonts; kept by browsers under an address that changes with them."""

from fastapi import APIRouter
from starlette.routing import Mount

from services.portal.page import HERE, STAMPS
from shared.web.files import KeptFiles

router = APIRouter()


router.routes.append(Mount("/static", KeptFiles(HERE / "static", STAMPS), name="static"))
