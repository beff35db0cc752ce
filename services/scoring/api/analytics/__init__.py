"""The door of analytics documents: drafted, written, finished, taken along."""

from services.scoring.api.analytics.documents import router as documents
from services.scoring.api.analytics.files import router as files

ROUTERS = (documents, files)

__all__ = ["ROUTERS"]
