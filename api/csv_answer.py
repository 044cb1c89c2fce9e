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

Pieces = Callable[[Connection[Any]], Iterator[bytes]]


async def csv_answer(parts: Parts, name: str, pieces_of: Pieces) -> StreamingResponse:
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
    return _File(name, made, first, parts.exports)


class _File(StreamingResponse):
    """A file under way. However it ends, its connection is given back."""

    def __init__(
        self,
        name: str,
        made: Generator[bytes, None, None],
        first: bytes,
        taken: asyncio.Semaphore,
    ) -> None:
        named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        super().__init__(self._pieces(first), 200, named, "text/csv; charset=utf-8")
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
