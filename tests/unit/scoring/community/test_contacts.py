"""Texts of the expert community name no contact, however it is written; numbers of documents are none."""

import time
from contextlib import suppress

import pytest
from pydantic import TypeAdapter, ValidationError

from services.scoring.api.community.bodies import Text

TEXT: TypeAdapter[str] = TypeAdapter(Text)


@pytest.mark.parametrize(
    "contact",
    ["8 (351) 263-11-11", "8 (3513) 62-11-11", "8 (35163) 2-11-11", "+7(35163)2-11-11", "+7 912 345-67-89",
     "8.912.345.67.89", "8–912–345–67–89", "8\u00a0912\u00a0345\u00a067\u00a089", "7 912 345 67 89", "89123456789",
     "8912 3456789", "тел. 263-11-11", "Телефон: 2-11-11", "тел 912 345 67 89", "ivanov@mail.ru"],
)  # fmt: skip
def test_a_contact_is_refused(contact: str):
    for text in (contact, f"Иванов, {contact}.", f"({contact})"):
        with pytest.raises(ValidationError):
            TEXT.validate_python(text)


@pytest.mark.parametrize(
    "number",
    ["75701000", "75701000001", "приказ № 01/1234 от 30.11.2022", "№ 8-351/2022", "12.11.2022 № 1234567",
     "редакция 8 от 30.11.2022 № 03-02/1", "1234567890123456", "ГОСТ 7.0.97-2016", "Баллы по годам: 8 40 41 42 43 44",
     "ОКТМО 73701000001", "ОКТМО: 83701000001", "https://x.ru/doc/74890123456", "см. http://a.ru/d/8-351-263-11-11.pdf",
     "с 2021 по 2022, 8 351 участник"],
)  # fmt: skip
def test_a_number_of_a_document_is_taken(number: str):
    assert TEXT.validate_python(number) == number


@pytest.mark.parametrize("part", ["8 ", "тел. ", "7(", "a.", "+", "8-3-"])
def test_no_text_takes_long(part: str):
    begun = time.perf_counter()
    with suppress(ValidationError):
        TEXT.validate_python((part * 250)[:499] + "я")
    assert time.perf_counter() - begun < 1
