"""Operating: what an operator does to a read model, and the ledger's note that they did."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from consumers import noting
from consumers.faults import BusyError
from consumers.ownership import open_session
from consumers.rebuild import NothingKeptError, RebuildFailedError, rebuild, roll_back
from consumers.unparking import Tried, unpark
from domain import errors
from domain.auditing import STREAM as EXPORTS
from domain.auditing import AuditExports, note_export
from domain.errors import Lack
from domain.event import Who
from domain.ledger import Ledger, aside
from domain.operation import Act, Operations, rewind, stream_of
from infra import wall_clock
from projections import PROJECTIONS, generations
from projections.generations import SwapBlockedError
from projections.parked import PARKED_MAX

Told = Callable[[int, int], None]


@contextmanager
def _in_words() -> Iterator[None]:
    """What stands in the way is a refusal, as people read it."""
    try:
        yield
    except (BusyError, SwapBlockedError) as error:
        raise errors.BusyError(
            Lack("", "somebody is at these tables: try again")
        ) from error
    except NothingKeptError as error:
        fix = "no earlier tables of this program are kept: rebuild it"
        raise errors.InvalidError(Lack("projection", fix)) from error
    except RebuildFailedError as error:
        fix = f"the other tables are not better, so those stay: {error}"
        raise errors.InvalidError(Lack("projection", fix)) from error


@dataclass(frozen=True, slots=True)
class Operating:
    """What is done is done first, and then noted as done, with who did it."""

    ledger: Ledger
    dsn: str  # the owner's
    zone: str
    parked_max: int = PARKED_MAX
    clock: Callable[[], datetime] = wall_clock.now

    async def rebuild(
        self, who: Who, name: str, progress: Told = lambda _position, _head: None
    ) -> int:
        """Make the tables anew from the store; the number of the new generation."""
        make = partial(rebuild, dsn=self.dsn, parked_max=self.parked_max)
        with _in_words():
            made = await aside(make, name, progress=progress)
        await self.note(who, name, "rebuilt")
        return made

    async def roll_back(self, who: Who, name: str) -> int:
        """Show the tables that were read before again, brought up to date."""
        with _in_words():
            made = await aside(roll_back, name, dsn=self.dsn, parked_max=self.parked_max)
        await self.note(who, name, "rolled_back")
        return made

    async def unpark(self, who: Who, stream_id: UUID | None = None) -> Sequence[Tried]:
        """Try again what read models could not follow: all of it, or one stream alone."""
        tried = await aside(self._tried, stream_id)
        for one in tried:
            unparked = (one.stream_id, one.from_version, one.goes_on)
            await self.note(who, one.projection, "unparked", unparked)
        return tried

    def _tried(self, stream_id: UUID | None) -> list[Tried]:
        limit = self.parked_max
        found = unpark(PROJECTIONS, dsn=self.dsn, stream_id=stream_id, parked_max=limit)
        return list(found)

    async def note(
        self,
        who: Who,
        name: str,
        act: Act,
        unparked: tuple[UUID, int, bool] | None = None,
    ) -> None:
        """Say who did it. Somebody else may note something at the same moment."""
        does = partial(
            rewind,
            who=who,
            at=self._now(),
            projection=name,
            act=act,
            generation=await aside(self._live, name),
            unparked=unparked,
        )
        await noting.note(self.ledger, who, partial(Operations, id=stream_of(name)), does)

    async def note_export(
        self, who: Who, *, complaint_id: UUID, checkpoint: int, recipient: str, reason: str
    ) -> None:
        """Say, before it is given out, that evidence leaves with names in it."""
        does = partial(
            note_export,
            who=who,
            at=self._now(),
            complaint_id=complaint_id,
            checkpoint=checkpoint,
            recipient=recipient,
            reason=reason,
        )
        begun = partial(AuditExports, id=EXPORTS)
        await noting.note(self.ledger, who, begun, does)

    def _now(self) -> datetime:
        return self.clock().astimezone(ZoneInfo(self.zone)).replace(microsecond=0)

    def _live(self, name: str) -> str:
        with open_session(self.dsn, "ledger operating") as conn:
            found = generations.live(conn, name)
        assert found is not None, "it was just made, or filled"
        return found.name
