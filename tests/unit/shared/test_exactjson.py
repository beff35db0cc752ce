"""JSON without loss: what is read is exact, what cannot be exact or safe is refused in words."""

import contextlib
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.exactjson import DEEPEST, MOST_KEYS, MOST_PARTS, read, write
from shared.kernel import Malformed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"1.10", Decimal("1.10")),
        (b"0.1", Decimal("0.1")),
        (b"-5", -5),
        (b"1e3", Decimal("1e3")),
        (b'{"a": [1, null, true]}', {"a": [1, None, True]}),
        ('"«ё»"'.encode(), "«ё»"),
        (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
    ],
)
def test_values_are_read_exactly(text: bytes, value: Any):
    found = read(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (b"", "malformed-json", "строка 1, столбец 1"),
        (b'{"a": 1,\n "b" 2}', "malformed-json", "строка 2, столбец 6"),
        (b"1 2", "malformed-json", "столбец 3"),
        (b"NaN", "not-a-number", "NaN"),
        (b"[-Infinity]", "not-a-number", "-Infinity"),
        (b'["NaN \\" NaN",\n 1, NaN]', "not-a-number", "Строка 2, столбец 5: NaN"),
        (b'{"a": 10,\n"1e400": 1e400}', "number-too-long", "Строка 2, столбец 10"),
        (b'{"a": [1, -' + b"1" * 32 + b"]}", "number-too-long", "Строка 1, столбец 11"),
        (b'\xef\xbb\xbf{"a": 1}', "malformed-json", "без BOM"),
        (b'{"a": 1, "b": 2, "a": 3}', "duplicate-key", "«a»"),
        (b"1" * 32, "number-too-long", "30 цифр"),
        (b"1e31", "number-too-long", "степень"),
        (b"1e-31", "number-too-long", "степень"),
        (b"1E+" + b"9" * 5000, "number-too-long", "степень"),
        (b"0." + b"1" * 70, "number-too-long", "30 цифр"),
        (b"[" * 40 + b"]" * 40, "too-deep", str(DEEPEST)),
        (b"[" * MOST_PARTS, "too-deep", str(DEEPEST)),
        (b'{"a":' * MOST_PARTS, "too-deep", str(DEEPEST)),
        (b"[" + b"[]," * MOST_PARTS + b"0]", "too-many-parts", str(MOST_PARTS)),
        (b"[" + b"{}," * MOST_PARTS + b"0]", "too-many-parts", str(MOST_PARTS)),
        (b"{" + b",".join(b'"k%d":0' % n for n in range(MOST_KEYS + 1)) + b"}", "too-many-keys", str(MOST_KEYS)),
        (b'"\xff"', "invalid-encoding", "байт 2"),
        (b'"\\ud800"', "invalid-encoding", "половина"),
        (b'{"\\udc00": 1}', "invalid-encoding", "половина"),
    ],
)
def test_what_is_not_exact_or_safe_is_refused(text: bytes, code: str, words: str):
    with pytest.raises(Malformed) as told:
        read(text)
    assert told.value.code == code
    assert words in told.value.detail


def test_of_very_many_keys_the_doubled_one_is_found_at_once():
    """The process waits for its answer; key by key a megabyte of them took minutes."""
    body = b"{" + b"".join(b'"k%d":0,' % number for number in range(MOST_KEYS - 1)) + b'"k1998":0}'
    began = time.process_time()
    with pytest.raises(Malformed, match="duplicate-key") as told:
        read(body)
    assert time.process_time() - began < 0.5
    assert "«k1998»" in told.value.detail


def test_as_many_keys_and_parts_as_may_be_are_read():
    assert len(read(b"{" + b",".join(b'"k%d":0' % number for number in range(MOST_KEYS)) + b"}")) == MOST_KEYS
    assert len(read(b"[" + b",".join([b"{}"] * (MOST_PARTS - 1)) + b"]")) == MOST_PARTS - 1


def test_many_brackets_side_by_side_are_not_deep():
    assert read(b"[" + b"[]," * 1000 + b"{}]") == [[]] * 1000 + [{}]


@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(body: bytes):
    with contextlib.suppress(Malformed):
        write(read(body))


exact = st.one_of(st.none(), st.booleans(), st.integers(-(10**29), 10**29), st.text(max_size=20))


@given(
    st.recursive(exact, lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=5), one, max_size=4))
)
def test_what_was_written_is_read_back(value: Any):
    assert read(write(value)) == value


def test_exact_numbers_are_written_as_strings():
    told = write({"d": Decimal("1.50"), "f": Fraction(1, 3), "whole": Fraction(4, 2), "s": {3, 1}})
    assert told == b'{"d":"1.5","f":"1/3","whole":"2","s":[1,3]}'


def test_an_integer_over_64_bits_is_still_written():
    assert write([2**70, Fraction(1, 3)]) == b'[1180591620717411303424, "1/3"]'


def test_what_has_no_form_is_an_error():
    with pytest.raises(TypeError, match="object"):
        write(object())
