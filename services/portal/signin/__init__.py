"""Signing in and out: OpenID Connect's code flow with PKCE; the session is a cookie."""

from services.portal.signin.doors import router
from services.portal.signin.provider import Provider

__all__ = ["Provider", "router"]
