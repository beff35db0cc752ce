"""The pages: each asks the services in the visitor's name, all at once, and shows what they answer."""

from fastapi import APIRouter

from services.portal.pages import (
    activities,
    analytics,
    community,
    comparison,
    downloads,
    editions,
    execution,
    explanation,
    files,
    inbox,
    municipality,
    operations,
    plan,
    recommendation,
    results,
    schools,
    situation,
    stream,
    trends,
    what_if,
)

ROUTERS: tuple[APIRouter, ...] = (
    files.router,
    situation.router,
    municipality.router,
    explanation.router,
    comparison.router,
    plan.router,
    recommendation.router,
    downloads.router,
    stream.router,
    what_if.router,
    trends.router,
    *results.ROUTERS,
    analytics.router,
    schools.router,
    community.router,
    execution.router,
    activities.router,
    *editions.ROUTERS,
    inbox.router,
    operations.router,
)
