"""A list as a file: sent piece by piece, a few at a time, and nobody keeps it whole."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any

from psycopg import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.parts import Parts, apart
from domain.errors import BusyError, Lack

CSV = "text/csv; charset=utf-8"
Pieces = Callable[[Connection[Any]], Iterator[bytes]]


async def csv_answer(parts: Parts, name: str, pieces_of: Pieces) -> StreamingResponse:
    """A CSV file of this name, as below."""
    return await file_answer(parts, f"{name}.csv", CSV, pieces_of)


async def file_answer(
    parts: Parts, name: str, media_type: str, pieces_of: Pieces
) -> StreamingResponse:
    """The pieces as an answer, once there is a first one; few can ask at a time."""
    if parts.exports.locked():
        raise BusyError(Lack("", "others fetch files now: ask again in a minute"))

    def pieces() -> Generator[bytes, None, None]:
        with parts.reads.connection() as conn:
            yield from pieces_of(conn)

    await parts.exports.acquire()
    made = pieces()
    try:
        first = await apart(next, made, b"")
    except BaseException:
        parts.exports.release()
        raise
    return _File((name, media_type), made, first, parts.exports)


class _File(StreamingResponse):
    """A file under way. However it ends, its connection is given back."""

    def __init__(
        self,
        named: tuple[str, str],
        made: Generator[bytes, None, None],
        first: bytes,
        taken: asyncio.Semaphore,
    ) -> None:
        name, media_type = named
        heads = {"Content-Disposition": f'attachment; filename="{name}"'}
        super().__init__(self._pieces(first), 200, heads, media_type)
        self._made = made
        self._taken = taken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or as much of it as is wanted."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._made.close()
            self._taken.release()

    async def _pieces(self, piece: bytes) -> AsyncIterator[bytes]:
        while piece:
            yield piece
            piece = await run_in_threadpool(next, self._made, b"")
