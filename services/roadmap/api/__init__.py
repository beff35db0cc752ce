"""The HTTP doors of road maps."""

from services.roadmap.api.activities import activities
from services.roadmap.api.calendar import calendar
from services.roadmap.api.recommendations import recommendations
from services.roadmap.api.reports import reports
from services.roadmap.api.roadmaps import questions, roadmaps

ROUTERS = (roadmaps, activities, questions, recommendations, reports, calendar)

__all__ = ["ROUTERS"]
