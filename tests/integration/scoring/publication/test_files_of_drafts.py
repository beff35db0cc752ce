"""The files of what is not published yet: made when they are asked for, unsigned, by readers who wait their turn."""

import pytest

from services.scoring.usecases.publication import papers
from shared.aside import Who, aside
from shared.aside_child import Work
from tests.integration.scoring.publication.conftest import ACT, People
from tests.integration.scoring.publication.test_files import ROOT, body


async def test_a_draft_can_be_taken_along_but_is_not_signed(people: People):
    await people.drafted()
    assert (await body(people, f"{ROOT}/content?format=csv", "m1")).startswith(b"rank,id")
    assert (await body(people, f"{ROOT}/content?format=pdf", "m1")).startswith(b"%PDF")
    for path in ("manifest", "passport", "content?format=csv&group=nothing"):
        refused = await people.ask("m1", "GET", f"{ROOT}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (404, "file-not-found"), path


async def test_readers_of_a_draft_wait_for_one_another_and_hold_up_no_publication(
    people: People, monkeypatch: pytest.MonkeyPatch
):
    turns: list[Who] = []

    async def noted(work: Work, data: bytes, *, who: Who) -> bytes:
        turns.append(who)
        return await aside(work, data, who=who)

    monkeypatch.setattr(papers, "aside", noted)
    frozen = await people.frozen()
    assert await body(people, f"{ROOT}/content?format=pdf", "m1")
    people.clock.move(days=20)
    (await people.act("ministry", frozen, "publish", ACT)).raise_for_status()
    assert turns == ["readers", "act", "act"]


async def test_what_only_a_publication_has_is_refused_of_a_draft_before_anything_is_made(
    people: People, monkeypatch: pytest.MonkeyPatch
):
    await people.drafted()
    monkeypatch.setattr(papers, "WRITERS", {})
    for path in ("manifest", "passport", "passport?format=csv"):
        refused = await people.ask("m1", "GET", f"{ROOT}/{path}")
        assert refused.status_code == 404, path
        assert "появляются при публикации" in refused.json()["detail"]
