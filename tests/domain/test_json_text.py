"""JSON from outside: what two readers would read in two ways is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.complaint.reception import Reception
from domain.errors import InvalidError, TooLargeError
from domain.json_text import BYTES_MAX, DEPTH_MAX, KEYS_MAX, parsed, validated

ITEM = '{"items":[{"product":%s}]}'


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5_000 + b"}",
        b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1),
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
    ],
)
def test_ambiguous_or_unreadable_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidError) as refused:
        parsed(data)

    assert refused.value.lacks[0].fix


@pytest.mark.parametrize(
    "data",
    [
        b" " * (BYTES_MAX + 1),
        json.dumps(dict.fromkeys(map(str, range(KEYS_MAX + 1)))).encode(),
    ],
)
def test_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(TooLargeError):
        parsed(data)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ('{"items":[]}', "items"),
        ("{}", "items"),
        ('{"items":[{"product":1}]}', "items.0.product"),
        ('{"items":[{"quantity":"1"}]}', "items.0.quantity"),
        ('{"items":[{"quantity":-1}]}', "items.0.quantity"),
        ('{"items":[{}],"recorded_at":"2026-01-01T00:00:00Z"}', "recorded_at"),
        ('{"items":[{}],"received_at":"2026-01-01T00:00:00"}', "received_at"),
        ('{"items":[{}],"received_at":"2026-01-01T00:00:00.5Z"}', "received_at"),
        ('{"items":[{}],"received_at":"0001-01-01T00:00:00+08:00"}', "received_at"),
        ('{"items":[{}],"received_at":"9999-12-31T23:59:59-08:00"}', "received_at"),
        (ITEM % '"a\\u0000b"', "items.0.product"),
        (ITEM % '"a\\u0085b"', "items.0.product"),
        (ITEM % '"two\\nlines"', "items.0.product"),
        (ITEM % ('"a' + "\\u0301" * 50 + '"'), "items.0.product"),
        (ITEM % ('"' + "x" * 201 + '"'), "items.0.product"),
        ('{"items":[{"price":{"minor":1.5,"currency":"CNY"}}]}', "items.0.price.minor"),
        ('{"items":[{"_type_":"x","_data_":"y"}]}', "items.0._type_"),
        ('{"items":[{}],"陈洁":"x"}', "?"),
        ('{"items":[{}],"13977310042":"x"}', "?"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_sent_is_not_repeated(
    said: str, field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        validated(Reception, said.encode())

    assert field in [lack.field for lack in refused.value.lacks]


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InvalidError):
        validated(Reception, rb'{"items":[{"product":"\ud800"}]}')


def test_what_overrides_direction_is_evidence_and_kept() -> None:
    said = validated(Reception, (ITEM % '"a\u202eb"').encode())

    assert said.items[0].product == "a\u202eb"


@given(st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(), st.lists))
def test_plain_json_comes_through_as_it_was(value: object) -> None:
    try:
        data = json.dumps(value).encode()
        assert parsed(data) == value
    except InvalidError as refused:
        assert "deep" in refused.lacks[0].fix  # noqa: PT017
