"""Papers for people: an explained score as one document, typeset from a template beside this file."""

from services.scoring.api.papers.analytics import analytics_paper
from services.scoring.api.papers.explanation import explanation_paper

__all__ = ["analytics_paper", "explanation_paper"]
