"""The doors of publication: editions, their objections, their files, the keys that signatures are verified with."""

from services.scoring.api.publication import editions, files, objections

ROUTERS = (files.keys, editions.router, objections.router, files.router)

__all__ = ["ROUTERS"]
