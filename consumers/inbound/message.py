"""A CloudEvents message, from Kafka or over HTTP: bounded, and read in one way only."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from domain import json_text
from domain.codec import canonical
from domain.errors import Lack, RefusedError
from domain.words import Line

VALUE_BYTES_MAX = json_text.BYTES_MAX
HEADERS_MAX = 64
HEADER_BYTES_MAX = 4_096  # of one value
HEADERS_BYTES_MAX = 16_384  # of all names and values
STRUCTURED = "application/cloudevents+json"
CONTENT_TYPE = "content-type"
MANDATORY = ("id", "source", "type")

_LINE: TypeAdapter[str] = TypeAdapter(Line)
_TIME: TypeAdapter[Any] = TypeAdapter(AwareDatetime)
# A step of a place in somebody's JSON; other words may be what was sent.
_STEP = re.compile(r"(?!.*[0-9]{4})[A-Za-z_][A-Za-z0-9_-]{0,39}|[0-9]{1,3}")


class Place(NamedTuple):
    """Where a record stands in Kafka."""

    topic: str
    topic_id: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Raw:
    """A message as it came, its headers under the names they have in Kafka."""

    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None
    place: Place | None = None  # none: it came over HTTP, or out of a letter


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """A message that could be read. What it says is not yet in our words."""

    id: str
    source: str  # as the sender names itself
    type: str
    subject: str | None
    data: Any  # plain JSON
    digest: bytes  # of type, subject and data: a second copy says the same


class MalformedError(Exception):
    """The message cannot be read, by anybody and for ever."""

    def __init__(self, code: str, field: str, fix: str) -> None:
        super().__init__(code, field, fix)
        self.code, self.field, self.fix = code, field, fix

    @property
    def reason(self) -> str:
        """As it is stored with its outcome."""
        return reason(self.code, Lack(self.field, self.fix))


def read(raw: Raw) -> CloudEvent:
    """What a message says, in binary or structured mode, or why it cannot be read."""
    headers = _headers(raw.headers)
    if raw.value is None:
        raise MalformedError("no-value", "", "send a CloudEvent; there is none to delete")
    if len(raw.value) > VALUE_BYTES_MAX:
        raise MalformedError("too-large", "", f"send at most {VALUE_BYTES_MAX} bytes")
    if _is_structured(headers):
        attributes = _json(raw.value, "")
        if not isinstance(attributes, dict):
            raise MalformedError("unreadable", "", "send one CloudEvent as a JSON object")
        data = attributes.pop("data", None)
        if "data_base64" in attributes:
            raise MalformedError("unreadable", "data_base64", "send the data as JSON")
        data_type = attributes.get("datacontenttype", "application/json")
    else:
        attributes = {n[3:]: text for n, text in headers.items() if n.startswith("ce_")}
        data_type = headers.get(CONTENT_TYPE, "application/json")
        _check_mandatory(attributes)  # of two things wrong, what names the message first
        data = _json(raw.value, "data")
    _check_json(data_type)
    _check_mandatory(attributes)
    subject = attributes.get("subject")
    return CloudEvent(
        id=_line(attributes["id"], "id"),
        source=_line(attributes["source"], "source"),
        type=_line(attributes["type"], "type"),
        subject=None if subject is None else _line(subject, "subject"),
        data=data,
        digest=_digest(attributes["type"], subject, data),
    )


def from_http(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Raw:
    """A request as the same message over Kafka; no other header of it is kept."""
    said = []
    for name, value in headers:
        word = name.decode("latin-1").lower()
        if word.startswith("ce-"):
            said.append((f"ce_{word[3:]}", unquote_to_bytes(value)))
        elif word == CONTENT_TYPE:
            said.append((word, value))
    return Raw(tuple(said), body)


def packed(raw: Raw) -> bytes:
    """A message as it came, to be sealed: headers as a line of JSON, then its value."""
    headers = [(n, v if v is None else v.decode("latin-1")) for n, v in raw.headers]
    head = {"headers": headers, "value": raw.value is not None}
    return json.dumps(head).encode() + b"\n" + (raw.value or b"")


def unpacked(kept: bytes) -> Raw:
    """The same message again; where it came from stands with its outcome."""
    head, _, value = kept.partition(b"\n")
    said = json.loads(head)
    headers = ((n, v if v is None else v.encode("latin-1")) for n, v in said["headers"])
    return Raw(tuple(headers), value if said["value"] else None)


def reason(code: str, *lacks: Lack) -> str:
    """Why a message was not taken, as text, in the form a refusal is stored in."""
    said = [asdict(lack) for lack in lacks]
    return json.dumps({"code": code, "lacks": said}, ensure_ascii=False)


def plain(field: str) -> str:
    """A path without those steps that a sender made up: they may name a person."""
    steps = field.split(".") if field else []
    return ".".join(step if _STEP.fullmatch(step) else "?" for step in steps)


def _headers(headers: tuple[tuple[str, bytes | None], ...]) -> dict[str, str]:
    """The headers we read, as text; refused when two of them could be meant."""
    if len(headers) > HEADERS_MAX:
        raise MalformedError("too-large", "headers", f"send at most {HEADERS_MAX}")
    if sum(len(n.encode()) + len(v or b"") for n, v in headers) > HEADERS_BYTES_MAX:
        fix = f"send at most {HEADERS_BYTES_MAX} bytes of headers"
        raise MalformedError("too-large", "headers", fix)
    said: dict[str, str] = {}
    for name, value in headers:
        if name != CONTENT_TYPE and not name.startswith("ce_"):
            continue  # other people's: traces, retries
        if name in said:
            raise MalformedError("duplicate-header", plain(name), "send it once")
        if value is None or len(value) > HEADER_BYTES_MAX:
            fix = f"send 1 to {HEADER_BYTES_MAX} bytes"
            raise MalformedError("unreadable", plain(name), fix)
        try:
            said[name] = value.decode()
        except UnicodeDecodeError as error:
            raise MalformedError("unreadable", plain(name), "send UTF-8") from error
    return said


def _is_structured(headers: Mapping[str, str]) -> bool:
    """By its content type; a client that sets no header at all sends one JSON."""
    kind = _media_type(headers.get(CONTENT_TYPE, ""), "content_type")
    if kind.startswith("application/cloudevents") and kind != STRUCTURED:
        fix = f"send {STRUCTURED}, one event in each message"
        raise MalformedError("unreadable", "content_type", fix)
    return kind == STRUCTURED or not any(name.startswith("ce_") for name in headers)


def _check_json(data_type: object) -> None:
    kind = _media_type(data_type, "datacontenttype")
    if kind not in {"application/json", STRUCTURED} and not kind.endswith("+json"):
        raise MalformedError("unreadable", "datacontenttype", "send application/json")


def _media_type(said: object, field: str) -> str:
    if not isinstance(said, str):
        raise MalformedError("unreadable", field, "send application/json")
    kind, *parameters = (part.strip().lower() for part in said.split(";"))
    charsets = [p.removeprefix("charset=") for p in parameters if p.startswith("charset=")]
    if any(charset.strip('"') != "utf-8" for charset in charsets):
        raise MalformedError("unreadable", field, "send UTF-8")
    return kind


def _json(value: bytes, field: str) -> Any:  # noqa: ANN401  # any JSON
    try:
        return json_text.parsed(value)
    except RefusedError as refused:
        lack = refused.lacks[0]
        raise MalformedError("unreadable", field, lack.fix) from refused


def _check_mandatory(attributes: Mapping[str, object]) -> None:
    if attributes.get("specversion") != "1.0":
        raise MalformedError("no-cloudevent", "specversion", "send CloudEvents 1.0")
    for name in MANDATORY:
        if name not in attributes:
            raise MalformedError("no-cloudevent", name, "send it: it is mandatory")
    if "time" in attributes:
        try:
            _TIME.validate_python(attributes["time"])
        except ValidationError as error:
            fix = "send an RFC 3339 time with its offset"
            raise MalformedError("no-cloudevent", "time", fix) from error


def _line(said: object, field: str) -> str:
    try:
        return _LINE.validate_python(said, strict=True)
    except ValidationError as error:
        raise MalformedError("no-cloudevent", field, error.errors()[0]["msg"]) from error


def _digest(kind: object, subject: object, data: object) -> bytes:
    """Neither id nor time: it answers whether two messages say the same."""
    try:
        said = canonical({"type": kind, "subject": subject, "data": data})
    except ValueError as error:  # a lone surrogate has no bytes
        fix = "send text that has a UTF-8 form, and finite numbers"
        raise MalformedError("unreadable", "data", fix) from error
    return hashlib.sha256(said).digest()
