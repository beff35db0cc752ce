"""The HTTP door of scoring."""

from fastapi import APIRouter

from services.scoring.api import (
    analytics,
    community,
    methodologies,
    operations,
    periods,
    ratings,
    scales,
    schools,
    scores,
    thresholds,
    trends,
)

ROUTERS: tuple[APIRouter, ...] = (
    ratings.router,
    periods.router,
    scores.router,
    trends.router,
    scales.router,
    methodologies.router,
    schools.router,
    thresholds.router,
    operations.router,
    *community.ROUTERS,
    *analytics.ROUTERS,
)

__all__ = ["ROUTERS"]
