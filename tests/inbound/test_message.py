"""One message, however it is sent; and what cannot be read, told by field and fix."""

import json

import pytest

from consumers.inbound.message import (
    MalformedError,
    Raw,
    from_http,
    packed,
    read,
    unpacked,
)
from tests.inbound.messages import A_COMPLAINT, headers, raw

DATA = json.dumps(A_COMPLAINT).encode()
BINARY = headers("received", id="e-1")


def structured(**said: object) -> Raw:
    event = {
        "specversion": "1.0",
        "id": "e-1",
        "source": "crm",
        "type": "complaint.received",
        "subject": "K-1",
        "data": A_COMPLAINT,
    } | said
    event = {name: value for name, value in event.items() if value is not None}
    kind = b"application/cloudevents+json; charset=UTF-8"
    return Raw((("content-type", kind),), json.dumps(event).encode())


def over_http() -> Raw:
    said = [(n.replace("ce_", "Ce-").encode(), v or b"") for n, v in BINARY]
    return from_http([*said, (b"authorization", b"Bearer x"), (b"cookie", b"y")], DATA)


def with_header(name: str, value: bytes | None) -> Raw:
    kept = tuple((n, v) for n, v in BINARY if n != name)
    return Raw((*kept, (name, value)), DATA)


@pytest.mark.parametrize(
    "sent",
    [
        Raw(BINARY, DATA),
        Raw(
            (*BINARY, ("ce_time", b"2026-03-03T09:00:00.5Z"), ("traceparent", b"\xff")),
            DATA,
        ),
        Raw(BINARY[1:], DATA),  # JSON is what it is when nothing else is said
        structured(),
        structured(time="2026-03-03T09:00:00Z", datacontenttype="application/json"),
        structured(priority="high"),  # an extension is not ours to refuse
        Raw((), structured().value),  # a client that sets no headers
        over_http(),
    ],
)
def test_the_same_event_in_every_form_is_the_same_message(sent: Raw) -> None:
    event = read(sent)

    assert (event.id, event.source, event.subject) == ("e-1", "crm", "K-1")
    assert event.type == "complaint.received"
    assert event.data == A_COMPLAINT
    assert event.digest == read(Raw(BINARY, DATA)).digest


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (raw("received", A_COMPLAINT, id="e-2"), True),
        (raw("received", A_COMPLAINT, ce_time="2026-03-03T09:00:00Z"), True),
        (raw("received", dict(reversed(A_COMPLAINT.items()))), True),
        (raw("received", A_COMPLAINT | {"kind": "leak"}), False),
        (raw("received", A_COMPLAINT, subject="K-2"), False),
        (raw("noted", A_COMPLAINT), False),
    ],
)
def test_the_digest_is_of_what_is_said(other: Raw, *, same: bool) -> None:
    assert (read(other).digest == read(Raw(BINARY, DATA)).digest) is same


def test_a_header_of_http_is_percent_encoded_utf_8() -> None:
    said = [(b"ce-subject", "客诉-1".encode()), (b"content-type", b"application/json")]
    encoded = [(b"ce-subject", b"%E5%AE%A2%E8%AF%89-1"), said[1]]

    assert from_http(said, b"{}") == from_http(encoded, b"{}")
    assert dict(from_http(encoded, b"{}").headers)["ce_subject"] == "客诉-1".encode()


def test_credentials_of_a_request_are_not_part_of_the_message() -> None:
    assert {name for name, _ in over_http().headers} == {name for name, _ in BINARY}


