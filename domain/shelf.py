"""Streams kept loaded. Who takes one has it alone; back comes what the store holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from domain.event import Stream

STREAMS_MAX = 5_000
TURNS = 1_024


class Shelf:
    """One for each process, on its event loop. A copy may be old; the append finds out."""

    def __init__(self, size: int = STREAMS_MAX) -> None:
        self._size = size
        self._kept: dict[UUID, Stream] = {}
        self._turns = [asyncio.Lock() for _ in range(TURNS)]

    @asynccontextmanager
    async def turn(self, *stream_ids: UUID) -> AsyncIterator[None]:
        """One at a time decides about a stream; the others of this process wait."""
        async with AsyncExitStack() as held:
            for nth in sorted({stream_id.int % TURNS for stream_id in stream_ids}):
                await held.enter_async_context(self._turns[nth])
            yield

    def take(self, stream_id: UUID) -> Stream | None:
        """The kept copy, if there is one; it is no longer here."""
        return self._kept.pop(stream_id, None)

    def put(self, stream: Stream) -> None:
        """Only as it stands in the store, and inside its turn."""
        assert not stream.news, "what is not recorded is not kept"
        self._kept[stream.id] = stream
        if len(self._kept) > self._size:
            del self._kept[next(iter(self._kept))]  # the one put back longest ago
