"""The HTTP door of scoring."""

from fastapi import APIRouter

from services.scoring.api import community, methodologies, operations, periods, ratings, scores, trends

ROUTERS: tuple[APIRouter, ...] = (
    ratings.router,
    periods.router,
    scores.router,
    trends.router,
    methodologies.router,
    operations.router,
    *community.ROUTERS,
)

__all__ = ["ROUTERS"]