NESTED = b'{"a":' * 40 + b"1" + b"}" * 40
MALFORMED: list[tuple[str, Raw, str, str]] = [
    ("nothing", Raw(BINARY, None), "no-value", ""),
    ("not JSON", Raw(BINARY, b"hello"), "unreadable", "data"),
    ("empty", Raw(BINARY, b""), "unreadable", "data"),
    ("not UTF-8", Raw(BINARY, b'{"words": "\xff"}'), "unreadable", "data"),
    ("UTF-16", Raw(BINARY, "{}".encode("utf-16")), "unreadable", "data"),
    ("a byte order mark", Raw(BINARY, b"\xef\xbb\xbf{}"), "unreadable", "data"),
    ("a key twice", Raw(BINARY, b'{"kind": "a", "kind": "b"}'), "unreadable", "data"),
    ("NaN", Raw(BINARY, b'{"n": NaN}'), "unreadable", "data"),
    ("infinity", Raw(BINARY, b'{"n": 1e999}'), "unreadable", "data"),
    ("half a character", Raw(BINARY, b'{"w": "\\ud800"}'), "unreadable", "data"),
    ("too deep", Raw(BINARY, NESTED), "unreadable", "data"),
    ("too long a number", Raw(BINARY, b'{"n": %s}' % (b"9" * 40)), "unreadable", "data"),
    ("too large", Raw(BINARY, b'"%s"' % (b"x" * 262_144)), "too-large", ""),
    ("too many headers", Raw((*BINARY, *(("x", b""),) * 64), DATA), "too-large", "headers"),
    (
        "headers too large",
        Raw((*BINARY, ("x", b"y" * 20_000)), DATA),
        "too-large",
        "headers",
    ),
    ("no id", with_header("ce_id", None), "unreadable", "ce_id"),
    ("an empty id", with_header("ce_id", b""), "no-cloudevent", "id"),
    ("an id of two lines", with_header("ce_id", b"a\nb"), "no-cloudevent", "id"),
    ("a NUL in the id", with_header("ce_id", b"a\0b"), "no-cloudevent", "id"),
    ("too long an id", with_header("ce_id", b"x" * 201), "no-cloudevent", "id"),
    ("an id not in UTF-8", with_header("ce_id", b"\xff"), "unreadable", "ce_id"),
    ("no source", Raw(headers("noted", source="")[:], DATA), "no-cloudevent", "source"),
    ("an id twice", Raw((*BINARY, ("ce_id", b"e-1")), DATA), "duplicate-header", "ce_id"),
    (
        "a content type twice",
        Raw((*BINARY, BINARY[0]), DATA),
        "duplicate-header",
        "content-type",
    ),
    (
        "an old version",
        with_header("ce_specversion", b"0.3"),
        "no-cloudevent",
        "specversion",
    ),
    ("no headers, no event", Raw((), DATA), "no-cloudevent", "specversion"),
    (
        "a time without zone",
        structured(time="2026-03-03T09:00:00"),
        "no-cloudevent",
        "time",
    ),
    (
        "XML",
        with_header("content-type", b"application/xml"),
        "unreadable",
        "datacontenttype",
    ),
    (
        "another charset",
        with_header("content-type", b"application/json; charset=gbk"),
        "unreadable",
        "content_type",
    ),
    (
        "a batch",
        with_header("content-type", b"application/cloudevents-batch+json"),
        "unreadable",
        "content_type",
    ),
    ("base64", structured(data_base64="e30="), "unreadable", "data_base64"),
    ("an id that is a number", structured(id=7), "no-cloudevent", "id"),
    ("a list of events", Raw(structured().headers, b"[]"), "unreadable", ""),
    ("no type", structured(type=None), "no-cloudevent", "type"),
    ("an empty subject", structured(subject=""), "no-cloudevent", "subject"),
]


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [case[1:] for case in MALFORMED],
    ids=[case[0] for case in MALFORMED],
)
def test_what_cannot_be_read_says_where_and_what_to_do(
    sent: Raw, code: str, field: str
) -> None:
    with pytest.raises(MalformedError) as refused:
        read(sent)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.fix


@pytest.mark.parametrize("name", ["ce_13800138000", "ce_陈洁", "ce_a b"])
def test_a_name_that_a_sender_made_up_is_not_repeated(name: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read(Raw((*BINARY, (name, b"1"), (name, b"2")), DATA))

    assert refused.value.field == "?"


@pytest.mark.parametrize(
    "sent",
    [Raw(BINARY, DATA), Raw((("x", None), ("y", b"\xff\n")), b"\n{}\n"), Raw((), None)],
)
def test_a_message_comes_out_of_its_letter_as_it_went_in(sent: Raw) -> None:
    assert unpacked(packed(sent)) == sent
