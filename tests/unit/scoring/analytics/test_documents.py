"""A document's way: ten sections or none finished, a finished one never edited, versions beside one another."""

import csv
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.scoring.domain.analytics import (
    KEYS,
    SECTIONS,
    Block,
    Document,
    Draft,
    data_of,
    draft,
    finish,
    frozen_text,
    missing,
    period_before,
    write,
)
from services.scoring.store.documents import analytics_document, read_analytics
from services.scoring.usecases.analytics import the_motivation
from shared.kernel import Conflict, Refused, Stale
from tests.unit.scoring.analytics.made import NOW, drafted, sources, step

WORDS: tuple[Block, ...] = (("paragraph", ("Вывод.",)), ("list", ("первое", "второе")))
ROOT = Path(__file__).resolve().parents[4]
EVERYTHING: dict[str, Any] = {key: {"told": True} for key in KEYS}


def written(document: Document, *sections: str) -> Document:
    for section in sections:
        document = write(document, section, WORDS, step=step(document.revision))
    return document


def finished(document: Document | None = None) -> Document:
    whole = written(document or drafted(), "methods", "conclusions")
    return finish(whole, EVERYTHING, frozen_text(whole, EVERYTHING), step=step(whole.revision)).state


def test_there_are_ten_sections_in_the_order_of_the_specification():
    assert [one.number for one in SECTIONS] == list(range(1, 11))
    assert KEYS == (
        "name", "motivation", "mechanism", "methods", "periods",
        "sample", "indicators", "rating", "conclusions", "effect",
    )  # fmt: skip


@pytest.mark.parametrize("section", KEYS)
def test_a_document_that_lacks_one_section_is_refused_by_its_name(section: str):
    document = written(drafted(), *{"methods", "conclusions"} - {section})
    data = EVERYTHING | {section: None}
    with pytest.raises(Refused) as told:
        finish(document, data, "{}", step=step(document.revision))
    assert told.value.code == "analytics-incomplete"
    assert [one.pointer for one in told.value.errors] == [f"/sections/{section}"]
    assert all(one.remedy for one in told.value.errors)


def test_what_the_platform_knows_of_sources_is_not_what_a_person_has_to_say():
    with pytest.raises(Refused) as told:
        finish(drafted(), EVERYTHING, "{}", step=step())
    assert [one.pointer for one in told.value.errors] == ["/sections/methods", "/sections/conclusions"]


def test_every_missing_section_is_named_and_a_text_fills_what_the_platform_cannot():
    empty: dict[str, Any] = dict.fromkeys(KEYS)
    document = drafted()
    with pytest.raises(Refused) as told:
        finish(document, empty, "{}", step=step())
    assert len(told.value.errors) == 10
    assert missing(empty, written(document, *KEYS).texts) == []


def test_finishing_freezes_the_bytes_and_tells_their_digest():
    whole = written(drafted(), "methods", "conclusions")
    content = frozen_text(whole, data_of(whole, sources()))
    # "first" of the small methodology has no motivating indicator: a person says what it is for.
    whole = written(whole, "motivation", "mechanism")
    change = finish(whole, data_of(whole, sources()), content, step=step(whole.revision))
    assert change.state.frozen
    assert change.state.revision == whole.revision + 1
    assert change.state.frozen.digest == hashlib.sha256(content.encode()).hexdigest()
    (event,) = change.events
    assert event.model_dump(mode="json") == {
        "document": "first.2022.v1", "procedure": "first", "period": "2022", "version": 1,
        "digest": change.state.frozen.digest, "finished_at": "2023-02-01T09:30:00Z",
        "url": "/v1/analytics-documents/first.2022.v1",
    }  # fmt: skip
    assert event.key == "first"
    assert read_analytics(analytics_document(change.state)) == change.state


def test_a_finished_document_is_never_edited():
    done = finished()
    with pytest.raises(Conflict) as told:
        write(done, "conclusions", (), step=step(done.revision))
    assert told.value.code == "analytics-finished"
    with pytest.raises(Conflict):
        finish(done, EVERYTHING, "{}", step=step(done.revision))


def test_a_new_version_stands_beside_the_old_one_with_its_reason_and_its_texts():
    done = finished()
    wanted = Draft("first", "2022", "operator:a", NOW)
    with pytest.raises(Refused) as told:
        draft(wanted, [done])
    assert [one.code for one in told.value.errors] == ["reason-required"]
    second = draft(replace(wanted, reason="уточнены данные"), [done])
    assert (second.id, second.version, second.reason) == ("first.2022.v2", 2, "уточнены данные")
    assert second.texts == done.texts
    with pytest.raises(Conflict) as there:
        draft(replace(wanted, reason="ещё раз"), [done, second])
    assert (there.value.code, there.value.extra) == ("analytics-draft-exists", {"document": "first.2022.v2"})


def test_texts_are_changed_from_the_revision_that_was_read_and_a_repeat_changes_nothing():
    one = written(drafted(), "conclusions")
    assert write(one, "conclusions", WORDS, step=step(1)) is one
    with pytest.raises(Stale):
        write(one, "conclusions", (("paragraph", ("Иное.",)),), step=step(1))
    gone = write(one, "conclusions", (), step=step(one.revision))
    assert (gone.texts, gone.revision) == ({}, 3)


def test_the_period_before_is_the_year_before_and_no_later_one_is_compared_with():
    assert (period_before("2022"), period_before("2021-2022")) == ("2021", "2020-2021")
    with pytest.raises(Refused) as told:
        drafted(before="2022")
    assert [one.pointer for one in told.value.errors] == ["/before"]


def test_what_procedures_work_for_is_what_the_catalogue_says():
    rows = list(csv.DictReader((ROOT / "data" / "procedures.csv").read_text(encoding="utf-8").splitlines()))
    told = {row["key"]: (row["motivating_indicators"], row["systems"]) for row in rows if row["motivating_indicators"]}
    known = the_motivation().of
    assert {key: tuple(";".join(part) for part in known[key]) for key in known} == told
