"""Words to tell the story of a clock with: what happened, and what the clock says of it."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from typing import Any

from domain.calendar import Calendar
from domain.clock_events import Happening
from domain.clock_explanation import Edition, Reading
from domain.clock_reading import read_clock
from domain.rulebooks.clocks import Clock
from domain.rulebooks.predicates import Facts
from tests.domain.calendars import CN, at

BOOK = Edition("S45", 1, "0" * 64)
LONG_AGO = at("2007-01-01 00:00")
_positions = count(1)


def clock(**parts: Any) -> Clock:
    """A clock from `begun` to `done`, with these parts as a file would write them."""
    made = {
        "name": {"zh": "时限", "en": "a limit"},
        "clause": "S45@1#1",
        "start": [{"event": "begun"}],
        "stop": [{"event": "done"}],
    }
    return Clock.model_validate(made | parts, strict=False)


def happened(
    topic: str, when: str | datetime, position: int | None = None, **fields: Any
) -> Happening:
    """An event of a complaint; without a position it is the newest."""
    moment = at(when) if isinstance(when, str) else when
    place = next(_positions) if position is None else position
    return Happening(f"complaint.{topic}", moment, place, fields)


def on_day(topic: str, day: str, **fields: Any) -> Happening:
    """An event of which only the date is known."""
    moment = at(day + " 00:00")
    return Happening(f"complaint.{topic}", moment, next(_positions), fields, whole_day=True)


def graded(code: str, when: str, scheme: str = BOOK.id) -> Happening:
    return happened("graded", when, scheme=scheme, code=code)


def readings(
    made: Clock,
    *events: Happening,
    facts: Facts | None = None,
    calendar: Calendar = CN,
    now: str | datetime = LONG_AGO,
) -> tuple[Reading, ...]:
    moment = at(now) if isinstance(now, str) else now
    return read_clock("CLK-a", made, events, facts or {}, calendar, moment, BOOK)


def reading(made: Clock, *events: Happening, **more: Any) -> Reading:
    """The one reading there is."""
    (only,) = readings(made, *events, **more)
    return only


def due(made: Clock, *events: Happening, **more: Any) -> datetime | None:
    return reading(made, *events, **more).due


def said(found: Iterable[Reading]) -> list[tuple[str | None, str]]:
    """Due instant and state of each, short enough for a table."""
    return [(f"{r.due:%m-%d %H:%M:%S}" if r.due else None, r.state) for r in found]


def days_of(found: Reading) -> list[tuple[date, int | None]]:
    return [(day.day, day.counted) for day in found.days]
