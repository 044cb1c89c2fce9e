"""Moments as people type them: a date, a time, and the zone of the place they speak of."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

_TYPED = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and whether only its day was said."""

    at: datetime
    day_only: bool


def moment(text: str, zone: str) -> Moment | None:
    """What was typed, if it is a moment; without an offset it is the zone's time."""
    found = _TYPED.fullmatch(plain(text))
    if found is None:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        at = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=ZoneInfo(zone),
        )
        if offset:
            at = datetime.fromisoformat(f"{at.replace(tzinfo=None)}{offset}")
    except ValueError:
        return None
    return Moment(at, day_only=hour is None)


def day(text: str) -> date | None:
    """A date as it was typed."""
    found = moment(text, "UTC")
    return found.at.date() if found and found.day_only else None


def plain(text: str) -> str:
    """Without full-width forms and outer spaces, as digits come from a Chinese keyboard."""
    return unicodedata.normalize("NFKC", text).strip()
