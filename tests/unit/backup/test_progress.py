"""What was under way at the moment of a backup: from the slowest group on, and nothing told later."""

import pytest

from deploy.backup.progress import Progress, place_of


def position(group: str, at: int) -> dict[str, object]:
    return {"_id": f"{group}|monitoring.result.v1|3", "next": at, "cluster": "c", "topic_id": "t"}


def seen() -> Progress:
    progress = Progress()
    progress.see("scoring", "positions", position("scoring", 40))
    progress.see("notification", "positions", position("notification", 25))
    progress.see("monitoring", "counters", {"_id": "out:74-one", "n": 12})
    progress.see("monitoring", "counters", {"_id": "feed", "n": 99})
    progress.see("monitoring", "results", {"_id": "r", "next": 1})
    return progress


def test_the_slowest_group_says_where_a_partition_goes_on():
    progress = seen()

    assert progress.next == {("monitoring.result.v1", 3): 25}
    assert progress.origins == {("monitoring.result.v1", "c", "t")}
    assert place_of("monitoring.intake|monitoring.intake.v1|0") == ("monitoring.intake.v1", 0)


@pytest.mark.parametrize(
    ("topic", "key", "sequence", "known"),
    [
        ("monitoring.result.v1", b"74-one", b"12", True),
        ("monitoring.result.v1", b"74-one", b"13", False),
        ("monitoring.result.v1", b"74-two", b"1", False),
        ("scoring.score.v1", b"74-one", b"1", False),
        ("monitoring.result.v1", b"74-one", b"\xff", False),
        ("monitoring.result.v1", None, None, False),
        ("monitoring.intake.v1", b"any", None, True),
    ],
)
def test_what_was_told_after_the_moment_is_left_out(
    topic: str, key: bytes | None, sequence: bytes | None, *, known: bool
):
    headers = [("ce_sequence", sequence)] if sequence else []

    assert seen().knows(topic, key, headers) is known
