"""The HTTP door of scoring."""

from fastapi import APIRouter

from services.scoring.api import (
    analytics,
    applicability,
    clusters,
    community,
    comparisons,
    methodologies,
    operations,
    periods,
    plans,
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
    comparisons.router,
    plans.router,
    methodologies.router,
    applicability.router,
    schools.router,
    clusters.router,
    thresholds.router,
    *publication.ROUTERS,
    operations.router,
    *community.ROUTERS,
    *analytics.ROUTERS,
)

__all__ = ["ROUTERS"]
