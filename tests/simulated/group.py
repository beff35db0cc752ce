"""A consumer group as a broker keeps it: members join, the leader shares out, who is silent too long is out.

The classic protocol, with static members: one that comes back within its session gets what it had, without a rebalance.
"""

import asyncio
import itertools
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiokafka.protocol.group import JoinGroupRequest

NONE, ILLEGAL_GENERATION, UNKNOWN_MEMBER, REBALANCING = 0, 22, 25, 27
# A group that was empty waits so long for more members before it is formed.
FORMING = 0.3
JoinResponse = JoinGroupRequest._CLASSES[-1].RESPONSE_TYPE


class Assigned(NamedTuple):
    """The answer to a SyncGroup."""

    error: int
    assignment: bytes


@dataclass(slots=True, eq=False)
class Member:
    """One of a group; `joining` is set while it waits for the next generation."""

    id: str
    instance: str
    session: float
    rebalance: float
    metadata: bytes
    joining: asyncio.Future[Any] | None = None
    syncing: asyncio.Future[Assigned] | None = None
    assignment: bytes = b""
    silent: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class Generations(ABC):
    """The members of a group, and how they come from one generation to the next."""

    state: str = "empty"
    generation: int = 0
    leader: str = ""
    protocol: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    committed: dict[tuple[str, int], int] = field(default_factory=dict)
    _numbers: Any = field(default_factory=itertools.count)
    _closing: asyncio.TimerHandle | None = None

    def _prepare(self) -> None:
        """Everybody is to join again; who does not within the time is left out until it does."""
        if self.state != "preparing":
            wait = max((one.rebalance for one in self.members.values()), default=0.0)
            if self.state == "empty":
                wait = FORMING
            self._close(wait)
            self.state = "preparing"
            for member in self.members.values():
                if member.syncing is not None and not member.syncing.done():
                    member.syncing.set_result(Assigned(REBALANCING, b""))
                member.syncing = None
        if self.generation:
            self._complete_if_all()

    def _complete_if_all(self) -> None:
        if all(one.joining is not None for one in self.members.values()):
            self._complete()

    def _close(self, wait: float) -> None:
        if self._closing is not None:
            self._closing.cancel()
        self._closing = asyncio.get_running_loop().call_later(wait, self._complete)

    def _complete(self) -> None:
        joined = [one for one in self.members.values() if one.joining is not None]
        if self._closing is not None:
            self._closing.cancel()
        if not self.members:
            self.state, self.leader = "empty", ""
            return
        if not joined:
            # Static members are kept until their session ends.
            self._close(1.0)
            return
        self.generation += 1
        self.state = "completing"
        if self.leader not in {one.id for one in joined}:
            self.leader = joined[0].id
        for member in joined:
            waiting, member.joining = member.joining, None
            self._heard(member)
            if waiting is not None and not waiting.done():
                waiting.set_result(self._answer(member))

    def _share(self, shares: dict[str, bytes]) -> None:
        self.state = "stable"
        for member in self.members.values():
            member.assignment = shares.get(member.id, b"")
            if member.syncing is not None and not member.syncing.done():
                member.syncing.set_result(Assigned(NONE, member.assignment))
            member.syncing = None

    def _answer(self, member: Member, *, leader: str | None = None) -> Any:
        leader = self.leader if leader is None else leader
        rows = [(one.id, one.instance, one.metadata) for one in self.members.values()] if leader == member.id else []
        return JoinResponse(0, NONE, self.generation, self.protocol, leader, member.id, rows)

    def _refused(self, member: str) -> Any:
        return JoinResponse(0, UNKNOWN_MEMBER, -1, "", "", member, [])

    def _heard(self, member: Member) -> None:
        if member.silent is not None:
            member.silent.cancel()
        member.silent = asyncio.get_running_loop().call_later(member.session, self._expire, member)

    @abstractmethod
    def _expire(self, member: Member) -> None:
        """Its session has ended without a word of it."""


@dataclass(slots=True)
class Group(Generations):
    """What its members may ask for."""

    async def join(self, asked: Any) -> Any:
        """A place in the next generation, as soon as all have asked for theirs, or in this one for who comes back."""
        known = next((one for one in self.members.values() if one.instance == asked.group_instance_id), None)
        if asked.member_id and asked.member_id not in self.members:
            return self._refused(asked.member_id)
        if asked.member_id:
            member = self.members[asked.member_id]
            again = member.id != self.leader and self.state != "preparing"
        else:
            leader = self.leader
            member = self._renewed(known, asked) if known else self._added(asked)
            if known and self.state == "stable":
                return self._answer(member, leader=leader)
            again = False
        self._heard(member)
        if again and self.state in {"stable", "completing"}:
            return self._answer(member)
        joining = member.joining = asyncio.get_running_loop().create_future()
        self._prepare()
        return await joining

    async def sync(self, asked: Any) -> Assigned:
        """What the leader of this generation gives to a member."""
        if error := self._wrong(asked.member_id, asked.generation_id):
            return Assigned(error, b"")
        member = self.members[asked.member_id]
        self._heard(member)
        if self.state == "preparing":
            return Assigned(REBALANCING, b"")
        if self.state == "stable":
            return Assigned(NONE, member.assignment)
        syncing: asyncio.Future[Assigned] = asyncio.get_running_loop().create_future()
        member.syncing = syncing
        if member.id == self.leader:
            self._share(dict(asked.group_assignment))
        return await syncing

    def heartbeat(self, member: str, generation: int) -> int:
        """Whether all is as the member believes; it is not silent."""
        if error := self._wrong(member, generation):
            return error
        self._heard(self.members[member])
        return REBALANCING if self.state == "preparing" else NONE

    def commit(self, member: str, generation: int, places: dict[tuple[str, int], int]) -> int:
        """Write places down for a member of this generation."""
        error = self._wrong(member, generation) or (REBALANCING if self.state == "completing" else NONE)
        if not error:
            self.committed |= places
        return error

    def leave(self, member: str) -> int:
        """A member goes: the others share what it had."""
        if member not in self.members:
            return UNKNOWN_MEMBER
        self._remove(self.members[member])
        return NONE

    def _wrong(self, member: str, generation: int) -> int:
        if member not in self.members:
            return UNKNOWN_MEMBER
        return ILLEGAL_GENERATION if generation != self.generation else NONE

    def _added(self, asked: Any) -> Member:
        member = Member(
            f"{asked.group_instance_id}-{next(self._numbers)}",
            asked.group_instance_id,
            asked.session_timeout / 1000,
            asked.rebalance_timeout / 1000,
            asked.group_protocols[0][1],
        )
        self.protocol = asked.group_protocols[0][0]
        self.members[member.id] = member
        return member

    def _renewed(self, before: Member, asked: Any) -> Member:
        """The same instance under a new id; whoever still uses the old one is unknown from now on."""
        self._forget(before)
        member = self._added(asked)
        member.assignment = before.assignment
        if self.leader == before.id:
            self.leader = member.id
        self._heard(member)
        return member

    def _expire(self, member: Member) -> None:
        if self.members.get(member.id) is not member:
            return
        if member.joining is not None or member.syncing is not None:
            self._heard(member)
        else:
            self._remove(member)

    def _forget(self, member: Member) -> None:
        del self.members[member.id]
        if member.silent is not None:
            member.silent.cancel()
        for waiting, answer in (
            (member.joining, self._refused(member.id)),
            (member.syncing, Assigned(UNKNOWN_MEMBER, b"")),
        ):
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    def _remove(self, member: Member) -> None:
        self._forget(member)
        if self.state == "preparing":
            self._complete_if_all()
        else:
            self._prepare()
