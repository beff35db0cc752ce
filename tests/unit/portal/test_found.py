"""A list that can be narrowed says how many it holds: all that were found, or how many of them a page shows."""

from typing import Any

import pytest

from services.portal.page import TEMPLATES
from services.portal.show import words


def said(number: int, forms: tuple[str, str, str] = words.SCHOOL, **page: Any) -> str:
    macro = TEMPLATES.get_template("parts.html").module.found
    told: str = macro(number, forms, **page)
    return told.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("number", "told"),
    [(1, "1 школа"), (2, "2 школы"), (5, "5 школ"), (11, "11 школ"), (21, "21 школа"), (112, "112 школ")],
)
def test_the_number_stands_with_its_noun(number: int, told: str):
    assert f"Найдено: {told}." in said(number)
    assert 'role="status"' in said(number)


def test_a_page_of_many_does_not_pass_for_all():
    assert "Найдено" not in said(20, more=True)
    assert "Показаны первые: 20 школ; есть ещё." in said(20, more=True)
    assert "На этой странице: 20 школ; есть ещё." in said(20, more=True, begun=True)
    assert "На этой странице: 3 школы; дальше ничего нет." in said(3, begun=True)
