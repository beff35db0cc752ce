"""What is said where MongoDB breaks off a backup."""

import pytest
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError  # noqa: TID251 - what the server says

from deploy.backup.databases import connected
from deploy.local import Failed

AWAY = "mongodb://127.0.0.1:9/?connect=false"


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (OperationFailure("SnapshotTooOld", 239), "minSnapshotHistoryWindowInSeconds"),
        (OperationFailure("unauthorized", 13), "RSOKO_MONGO"),
        (ServerSelectionTimeoutError("<TopologyDescription>"), "./rsoko up"),
    ],
    ids=["too slow", "refused", "away"],
)
def test_what_helps_is_told_with_the_error(error: Exception, hint: str):
    with pytest.raises(Failed) as told, connected(AWAY):
        raise error
    assert hint in told.value.remedy
    assert "Topology" not in str(told.value)
