"""Analytics documents: what people do with them, and the figures that the platform fills in."""

from services.scoring.usecases.analytics.documents import Analytics, Named
from services.scoring.usecases.analytics.figures import the_motivation

__all__ = ["Analytics", "Named", "the_motivation"]
