"""`./rsoko migrate --json` tells scripts in numbers what it did."""

import pytest

from deploy.cli import migrate
from shared.migrate import Migrated


def test_what_was_done_is_told_in_numbers_and_in_words(monkeypatch: pytest.MonkeyPatch):
    async def done(_: str, service: str, __: object) -> Migrated:
        return Migrated(service, made=2, rewritten=5)

    monkeypatch.setattr(migrate, "bring_up", done)
    told = {"service": "scoring", "created": 2, "rewritten": 5, "result": "создано 2, переписано 5"}
    assert migrate.run(("scoring", "portal")) == [told]
