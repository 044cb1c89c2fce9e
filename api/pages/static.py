"""Static: the style sheet and the script, under an address that changes when they do."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from api.problems import DoorError

FOLDER = Path(__file__).parent.parent / "static"
MEDIA = {
    "ledger.css": "text/css; charset=utf-8",
    "ledger.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@cache
def content(name: str) -> bytes:
    """A file, read once."""
    return (FOLDER / name).read_bytes()


@cache
def address(name: str) -> str:
    """Where a page finds a file, so that no browser keeps an old one."""
    return f"/static/{name}?v={hashlib.sha256(content(name)).hexdigest()[:12]}"


@router.get("/static/{name}")
async def file(name: str) -> Response:
    """One of the files there are."""
    if name not in MEDIA:
        raise DoorError("not-found")
    headers = {"Cache-Control": FOR_EVER}
    return Response(content(name), media_type=MEDIA[name], headers=headers)
