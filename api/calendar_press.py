"""Publishing days: a year as its notice says it, or the plant's own word about one day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from api.press import Saying
from domain import calendar_log
from domain.calendar import Calendar
from domain.calendar_log import CalendarLog, Notice
from domain.entry import Receipt
from domain.event import Value
from domain.ledger import Ledger, Request, aside
from domain.rulebooks.rulebook import Rules
from domain.words import Line

Says = Callable[..., None]


class OwnDay(Value):
    """The plant's own word about one day: it works, or it does not."""

    day: date
    working: bool
    reason: Line


@dataclass(frozen=True, slots=True)
class CalendarPress:
    """Says what happened to one calendar of this ledger."""

    ledger: Ledger
    calendar: str

    def year(self, notice: Notice) -> Says:
        """What publishes a year."""
        said: dict[str, Any] = dict(notice)
        del said["calendar"]
        known = self.ledger.calendars.shipped(self.calendar)
        return partial(calendar_log.publish_year, known=known, **said)

    def own_day(self, own: OwnDay) -> Says:
        """What sets an override."""
        return partial(calendar_log.set_override, **dict(own))

    async def say(self, says: Says, saying: Saying) -> Receipt | None:
        """Put it on record; nothing where it came with the program just so."""
        stream = calendar_log.stream_of(self.calendar)

        def decide(log: CalendarLog, rules: Rules) -> None:
            says(log, rules, who=saying.who, at=saying.at)

        if await aside(self.ledger.found, stream) is not None:
            asked = Request(saying.message, stream, saying.expected, decide)
            receipt = await self.ledger.take(asked)
        else:
            log = calendar_log.begun(self.calendar)
            decide(log, self.ledger.rulebooks.of(log))
            if not log.news:
                return None
            receipt = await self.ledger.begin(saying.message, log)
        self.ledger.calendars.again()
        return receipt

    async def tried(self, says: Says, saying: Saying) -> Calendar:
        """The calendar as it would be; refused as the ledger would refuse it."""
        found = await aside(self.ledger.found, calendar_log.stream_of(self.calendar))
        log = found if isinstance(found, CalendarLog) else None
        log = log or calendar_log.begun(self.calendar)
        says(log, self.ledger.rulebooks.of(log), who=saying.who, at=saying.at)
        return log.over(self.ledger.calendars.shipped(self.calendar))
