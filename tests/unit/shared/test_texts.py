"""Characters that nothing can show: found, taken out, and refused in bodies with their place."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.texts import readable, sentence, unreadable
from shared.web import READABLE
from shared.web.invalid import wrong_fields

BODY: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, Annotated[str, READABLE]])


@pytest.mark.parametrize("text", ["", "Ёж — «№ 5»\tи\r\nещё 📄 中", "\u00ad\u200d\ufe0f"])
def test_ordinary_text_stays(text: str):
    assert unreadable(text) is None
    assert readable(text) == text


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\x7f", "\x9f", "\ufdd0", "\ufffe", "\uffff", "\U0010ffff"])
def test_what_nothing_shows_is_found_and_taken_out(sign: str):
    assert unreadable(f"ab{sign}c") == 2
    assert readable(f"ab{sign}c") == "abc"


def test_what_ends_a_line_ends_it():
    assert readable("а\x0bб\x0cв\x85г") == "а\nб\nв\nг"


def refused(text: str) -> dict[str, str]:
    with pytest.raises(ValidationError) as found:
        BODY.validate_python({"text": text})
    [one] = wrong_fields([{**error, "loc": ("body", *error["loc"])} for error in found.value.errors()], {"text": text})
    return one


def test_a_body_with_such_a_character_is_refused_with_its_place():
    assert refused("не участвовали\x0bпо приказу") == {
        "pointer": "/text",
        "code": "unreadable-text",
        "message": "В тексте есть непечатаемый знак.",
        "remedy": "Уберите знак U+000B: он стоит после «не участвовали».",
    }
    assert refused("\ufffeприказ")["remedy"] == "Уберите знак U+FFFE: он стоит в начале."


@pytest.mark.parametrize("text", ["\ufeff", "\u200b \u00ad", "\n\t"])
def test_a_body_in_which_nothing_is_to_be_seen_is_refused(text: str):
    assert refused(text)["code"] == "too-short"


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("не участвовали", "не участвовали."), ("приказ от 01.02. ", "приказ от 01.02."), ("Зачем?", "Зачем?"),
        ("и т. д.", "и т. д."), ("Ошибка ввода.. ", "Ошибка ввода."), ("и так далее…", "и так далее…"),
        ("и так далее...", "и так далее..."),
    ],
)  # fmt: skip
def test_what_a_person_wrote_ends_a_sentence_once(told: str, written: str):
    assert sentence(told) == written


def test_a_body_with_words_is_taken_as_it_is():
    assert BODY.validate_python({"text": "приказ 📄\nи ещё"}) == {"text": "приказ 📄\nи ещё"}
