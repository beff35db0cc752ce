"""Papers for people: an explained score as one document, typeset from a template beside this file."""

from services.scoring.api.papers.explanation import explanation_paper

__all__ = ["explanation_paper"]
