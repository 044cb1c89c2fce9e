"""What is sent to break things (security.md §9, rows 1 to 11): each answered, never a 5xx.

The server runs on a real socket; after each attack the complaint can still be read, and
nothing is in the ledger that could not be replayed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from infra.keys import ERASED
from tests.api.asking import Api

MIB = 1024 * 1024
ANSWER_BYTES_MAX = 8_192
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def client(port: int) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a real server."""
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as made:
        yield made


def said(text: str) -> bytes:
    """A note that holds this JSON string, as it stands."""
    return b'{"text":' + text.encode("utf-8", "surrogatepass") + b"}"


def much(size: int) -> Iterator[bytes]:
    """A body that never says how long it will be."""
    yield b'{"text":"'
    for _ in range(size // MIB):
        yield b"x" * MIB
    yield b'"}'


KEYS = b"{" + b",".join(b'"k%d":1' % n for n in range(400_000)) + b"}"
FEW_KEYS = b"{" + b",".join(b'"k%d":1' % n for n in range(1_100)) + b"}"
DEEP = b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

BODIES: dict[str, tuple[bytes, dict[str, str], set[int]]] = {
    "1 64 MiB, length told": (b'{"text":"' + b"x" * 64 * MIB + b'"}', JSON, {413}),
    "1 one byte too many": (b" " * (256 * 1024 + 1), JSON, {413}),
    "1 a long wrong field": (b'{"text":7,"x":"' + b"y" * 200_000 + b'"}', JSON, {422}),
    "2 400 k keys": (KEYS, JSON, {413, 422}),
    "2 1,100 keys": (FEW_KEYS, JSON, {413, 422}),
    "3 100 k deep": (DEEP, JSON, {400, 413}),
    "3 33 deep": (b"[" * 33 + b"]" * 33, JSON, {400}),
    "4 lone surrogate": (said(r'"\ud800"'), JSON, {422}),
    "4 lone surrogate as a key": (rb'{"\ud800":1,"text":"x"}', JSON, {422}),
    "4 lone surrogate, encoded": (said('"\ud800"'), JSON, {400}),
    "5 NaN": (b'{"text":NaN}', JSON, {422}),
    "5 Infinity": (b'{"text":-Infinity}', JSON, {422}),
    "5 1e999": (b'{"text":1e999}', JSON, {422}),
    "6 NUL": (said(r'"a\u0000b"'), JSON, {422}),
    "6 NUL as a key": (rb'{"text":"x","a\u0000b":1}', JSON, {422}),
    "7 a type tag": (b'{"text":{"_type_":"x","_data_":"y"}}', JSON, {422}),
    "7 a uuid tag": (b'{"text":{"uuid_hex":"00"}}', JSON, {422}),
    "8 a key twice": (b'{"text":"a","text":"b"}', JSON, {422}),
    "9 5,000 digits": (b'{"text":' + b"9" * 5_000 + b"}", JSON, {400}),
    "9 utf-16": ('{"text":"x"}'.encode("utf-16"), JSON, {400}),
    "9 byte order mark": (b'\xef\xbb\xbf{"text":"x"}', JSON, {400}),
    "9 text/plain": (said('"x"'), {"Content-Type": "text/plain"}, {415}),
    "9 no type": (said('"x"'), {}, {415}),
    "9 another charset": (
        said('"x"'),
        {"Content-Type": "application/json; charset=gbk"},
        {415},
    ),
    "9 compressed": (said('"x"'), JSON | {"Content-Encoding": "gzip"}, {415}),
    "9 no JSON": (b"text=x", JSON, {400}),
    "9 nothing": (b"", JSON, {400}),
    "10 unknown field": (b'{"text":"x","txet":"y"}', JSON, {422}),
    "10 a long unknown field": (b'{"text":"x","' + b"y" * 200_000 + b'":1}', JSON, {422}),
    "10 a number for text": (b'{"text":1}', JSON, {422}),
    "10 a list for an object": (b'["text"]', JSON, {422}),
    "11 a control character": (said(r'"a\u001bb"'), JSON, {422}),
    "11 a C1 control character": (said(r'"a\u009bb"'), JSON, {422}),
    "11 a tower of marks": (said('"a' + "\u0301" * 80_000 + '"'), JSON, {422}),
    "11 too long": (said('"' + "字" * 10_001 + '"'), JSON, {422}),
    "15 the ledger's own columns": (
        b'{"text":"x","recorded_at":"2026-01-01T00:00:00Z","position":1,"who":{}}',
        JSON,
        {422},
    ),
}


async def test_hostile_bodies_are_refused_and_not_repeated(
    api: Api, client: httpx2.AsyncClient
) -> None:
    number = await api.lodged()
    wrong = {}
    for attack, (body, headers, expected) in BODIES.items():
        answer = await client.post(
            f"/complaints/{number}/noted", content=body, headers=headers
        )
        api.fits(answer, "Problem")
        if answer.status_code not in expected or len(answer.content) > ANSWER_BYTES_MAX:
            wrong[attack] = answer.text[:500]
        assert (await client.get(f"/complaints/{number}")).json()["version"] == 1

    assert wrong == {}


async def test_a_body_is_counted_while_it_streams_in(
    api: Api, client: httpx2.AsyncClient
) -> None:
    """Row 1 without a Content-Length: it is cut off, and others are served meanwhile."""
    number = await api.lodged()

    async def slowly() -> AsyncIterator[bytes]:
        for piece in much(64 * MIB):
            yield piece

    refused, seen = await asyncio.gather(
        client.post(f"/complaints/{number}/noted", content=slowly(), headers=JSON),
        client.get("/health/live"),
    )

    assert refused.status_code == 413
    assert seen.status_code == 200


async def test_what_is_too_long_is_not_taken_in_first(api: Api) -> None:
    """Not even a few more pieces than the limit allows."""
    number, taken = await api.lodged(), []

    async def pieces() -> AsyncIterator[bytes]:
        for nth in range(64):
            taken.append(nth)
            yield b"x" * 64 * 1024

    refused = await api.post(f"/complaints/{number}/noted", content=pieces(), headers=JSON)

    assert refused.status_code == 413
    assert len(taken) <= 6


EVIDENCE = [
    "\u202e\u202d反向\u2066",
    "零\u200b宽\u200d度\ufeff",
    "p\u0430ypal",  # a Cyrillic letter
    "e" + "\u0301" * 16,
    "\U0001f600 \ue000 \uffff",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "line\nfeed\tand tab",
]


async def test_what_people_may_write_is_kept_to_the_byte(api: Api) -> None:
    """Row 11: it is evidence. Pages isolate it; the ledger changes nothing."""
    number = await api.lodged()
    for text in EVIDENCE:
        made = await api.post(f"/complaints/{number}/noted", {"text": text})

        assert made.status_code == 201, made.text
        event = (await api.get(made.headers["Location"])).json()
        assert event["fields"] == {"text": text}


async def test_the_mark_of_erasure_can_be_written_by_nobody(api: Api) -> None:
    number = await api.lodged()

    made = await api.post(f"/complaints/{number}/noted", {"text": ERASED})

    event = (await api.get(made.headers["Location"])).json()
    assert event["fields"] == {"text": {"erased": True}}


POST = (
    b"POST %b HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
    b"Content-Type: application/json\r\n\r\n"
)


HEADS = [
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET /health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400),
    (b"GET /health/live HTTP/1.1\r\nHost: localhost.evil.example:80\r\n\r\n", 400),
    (b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: localhost\r\n\r\n", 400),
    (b"GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    (b"GET /?q=%1b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    (b"GET /" + b"a" * 3_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    (b"GET /?" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: 1\r\n" * 101 + b"\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nX-A: " + b"a" * 100_000, 431),
    (b"not http at all\r\n\r\n", 400),
    (b"DELETE /complaints/C-1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 415),
    (POST % (b"/complaints/C-1", 2) + b"{}", 405),
    (POST % (b"/complaints", 9_999_999), 413),
]


async def test_hostile_heads_are_answered_in_the_same_form(port: int) -> None:
    for raw, status in HEADS:
        answer = await wire(port, raw)

        assert answer.startswith(b"HTTP/1.1 %d " % status), (raw[:80], answer)
        assert b"application/problem+json" in answer
        assert b"default-src 'none'" in answer
        assert b"server:" not in answer.lower()


async def wire(port: int, raw: bytes) -> bytes:
    """What a server says to these bytes, up to the end of its first answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    async with asyncio.timeout(15):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r")[0])
        body = await reader.readexactly(length)
    writer.close()
    return head + body


FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


async def test_another_site_cannot_write_through_a_browser(api: Api) -> None:
    number = await api.lodged()
    for heads in FOREIGN:
        answer = await api.post(f"/complaints/{number}/withdrawn", {}, headers=heads)

        assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")
        now = await api.get(f"/complaints/{number}", headers=heads)
        assert now.json()["version"] == 1


async def test_our_own_pages_may_write(api: Api) -> None:
    number = await api.lodged()
    heads = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}

    answer = await api.post(f"/complaints/{number}/withdrawn", {}, headers=heads)

    assert answer.status_code == 201
