"""Trends: what is asked for, what each year is read from, the answer."""

from services.scoring.usecases.trends.answering import Trends
from services.scoring.usecases.trends.asked import Asked

__all__ = ["Asked", "Trends"]
