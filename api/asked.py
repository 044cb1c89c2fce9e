"""What a request that changes something says of itself: its key, its version, its body."""

import hashlib
import json
import re
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.parts import Parts
from domain.entry import Message, Receipt
from domain.errors import InvalidError, Lack, RefusedError, VersionNeededError
from domain.json_text import validated

KEY = re.compile(r"[\x21-\x7e]{1,200}")
ETAG = re.compile(r'"([1-9][0-9]{0,8})"')
SOURCE = "api"

M = TypeVar("M", bound=BaseModel)


async def body_of(request: Request, parts: Parts, shape: type[M]) -> tuple[bytes, M]:
    """The body as it came, and as what it has to be. We parse it, not the framework."""
    raw = await request.body()
    return raw, validated(shape, raw, bytes_max=parts.limits.body_bytes)


def message_of(request: Request, parts: Parts, raw: bytes) -> Message:
    """The request's own name, so that sending it again is answered and not done again."""
    headers = request.headers
    key = headers.get("idempotency-key")
    if key is not None and not KEY.fullmatch(key):
        raise InvalidError(
            Lack("Idempotency-Key", "send 1 to 200 visible ASCII characters")
        )
    said = [request.method, request.scope["path"], headers.get("if-match", "")]
    digest = hashlib.sha256("\n".join([*said, ""]).encode() + raw).digest()
    return Message(f"http:{parts.operator.id}", key or str(uuid4()), digest)


def version_of(request: Request, *, needed: bool) -> int | None:
    """The version the sender saw. A decision needs one; a fact may name one."""
    said = request.headers.get("if-match")
    if said is None and not needed:
        return None
    if said is None or said == "*":
        raise VersionNeededError(
            Lack("If-Match", 'send the ETag you saw, as in If-Match: "7"')
        )
    found = ETAG.fullmatch(said.removeprefix("W/"))
    if found is None:
        raise InvalidError(Lack("If-Match", 'send one ETag, as in If-Match: "7"'))
    return int(found[1])


@contextmanager
def counted(parts: Parts, deed: str) -> Iterator[None]:
    """Count how a command was answered."""
    try:
        yield
    except RefusedError as refused:
        parts.metrics.commands.labels(deed, refused.code()).inc()
        raise
    parts.metrics.commands.labels(deed, "recorded").inc()


async def timed(parts: Parts, told: Awaitable[Receipt]) -> Receipt:
    """Time how long the store took to answer."""
    with parts.metrics.append_seconds.time():
        return await told


def told(
    receipt: Receipt, parts: Parts, name: dict[str, str], *, status: int, location: str
) -> Response:
    """Where it stands now. The version is the ETag of the next decision."""
    said = {
        **name,
        "version": receipt.version,
        "position": receipt.position,
        "recorded_at": receipt.recorded_at.astimezone(ZoneInfo(parts.zone)).isoformat(),
    }
    headers = {"ETag": f'"{receipt.version}"', "Location": location}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers, "application/json")
