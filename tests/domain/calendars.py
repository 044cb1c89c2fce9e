"""The calendars that the tests of clocks count on, and words to write instants with."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain import calendar
from domain.calendar import Calendar, Override
from domain.calendars import Calendars, Published
from infra import yaml_files

FILE = Path(calendar.__file__).parent / "rulebooks" / "calendars" / "cn.yaml"
DATA: dict[str, Any] = yaml_files.read(FILE)
CN = calendar.read(DATA)
CALENDARS = Calendars([Published(CN)])
SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)


def at(text: str) -> datetime:
    """An instant in the plant's zone: "2025-04-30 16:20"."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def with_hours(*hours: str) -> Calendar:
    """The same calendar with other office hours."""
    return calendar.read(DATA | {"office_hours": list(hours)})


def override(day: str, *, working: bool, reason: str = "厂休") -> Override:
    return Override(day=date.fromisoformat(day), working=working, reason=reason)
