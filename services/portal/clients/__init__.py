"""The other services as the portal asks them: every answer said, nothing thrown but what cannot be sent."""

from services.portal.clients.answer import REUSED, Answer, Problem, WrongField
from services.portal.clients.readiness import Readiness
from services.portal.clients.services import SERVICES, TITLES, Services, Stored, addresses_of
from services.portal.clients.visitor import VisitorLayer

__all__ = [
    "REUSED",
    "SERVICES",
    "TITLES",
    "Answer",
    "Problem",
    "Readiness",
    "Services",
    "Stored",
    "VisitorLayer",
    "WrongField",
    "addresses_of",
]
