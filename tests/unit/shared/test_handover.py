"""What a relay may send from memory: only what follows the last sent number of its stream."""

from shared.mongo import Document
from shared.relay import Handover
from shared.relay.handover import WAITING_BYTES, WAITING_MOST, place_of


def row(stream: str, number: int) -> Document:
    return {"_id": {"k": stream, "s": number}}


def trusted(*sent: Document) -> Handover:
    """A relay's memory after it has read the outbox and sent these."""
    handover = Handover()
    handover.trust()
    handover.sent(sent)
    handover.swept(handover.unswept())
    return handover


def test_what_follows_is_sent_at_once_and_in_order() -> None:
    handover = trusted(row("a", 4))
    handover.put([row("a", 6), row("b", 1)])
    handover.put([row("a", 5)])
    assert [place_of(one) for one in handover.take()] == [("b", 1), ("a", 5), ("a", 6)]
    assert not handover.doubtful
    assert handover.take() == []


def test_a_row_behind_a_gap_waits_for_the_outbox_and_others_go() -> None:
    handover = trusted(row("a", 4))
    handover.put([row("a", 6), row("a", 7), row("b", 1)])
    assert [place_of(one) for one in handover.take()] == [("b", 1)]
    assert handover.doubtful


def test_a_stream_that_has_not_been_sent_here_is_doubtful() -> None:
    handover = trusted()
    handover.put([row("a", 2)])
    assert handover.take() == []
    assert handover.doubtful


def test_a_number_that_comes_again_is_left_to_the_outbox() -> None:
    """A store that was set back: what is kept in memory must not hide what is to be sent."""
    handover = trusted(row("a", 4))
    handover.put([row("a", 1)])
    assert handover.take() == []
    assert handover.doubtful


def test_what_was_sent_is_not_sent_again_before_it_is_swept() -> None:
    handover = trusted()
    handover.sent([row("a", 1)])
    handover.put([row("a", 1), row("a", 2)])
    assert handover.unsent([row("a", 1), row("a", 2)]) == [row("a", 2)]
    assert handover.take() == [row("a", 2)]
    assert handover.unswept() == [("a", 1)]
    handover.swept([("a", 1)])
    assert handover.left == 0


def test_in_doubt_nothing_is_kept_in_memory() -> None:
    handover = trusted()
    handover.put([row("a", 1)])
    handover.doubt()
    handover.put([row("b", 1)])
    assert handover.take() == []
    handover.trust()
    assert handover.take() == []


def test_too_many_rows_at_once_are_left_to_the_outbox() -> None:
    handover = trusted()
    handover.put([row("a", number + 1) for number in range(WAITING_MOST + 1)])
    assert handover.doubtful
    assert handover.take() == []


def test_few_large_rows_are_left_to_the_outbox_too() -> None:
    handover = trusted()
    large = {"value": b"x" * (WAITING_BYTES // 4), "raw_headers": [["n", b"y" * (WAITING_BYTES // 4 - 1)]]}
    handover.put([row("a", 1) | large])
    handover.put([row("a", 2) | large])
    assert not handover.doubtful
    handover.put([row("a", 3) | {"value": b"x" * 1024}])
    assert handover.doubtful
    assert handover.take() == []


def test_a_held_stream_waits_and_the_others_go() -> None:
    handover = trusted(row("a", 4), row("b", 1))
    handover.hold([({**row("a", 5), "topic": "t"}, "too-large")], 0.0)
    handover.put([row("a", 5), row("a", 6), row("b", 2)])
    assert [place_of(one) for one in handover.take()] == [("b", 2)]
    assert not handover.doubtful
    rows = [row("a", 4), row("a", 5), row("b", 3)]
    assert handover.unsent(rows) == [row("a", 4), row("b", 3)], "what is before it goes"
    handover.release(59.9)
    assert handover.held
    handover.release(60.0)
    assert not handover.held
    assert handover.doubtful, "what was held stands in the outbox"
