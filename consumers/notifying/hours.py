"""Hours: when somebody may be told something, by their own calendar."""

from datetime import datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.calendar import Calendar

DAYS_MAX = 60  # the longest holiday, and some
A_DAY = timedelta(days=1)
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Quiet(BaseModel):
    """No word between these two times of the day, nor on days off."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: Clock = Field(alias="from")
    to: Clock
    calendar: str = "cn"
    days_off: bool = True  # quiet on days that nobody works


def may_be_told(now: datetime, quiet: Quiet | None, calendar: Calendar | None) -> datetime:
    """The first instant from now on that is not quiet; now, if it is not."""
    if quiet is None or calendar is None:
        return now
    begins, ends = time.fromisoformat(quiet.from_), time.fromisoformat(quiet.to)
    here = calendar.shown(now)
    for _ in range(2 * DAYS_MAX):
        day, clock = here.date(), here.time()
        if quiet.days_off and not calendar.look(day).working:
            here = calendar.begin_of(day + A_DAY)
            continue
        over_night = begins > ends
        if over_night and clock >= begins:
            here = calendar.begin_of(day + A_DAY)
        elif clock < ends and (over_night or clock >= begins):
            here = calendar.shown(datetime.combine(day, ends, here.tzinfo))
        else:
            break
    return here
