"""A calendar tried: which open deadlines it would move, before anybody publishes it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.calendar import Calendar
from domain.calendars import Calendars, Published
from domain.complaint.deadline_events import DeadlineMoved
from domain.complaint.deadlines import recount
from domain.complaint.state import Complaint
from domain.event import Stream
from domain.rulebooks.rulebook import Rulebooks


@dataclass(frozen=True, slots=True)
class Move:
    """One due instant: what it is, and what it would be."""

    number: str
    clause: str  # rulebook@version#clause
    clock: str
    old: datetime | None
    new: datetime | None
    provisional: bool  # also then


@dataclass(frozen=True, slots=True)
class Trial:
    """The calendars as they would be, asked of complaints that nobody changes by it."""

    find: Callable[[UUID], Stream | None]
    rulebooks: Rulebooks
    calendars: Calendars
    at: datetime

    def moves(self, complaints: Iterable[UUID]) -> Iterator[Move]:
        """Each deadline of these that would be due otherwise. It waits for the store."""
        for stream_id in complaints:
            complaint = self.find(stream_id)
            if isinstance(complaint, Complaint):
                rules = self.rulebooks.of(complaint)
                recount(complaint, rules, self.calendars, at=self.at)
                yield from _moved(complaint)


def _moved(complaint: Complaint) -> Iterator[Move]:
    for said in complaint.news:
        if isinstance(said, DeadlineMoved) and said.old != said.new:
            yield Move(
                complaint.number,
                said.clause,
                said.clock,
                said.old,
                said.new,
                said.provisional,
            )


def with_changed(calendars: Calendars, changed: Calendar) -> Calendars:
    """All calendars, one of them as it would be."""
    version = calendars[changed.id].version + 1
    others = [calendars[name] for name in calendars if name != changed.id]
    return Calendars([*others, Published(changed, version)])
