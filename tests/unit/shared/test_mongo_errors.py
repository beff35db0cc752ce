"""What the driver raises, told as trouble that passes or as a bug."""

import pytest
from pymongo.errors import BulkWriteError  # noqa: TID251 (made as the driver raises them)

from shared.kernel import Unavailable
from shared.mongo import DuplicateKeyError
from shared.mongo.errors import unavailable

STEPPED_DOWN, INVALID, DUPLICATE = 11602, 121, 11000


@pytest.mark.parametrize(
    ("errors", "concerns", "told"),
    [
        ([], [STEPPED_DOWN], Unavailable),
        ([STEPPED_DOWN], [STEPPED_DOWN], Unavailable),
        ([INVALID], [STEPPED_DOWN], BulkWriteError),
        ([DUPLICATE], [STEPPED_DOWN], DuplicateKeyError),
        ([], [], BulkWriteError),
    ],
    ids=["concern", "writes-too", "a-bug-beside", "a-taken-key-beside", "nothing"],
)
def test_a_bulk_of_a_primary_that_steps_down_is_trouble_that_passes(
    errors: list[int], concerns: list[int], told: type[Exception]
):
    details = {
        "writeErrors": [{"code": code} for code in errors],
        "writeConcernErrors": [{"code": code} for code in concerns],
    }
    with pytest.raises(told), unavailable():
        raise BulkWriteError(details)
