"""The HTTP door of scoring."""

from fastapi import APIRouter

from services.scoring.api import (
    analytics,
    community,
    methodologies,
    operations,
    periods,
    publication,
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
    *publication.ROUTERS,
    operations.router,
    *community.ROUTERS,
    *analytics.ROUTERS,
)

__all__ = ["ROUTERS"]
