"""The committer: all that waits goes into the ledger in one call, with one fsync."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from infra.postgres.appender import Answer, Entry, UnavailableError

ENTRIES_MAX = 200  # of one call: bounds how long the lock is held
LINE_MAX = 5_000  # of all that wait: beyond it the next one is told to come back
PATIENCE_S = 30.0
PAUSE_S = 0.2

Said = Answer | Exception


class Waiting(NamedTuple):
    """An entry in the line, and where its answer is expected."""

    entry: Entry
    answer: asyncio.Future[Said]
    until: float


class Committer:
    """A task on the event loop, alive while something waits. First come, first served."""

    def __init__(
        self,
        append: Callable[[Sequence[Entry]], Awaitable[Sequence[Answer]]],
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._append = append
        self._patience_s = patience_s
        self._line: list[Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def append(self, entries: Sequence[Entry]) -> list[Said]:
        """Stand in line; come back with an answer, or the error, for each."""
        if len(self._line) + len(entries) > LINE_MAX:
            return [UnavailableError() for _ in entries]
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience_s
        mine = [Waiting(entry, loop.create_future(), until) for entry in entries]
        self._line += mine
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._carry_all())
        return [await waiting.answer for waiting in mine]

    async def _carry_all(self) -> None:
        while self._line:
            batch, self._line = self._line[:ENTRIES_MAX], self._line[ENTRIES_MAX:]
            await self._carry(batch)

    async def _carry(self, batch: Sequence[Waiting]) -> None:
        answers: Sequence[Said]
        try:
            answers = await self._say(batch)
        except UnavailableError as error:
            answers = [error] * len(batch)
        except Exception as error:  # noqa: BLE001  # whatever it is, its sender gets it
            if len(batch) > 1:  # halve until the one to blame is alone
                half = len(batch) // 2
                await self._carry(batch[:half])
                await self._carry(batch[half:])
                return
            answers = [error]
        for waiting, answer in zip(batch, answers, strict=True):
            if not waiting.answer.done():  # its sender may have gone
                waiting.answer.set_result(answer)

    async def _say(self, batch: Sequence[Waiting]) -> Sequence[Answer]:
        """Perhaps it was written, perhaps not: said again, the inbox knows.

        The deadline covers a server that is frozen and not gone: its socket stays open and
        says nothing.
        """
        entries = [waiting.entry for waiting in batch]
        loop = asyncio.get_running_loop()
        while True:
            left = max(batch[0].until - loop.time(), PAUSE_S)
            try:
                async with asyncio.timeout(left):
                    return await self._append(entries)
            except TimeoutError as error:
                raise UnavailableError from error
            except UnavailableError:
                if loop.time() > batch[0].until:
                    raise
            await asyncio.sleep(PAUSE_S)
