"""The plant's working hours in the months of the demo: when people do things."""

from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
FIRST_DAY = date(2026, 3, 2)
LAST_DAY = date(2026, 8, 28)
OPENS, SHUTS = time(8, 0), time(17, 30)
OFF = (  # the statutory holidays of these months, and the Saturday worked in exchange
    *(date(2026, 4, day) for day in (4, 5, 6)),
    *(date(2026, 5, day) for day in (1, 2, 3, 4, 5)),
    *(date(2026, 6, day) for day in (19, 20, 21)),
)
MADE_UP = (date(2026, 5, 9),)
SATURDAY = 5


def is_worked(day: date) -> bool:
    """Whether the plant works that day."""
    return day in MADE_UP or (day.weekday() < SATURDAY and day not in OFF)


def at(day: date, minutes: int) -> datetime:
    """A moment of that day, so many minutes after the gate opens."""
    return datetime.combine(day, OPENS, CHINA) + timedelta(minutes=minutes)


def later(moment: datetime, hours: float) -> datetime:
    """The moment after so many working hours, to the minute."""
    left = timedelta(minutes=round(hours * 60))
    while True:
        shuts = datetime.combine(moment.date(), SHUTS, CHINA)
        here = max(moment, datetime.combine(moment.date(), OPENS, CHINA))
        if is_worked(moment.date()) and here + left <= shuts:
            return here + left
        if is_worked(moment.date()) and here < shuts:
            left -= shuts - here
        moment = datetime.combine(moment.date() + timedelta(days=1), OPENS, CHINA)


def worked_days() -> list[date]:
    """Every worked day of the story."""
    days = (LAST_DAY - FIRST_DAY).days + 1
    every = (FIRST_DAY + timedelta(days=n) for n in range(days))
    return [day for day in every if is_worked(day)]


END = datetime.combine(LAST_DAY, SHUTS, CHINA)
