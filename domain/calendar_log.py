"""The ledger's word on a calendar: years as they are published, and the plant's own days.

Its zone, weekend, office hours and the years known so far come with the program.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import Field, ValidationError

from domain.calendar import DAYS_OFF_MAX, Calendar, Override, Year
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Decision, Event, Stream, Value, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line

OURS = UUID("0c6f5a5e-6b0a-4f0e-9a55-7d2b1f0c9e31")  # names every such stream; for ever


def stream_of(calendar_id: str) -> UUID:
    """The stream of a calendar, by its id."""
    return uuid5(OURS, calendar_id)


class DaysOff(Value):
    """Days off in a row, and what they are called."""

    first: date
    last: date
    zh: Line
    en: Line


Off = Annotated[tuple[DaysOff, ...], Field(max_length=DAYS_OFF_MAX)]
Worked = Annotated[tuple[date, ...], Field(max_length=DAYS_OFF_MAX)]


@dataclass(kw_only=True)
class CalendarLog(Stream):
    """What was published of one calendar."""

    calendar: str
    years: dict[int, Year] = field(default_factory=dict)
    overrides: dict[date, Override] = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)  # all of it, for those who read

    def keep(self, event: Event) -> None:
        """Remember it."""
        self.log.append(event)

    def over(self, shipped: Calendar) -> Calendar:
        """The calendar that came with the program, with all of this over it."""
        made = shipped
        for year in self.years.values():
            made = made.published(year)
        for own in self.overrides.values():
            made = made.overridden(own)
        return made


# --- What can have happened. -----------------------------------------------------------


class _OfCalendar(Decision):
    calendar: str

    def begin(self) -> CalendarLog:
        """The record that begins here."""
        return CalendarLog(calendar=self.calendar)


class YearPublished(_OfCalendar):
    """The holidays of a year, and the weekend days that are worked."""

    TOPIC = "calendar.year_published"

    year: int
    edition: int
    off: Off
    worked: Worked = ()
    source: str | None = None  # the notice it follows

    def notice(self) -> Year:
        """The year as calendars hold it; refused where it cannot be one."""
        return Year.model_validate(
            {
                "year": self.year,
                "version": self.edition,
                "holidays": tuple(
                    {"from": o.first, "to": o.last, "name": {"zh": o.zh, "en": o.en}}
                    for o in self.off
                ),
                "workdays": self.worked,
            }
        )

    def apply(self, log: CalendarLog) -> None:
        """It replaces what was known of that year."""
        log.years[self.year] = self.notice()


class OverrideSet(_OfCalendar):
    """The plant's own word about one day: it works, or it does not."""

    TOPIC = "calendar.override_set"

    day: date
    working: bool
    reason: Line

    def apply(self, log: CalendarLog) -> None:
        """It beats every notice."""
        log.overrides[self.day] = Override(
            day=self.day, working=self.working, reason=self.reason
        )


# --- What may happen. ------------------------------------------------------------------


def begun(calendar_id: str) -> CalendarLog:
    """The record of a calendar about which nothing was published yet."""
    return CalendarLog(id=stream_of(calendar_id), calendar=calendar_id)


def publish_year(
    log: CalendarLog,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    known: Calendar,
    year: int,
    edition: int,
    off: Off,
    worked: Worked = (),
    source: Line | None = None,
) -> None:
    """Publish a year. The same once more changes nothing; another needs a new edition."""
    said = YearPublished(
        who=who,
        decided_at=at,
        saw=log.version,
        calendar=log.calendar,
        year=year,
        edition=edition,
        off=off,
        worked=worked,
        source=source,
    )
    notice = _checked(said)
    before = {one.year: one for one in log.over(known).years}.get(year)
    if notice == before:
        return
    if before is not None and edition <= before.version:
        raise NotAllowedError(Lack("edition", f"it is {before.version} already: raise it"))
    log.record(said)


def set_override(
    log: CalendarLog,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    day: date,
    working: bool,
    reason: Line,
) -> None:
    """Say whether the plant works on a day. The same again changes nothing."""
    before = log.overrides.get(day)
    if before and (before.working, before.reason) == (working, reason):
        return
    log.record(
        OverrideSet(
            who=who,
            decided_at=at,
            saw=log.version,
            calendar=log.calendar,
            day=day,
            working=working,
            reason=reason,
        )
    )


def _checked(said: YearPublished) -> Year:
    try:
        return said.notice()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]["msg"]
        raise InvalidError(Lack("off", wrong.removeprefix("Value error, "))) from error


class YearNotice(Value):
    """The days of a year, as its notice sets them."""

    year: Annotated[int, Field(ge=1970, le=2200)]
    edition: Annotated[int, Field(ge=1)] = 1
    off: Off
    worked: Worked = ()
    source: Line | None = None


class Notice(YearNotice):
    """A file that publishes a year of one calendar."""

    calendar: Code

    @classmethod
    def read(cls, data: object) -> Self:
        """The notice that plain data says; refused with what is wrong."""
        try:
            return cls.model_validate(data, strict=False)
        except ValidationError as error:
            lacks = (
                Lack(".".join(map(str, one["loc"])), one["msg"])
                for one in error.errors(include_input=False, include_url=False)
            )
            raise InvalidError(*lacks) from error
