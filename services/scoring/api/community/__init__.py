"""The door of the expert community: nine indicators, and the items that they are counted from."""

from services.scoring.api.community.indicators import router as indicators
from services.scoring.api.community.items import router as items

ROUTERS = (items, indicators)

__all__ = ["ROUTERS"]
