"""Steps of a transaction: in order, in one way; none begins once nobody waits for it."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import PyMongoError  # noqa: TID251 - what the driver raises, given to our own code

from shared.mongo.steps import Steps


class Session:
    """A session whose commits fail with these labels, one after another, and then succeed."""

    def __init__(self, *labels: str) -> None:
        self.labels = list(labels)
        self.commits = 0

    def commit_transaction(self) -> None:
        self.commits += 1
        if self.labels:
            raise PyMongoError(error_labels=[self.labels.pop(0)])


def steps_of(session: Any = None) -> Steps:
    """Steps over nothing: what they do is up to each."""
    return Steps(SimpleNamespace(delegate={}), SimpleNamespace(delegate=session))


async def test_what_waits_goes_first_and_the_last_ones_outcome_is_returned() -> None:
    steps, done = steps_of(), []
    steps.put(lambda *_: done.append("insert"))
    steps.put(lambda *_: done.append("update"))
    assert await steps.run(lambda *_: [*done, "found"]) == ["insert", "update", "found"]
    assert await steps.run(lambda *_: len(done)) == 2


async def test_the_first_failure_ends_it() -> None:
    session = Session()
    steps, done = steps_of(session), []

    def fails(*_: object) -> None:
        raise LookupError("overtaken")

    steps.put(fails)
    steps.put(lambda *_: done.append("update"))
    with pytest.raises(LookupError):
        await steps.commit()
    assert done == []
    assert session.commits == 0


async def test_after_the_deadline_no_further_step_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step under way cannot be called back; what stands behind it, the commit too, must not follow."""
    threads = ThreadPoolExecutor(1)
    monkeypatch.setattr(
        "shared.mongo.threads.run_on_executor", lambda loop, work, *given: loop.run_in_executor(threads, work, *given)
    )
    session, late = Session(), []
    steps, begun, go_on = steps_of(session), threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        begun.set()
        go_on.wait(5)

    steps.put(slow)
    steps.put(lambda *_: late.append("a step that nobody waited for"))
    task = asyncio.create_task(steps.commit())
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    threads.shutdown(wait=True)
    assert late == []
    assert session.commits == 0


@pytest.mark.parametrize(
    ("labels", "committed", "times"),
    [
        ((), True, 1),
        (("UnknownTransactionCommitResult", "UnknownTransactionCommitResult"), True, 3),
        (("TransientTransactionError",), False, 1),
    ],
)
async def test_a_commit_is_asked_for_again_while_its_outcome_is_unknown(
    labels: tuple[str, ...], *, committed: bool, times: int
) -> None:
    session = Session(*labels)
    assert await steps_of(session).commit() is committed
    assert session.commits == times
