"""How much, how fast, of what kind and for whom: checked before anything reads it."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.problems import DoorError
from domain.errors import Lack, RefusedError, TooLargeError

PATH_BYTES_MAX = 2_048
QUERY_BYTES_MAX = 8_192
HEADERS_MAX = 100
HEADER_BYTES_MAX = 16 * 1024
BODY_S = 20.0  # for a whole body; a slow one is a person with a bad line, or an attack
KIB, MIB = 1024, 1024 * 1024

READS = {"GET", "HEAD", "OPTIONS"}
OURS = {b"same-origin", b"none"}  # what a browser says of a request from our own pages
ONCE = {  # twice, two readers would take two different ones
    b"host",
    b"content-type",
    b"content-length",
    b"if-match",
    b"idempotency-key",
    b"origin",
}
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
UNSEEN_ESCAPED = re.compile(rb"%(?:0[0-8a-fA-F]|1[0-9a-fA-F]|7[fF])")  # all but a tab

JSON = frozenset({"application/json"})
CLOUD_EVENT = frozenset({"application/json", "application/cloudevents+json"})
FORM = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
UPLOAD = frozenset({"multipart/form-data"})


@dataclass(frozen=True, slots=True)
class Takes:
    """What kind of body the addresses under a path take, and how much of it."""

    path: str
    media: frozenset[str]
    bytes_max: int


ACCOUNT_PAGES = ("/sign-in", "/sign-out", "/setup", "/welcome", "/role", "/me", "/people")
# The first that fits counts; every other address takes JSON.
BODIES = (
    Takes("/import", UPLOAD, 16 * MIB),
    Takes("/inbound", CLOUD_EVENT, 256 * KIB),
    Takes("/ledger", FORM, 256 * KIB),
    Takes("/operations", FORM, 4 * KIB),
    Takes("/repeats", FORM, 64 * KIB),
    Takes("/kpis", FORM | JSON, 64 * KIB),
    Takes("/rulebooks", FORM | JSON, 512 * KIB),  # pages and programs at one address
    Takes("/policy-sets", FORM | JSON, 512 * KIB),
    *(Takes(path, FORM, 16 * KIB) for path in ACCOUNT_PAGES),
    Takes("/calendars", FORM | JSON, 64 * KIB),
)


class InputLimits:
    """Refuses what nobody should have to read, and counts a body while it comes in."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[str],
        json_bytes_max: int,
        body_s: float = BODY_S,
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._bodies = (*BODIES, Takes("/", JSON, json_bytes_max))
        self._body_s = body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once what is refused at the door."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            takes = self._checked(scope)
        except DoorError as error:
            said = problems.at_the_door(error.code, *error.lacks)
            await problems.answered(said)(scope, receive, send)
        except RefusedError as refused:
            await problems.answered(problems.of_refusal(refused))(scope, receive, send)
        else:
            counted = _Counted(receive, takes.bytes_max, self._body_s)
            await self._app(scope, counted, send)

    def _checked(self, scope: Scope) -> Takes:
        if len(scope["raw_path"]) > PATH_BYTES_MAX:
            raise DoorError("address-too-long", Lack("path", f"{PATH_BYTES_MAX} bytes"))
        if len(scope["query_string"]) > QUERY_BYTES_MAX:
            raise DoorError("address-too-long", Lack("query", f"{QUERY_BYTES_MAX} bytes"))
        if UNSEEN.search(scope["path"]) or UNSEEN_ESCAPED.search(scope["query_string"]):
            raise DoorError("bad-request", Lack("", "leave out control characters"))
        headers = _headers(scope)
        host = headers.get(b"host", b"").lower()
        if _name_of(host) not in self._hosts:
            raise DoorError("unknown-host", Lack("Host", "use an address we gave you"))
        takes = next(t for t in self._bodies if scope["path"].startswith(t.path))
        if scope["method"] not in READS:
            _check_origin(headers, host)
            _check_body(headers, takes)
        return takes


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers by name; too many, too long or ambiguous ones are refused."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > HEADERS_MAX or size > HEADER_BYTES_MAX:
        raise DoorError(
            "headers-too-large", Lack("", f"{HEADERS_MAX} lines, {HEADER_BYTES_MAX} bytes")
        )
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in found and name in ONCE:
            raise DoorError("bad-request", Lack(name.decode("latin-1"), "send it once"))
        found[name] = value
    return found


def _name_of(host: bytes) -> str:
    """A host without its port."""
    name = host.decode("latin-1")
    return name[: name.find("]") + 1] if name.startswith("[") else name.partition(":")[0]


def _check_origin(headers: dict[bytes, bytes], host: bytes) -> None:
    """Browsers say where a request comes from; other programs say nothing."""
    origin = headers.get(b"origin")
    if headers.get(b"sec-fetch-site", b"none") not in OURS:
        raise DoorError("foreign-origin", Lack("Sec-Fetch-Site", "use our own pages"))
    if origin is None:
        return
    try:
        theirs = urlsplit(origin.decode("latin-1").lower()).netloc
    except ValueError:
        theirs = ""
    if theirs.encode("latin-1") != host:
        raise DoorError("foreign-origin", Lack("Origin", "use our own pages"))


def _check_body(headers: dict[bytes, bytes], takes: Takes) -> None:
    kind, _, more = headers.get(b"content-type", b"").decode("latin-1").partition(";")
    named = kind.strip().lower()
    charset = more.strip().lower().replace('"', "")
    if named not in takes.media:
        fix = f"send {' or '.join(sorted(takes.media))}"
        raise DoorError("media-type", Lack("Content-Type", fix))
    if charset.startswith("charset=") and charset != "charset=utf-8":
        raise DoorError("media-type", Lack("Content-Type", "send UTF-8"))
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise DoorError("media-type", Lack("Content-Encoding", "send it uncompressed"))
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > len(str(takes.bytes_max)):
        raise _too_large(takes.bytes_max)
    if int(length) > takes.bytes_max:
        raise _too_large(takes.bytes_max)


def _too_large(bytes_max: int) -> TooLargeError:
    return TooLargeError(Lack("", f"send at most {bytes_max} bytes"))


class _Counted:
    """A body that is counted while it comes in, whatever length it claimed to have."""

    def __init__(self, receive: Receive, bytes_max: int, body_s: float) -> None:
        self._receive = receive
        self._bytes_max = bytes_max
        self._left = bytes_max
        self._until = asyncio.get_running_loop().time() + body_s
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:  # only the end of the connection is left to wait for
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError as error:
            raise DoorError("too-slow", Lack("", "send the body without pauses")) from error
        self._left -= len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._left < 0:
            raise _too_large(self._bytes_max)
        return message
