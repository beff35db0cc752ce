"""Bodies of webhooks: what is documented, nothing else."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.notification.api.webhooks.bodies import ReplayBody


@pytest.mark.parametrize(
    "body", [{"since": 2022}, {"since": "1665360000"}, {"since": "0001-01-01T00:00:00+05:00"}, {"from_": 5}]
)
def test_a_replay_begins_at_a_moment_or_a_number(body: dict[str, Any]):
    with pytest.raises(ValidationError):
        ReplayBody.model_validate(body)


def test_a_replay_from_a_number():
    assert ReplayBody.model_validate({"from": 5}).begin == 5
