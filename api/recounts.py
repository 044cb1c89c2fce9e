"""Recounting after a publication: deadlines move in the background, and a page looks on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consumers.recounting import clocked, recount
from domain.ledger import Ledger
from infra.logs import log
from infra.postgres.pool import Pool

WAIT_S = 2.0  # a small store is done by then; of a large one a page says how far it is


@dataclass(slots=True)
class Recounting:
    """One calendar, all complaints with a clock."""

    calendar: str
    total: int
    done: int = 0
    moved: int = 0  # complaints with a deadline that is due otherwise now
    state: str = "running"  # running, finished, failed


@dataclass(slots=True)
class Recounts:
    """What is under way, or was last. It belongs to its process; begun again it goes on."""

    last: dict[str, Recounting] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def begin(
        self, ledger: Ledger, reads: Pool, calendar: str, *, at: datetime
    ) -> Recounting:
        """Begin, and wait a moment; one that is under way already is looked at instead."""
        known = self.last.get(calendar)
        if known is not None and known.state == "running":
            return known
        streams = await asyncio.to_thread(_clocked, reads)
        made = self.last[calendar] = Recounting(calendar, len(streams))
        task = asyncio.create_task(_work(made, ledger, streams, at))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait([task], timeout=WAIT_S)
        return made


def _clocked(reads: Pool) -> list[UUID]:
    with reads.connection() as conn:
        return clocked(conn)


async def _work(
    made: Recounting, ledger: Ledger, streams: Sequence[UUID], at: datetime
) -> None:
    def told(done: int) -> None:
        made.done += done

    try:
        made.moved = await recount(ledger, streams, made.calendar, at=at, told=told)
        made.state = "finished"
    except Exception as error:  # noqa: BLE001  # whoever looks at it is told
        made.state = "failed"
        log.error("recounting_failed", source=made.calendar, exc_info=error)
