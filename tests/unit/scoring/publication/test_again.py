"""A content made again: of what it was made of, whatever was heard of later."""

import io
from collections.abc import Iterable
from dataclasses import replace

import bson

from services.scoring.domain import fact_document
from services.scoring.domain.methodology import Statement
from services.scoring.domain.publication import Head, Inputs, Said
from services.scoring.domain.publication.writing import Content
from services.scoring.store.publication.documents import content_document, content_from
from services.scoring.works.contents import (
    AGAIN,
    FRESH,
    ORDER,
    Again,
    Fresh,
    Order,
    compute,
    compute_again,
)
from tests.unit.scoring.made import DOCUMENT, START, fact

HEAD = Head("2022-1", "2022", START, "small", "Малая методика", "0" * 64)
INPUTS = Inputs((), {"m1": {"id": "m1", "name": "Ашинский", "oktmo": None}})
OF_ACT: Said = ("third", "m1", Statement("act-1", "не участвовал", "приказ № 1 от 01.12.2022"))


def stream(order: Order) -> io.BytesIO:
    row = fact_document(fact("r1", values={"i1": "2", "i2": "40"})) | {"_id": "r1:1"}
    return io.BytesIO(ORDER.dump_json([order]) + b"\n" + bson.encode(row))


def made(stated: Iterable[Said]) -> Fresh:
    said = tuple(stated)
    order = Order(HEAD, DOCUMENT, said, replace(INPUTS, stated=said))
    [fresh] = FRESH.validate_json(compute(stream(order)))
    kept = content_from(content_document(Content("2022-1", "frozen", fresh.body, fresh.inputs)))
    return Fresh(kept.body, kept.inputs)


def again(fresh: Fresh, stated: Iterable[Said]) -> Again:
    order = Order(HEAD, DOCUMENT, tuple(stated), fresh.inputs, fresh.body)
    return AGAIN.validate_json(compute_again(stream(order)))


def test_an_act_whose_recording_or_withdrawal_a_freeze_did_not_see_is_late_and_changes_no_edition():
    """It bears an instant before the freeze, and was committed after it."""
    for then, now in (([], [OF_ACT]), ([OF_ACT], [])):
        told = again(made(then), now)
        assert (told.reproduced, told.differences, told.late) == (told.stored, [], ["act-1"])


def test_an_act_that_a_freeze_saw_counts_and_is_not_late():
    assert made([OF_ACT]).body.sha256 != made([]).body.sha256
    told = again(made([OF_ACT]), [OF_ACT])
    assert (told.reproduced, told.late) == (told.stored, [])


def test_a_content_from_before_acts_were_kept_is_made_again_with_the_acts_of_its_instant():
    fresh = made([OF_ACT])
    assert (told := again(Fresh(fresh.body, replace(fresh.inputs, stated=None)), [OF_ACT])).reproduced == told.stored
    assert told.late == []
