"""What the squares of the map are called, on a wide screen and on a phone."""

import pytest

from services.portal.show.labels import label_of, shortest
from tests.unit.portal.municipalities import REGION


@pytest.mark.parametrize(("name", "label"), [("Троицкий МР", "Троицкий"), ("Верхнеуфалейский ГО", "Верхнеуфа.")])
def test_a_tile_carries_a_name_that_fits(name: str, label: str):
    assert label_of(name) == label


def test_tiles_of_the_same_name_differ_by_their_kind():
    labels = [(label_of(one.name), one.kind) for one in REGION.units.values()]
    assert len(set(labels)) == len(labels)


def test_on_a_phone_the_first_letters_tell_every_municipality_apart():
    short = shortest(one.name for one in REGION.units.values())
    assert len(set(short.values())) == len(short)
    assert max(len(one) for one in short.values()) == 6
    names = ("Златоустовский ГО", "Уйский МР", "Усть-Катавский ГО", "Троицкий ГО", "Троицкий МР")
    assert [short[name] for name in names] == ["Злато", "Уйский", "Усть", "Тро.ГО", "Тро.МР"]
    assert [short[name] for name in ("Верхнеуральский МР", "Верхнеуфалейский ГО")] == ["В.ура", "В.уфа"]


def test_a_name_without_a_kind_and_one_within_another_have_letters_of_their_own():
    assert shortest(["Екатеринбург", "Верхне", "Верхнеуральск"]) == {
        "Екатеринбург": "Екате", "Верхне": "В.е", "Верхнеуральск": "В.еур",
    }  # fmt: skip
