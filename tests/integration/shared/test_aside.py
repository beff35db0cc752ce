"""Work in a process of its own: its answer, its refusal, its death and its patience."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvloop
from structlog.testing import capture_logs

from shared.aside import WAITING, aside, aside_stream
from shared.aside_child import BROKEN, REFUSED
from shared.kernel import Refused, Unavailable
from shared.testing import eventually
from tests.integration.shared import aside_work


def children() -> set[str]:
    """The processes that this one has started, those of other tests among them."""
    return {*Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii").split()}


async def test_the_answer_of_the_other_process_comes_back():
    assert await aside(aside_work.shout, b"quiet") == b"QUIET"


async def test_a_refusal_is_raised_here_with_its_words():
    with pytest.raises(Refused) as refused:
        await aside(aside_work.refuse, "шёпот".encode())
    assert (refused.value.code, refused.value.detail) == ("too-quiet", "шёпот")


async def test_a_refusal_is_read_also_where_a_library_says_something_before_and_after():
    with pytest.raises(Refused):
        await aside(aside_work.refuse_and_mutter, b"quiet")


async def test_a_process_that_dies_is_no_answer():
    with pytest.raises(Unavailable):
        await aside(aside_work.fall)


@pytest.mark.parametrize("code", [REFUSED, BROKEN])
async def test_nor_is_one_that_ends_with_a_code_of_ours_and_says_nothing(code: int):
    with capture_logs() as logged, pytest.raises(Unavailable, match=f"ended with {code}"):
        await aside(aside_work.leave_without_a_word, str(code).encode())
    assert [line["event"] for line in logged] == ["aside.failed"]


async def test_where_a_process_broke_is_logged_without_what_it_worked_on():
    with capture_logs() as logged, pytest.raises(Unavailable):
        await aside(aside_work.quote, "Иванова М. П.".encode())
    (line,) = logged
    assert "Иванова" not in str(line)
    assert line["said"].endswith("ValueError")
    assert "in quote" in line["said"]


async def test_what_lingers_is_ended():
    with pytest.raises(Unavailable, match="longer"):
        await aside(aside_work.linger, seconds=0.5)
    assert await aside(aside_work.shout, b"still") == b"STILL"


async def test_many_at_once_wait_for_one_another():
    made = await asyncio.gather(*(aside(aside_work.shout, bytes([97 + number])) for number in range(6)))
    assert made == [b"A", b"B", b"C", b"D", b"E", b"F"]


async def test_a_crowd_of_readers_is_bounded_and_holds_up_nothing_of_the_service():
    crowd = [asyncio.create_task(aside(aside_work.linger, who="readers")) for _ in range(WAITING + 1)]
    try:
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="too many"):
            await aside(aside_work.shout, who="readers")
        assert await aside(aside_work.shout, b"published") == b"PUBLISHED"
    finally:
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
    assert await aside(aside_work.shout, b"asked", who="readers") == b"ASKED"


async def test_long_work_for_nobody_holds_up_neither_acts_nor_readers():
    long = asyncio.create_task(aside(aside_work.linger, who="nobody"))
    try:
        await asyncio.sleep(0)
        assert await aside(aside_work.shout, b"published") == b"PUBLISHED"
        assert await aside(aside_work.shout, b"asked", who="readers") == b"ASKED"
    finally:
        long.cancel()
        await asyncio.gather(long, return_exceptions=True)


async def chunks(number: int, size: int = 65_536) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield b"x" * (size - 1) + b"\n"


async def test_what_is_streamed_is_read_to_its_end():
    assert await aside_stream(aside_work.count, chunks(100)) == b"6553600"


async def test_what_is_small_is_done_here_and_what_is_not_is_read_whole_elsewhere():
    here = str(os.getpid()).encode()
    size = 65_536
    assert await aside_stream(aside_work.where, chunks(3), small=3 * size) == here + b" %d" % (3 * size)
    process, read = (await aside_stream(aside_work.where, chunks(3), small=3 * size - 1)).split()
    assert process != here
    assert int(read) == 3 * size


async def test_an_empty_stream_is_done_elsewhere_too_unless_small_work_may_be_done_here():
    process, read = (await aside_stream(aside_work.where, chunks(0))).split()
    assert (process != str(os.getpid()).encode(), read) == (True, b"0")
    assert await aside_stream(aside_work.where, chunks(0), small=1) == b"%d 0" % os.getpid()


async def test_a_work_that_reads_only_the_beginning_ends_all_the_same():
    assert await aside_stream(aside_work.leave, chunks(1_000)) == b"xxx"


async def test_a_stream_that_breaks_is_raised_here_and_leaves_no_process():
    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise Unavailable("mongodb")

    with pytest.raises(Unavailable, match="mongodb"):
        await aside_stream(aside_work.count, broken())


def test_a_refusal_while_the_next_chunk_is_awaited_is_raised_also_on_the_loop_of_services():
    """Whose pipes are closed as soon as the other process has ended, and take no word more."""

    async def slow() -> AsyncIterator[bytes]:
        yield b"x\n"
        await eventually(lambda: children() <= before, what="the other process has ended")
        yield b"x\n"
        yield b"x\n"

    async def turned_away() -> None:
        with pytest.raises(Refused, match="not-for-us"):
            await aside_stream(aside_work.turn_away, slow())

    before = children()
    uvloop.run(turned_away())
