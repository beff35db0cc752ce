"""Commands of one transaction, several of them in one way to the driver's threads and back.

A way costs as much as a small command: the event loop must hand over, be woken and find time. What needs no answer
waits until something does.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pymongo.errors import PyMongoError

from shared.mongo.threads import in_thread

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorClientSession, AsyncIOMotorDatabase
    from pymongo.client_session import ClientSession
    from pymongo.database import Database

    Step = Callable[[Database[dict[str, Any]], ClientSession], Any]


class GivenUp(Exception):
    """Nobody waits for this transaction any more: no further step of it may run (technical)."""


class Steps:
    """The steps of one transaction in order; the first that fails ends it."""

    def __init__(self, database: "AsyncIOMotorDatabase[dict[str, Any]]", session: "AsyncIOMotorClientSession") -> None:
        self._db = database.delegate
        self._session = session.delegate
        self._waiting: list[Step] = []
        self._given_up = False

    def put(self, step: "Step") -> None:
        """Do this before whatever is run next."""
        self._waiting.append(step)

    async def run(self, last: "Step") -> Any:
        """All that waits, then this, whose outcome is returned; only these run on, once nobody waits for them."""
        steps, self._waiting = [*self._waiting, last], []
        try:
            return await in_thread(self._all, steps)
        except asyncio.CancelledError:
            self._given_up = True
            raise

    async def commit(self) -> bool:
        """All that waits, and the commit; False when the whole transaction must run again."""
        done: bool = await self.run(self._commit)
        return done

    def _all(self, steps: "list[Step]") -> Any:
        outcome = None
        for step in steps:
            if self._given_up:
                raise GivenUp
            outcome = step(self._db, self._session)
        return outcome

    def _commit(self, _: object, session: "ClientSession") -> bool:
        while not self._given_up:
            try:
                session.commit_transaction()
            except PyMongoError as error:
                if error.has_error_label("UnknownTransactionCommitResult"):
                    continue
                if error.has_error_label("TransientTransactionError"):
                    return False
                raise
            return True
        raise GivenUp
