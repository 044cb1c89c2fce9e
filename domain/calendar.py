"""Which days a plant works, and at which hours: what every working-day limit counts on.

A year nobody has published yet is judged by its weekends only, and a reading that rests on
it says so. A plant's own word beats a make-up workday, that beats a holiday, and that beats
the weekend.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from domain.rulebooks.strict import Named, Shape, Words
from domain.times import Zone

ONE_DAY = timedelta(days=1)
MIDNIGHT = datetime.min.time()
LAST_SECOND = datetime.max.time().replace(microsecond=0)
MINUTES_A_DAY = 24 * 60
DAYS_OFF_MAX = 366

Weekday = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
Kind = Literal["workday", "weekend", "holiday", "makeup", "override"]
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))")


def _hours(text: str) -> str:
    match = _HOURS.fullmatch(text)
    if match is None or text[:5] >= text[6:]:
        raise ValueError('office hours look like "08:00-12:00", from earlier to later')
    return text


Hours = Annotated[str, AfterValidator(_hours)]


@dataclass(frozen=True, slots=True)
class Day:
    """One day as the calendar sees it, and why."""

    day: date
    kind: Kind
    working: bool
    name: Words | None = None  # of the holiday
    reason: str | None = None  # of the plant's own word
    published: bool = True  # False: by weekend only, the year is not known yet


class Holiday(Shape):
    """Days off in a row."""

    from_: date = Field(alias="from")
    to: date
    name: Words

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if not 0 <= (self.to - self.from_).days < DAYS_OFF_MAX:
            raise ValueError("`to` is the last day off: not before `from`, within a year")
        return self

    def days(self) -> list[date]:
        """Each of them."""
        return [self.from_ + ONE_DAY * n for n in range((self.to - self.from_).days + 1)]


class Year(Shape):
    """One version of one year's notice."""

    year: int = Field(ge=1970, le=2200)
    version: int = Field(ge=1)
    holidays: tuple[Holiday, ...]
    workdays: tuple[date, ...] = ()  # weekend days that are worked

    @model_validator(mode="after")
    def _its_own_days_once(self) -> Self:
        days = [day for holiday in self.holidays for day in holiday.days()]
        days += self.workdays
        if strange := [day for day in days if day.year != self.year]:
            raise ValueError(f"{strange[0]} is no day of {self.year}")
        if len(set(days)) < len(days):
            twice = next(day for day in days if days.count(day) > 1)
            raise ValueError(f"{twice} is named twice")
        return self


class Override(Shape):
    """A plant's own word about one day."""

    day: date
    working: bool
    reason: Named


class Calendar(Shape):
    """Zone, weekend, office hours, the years published so far, and the plant's own days."""

    schema_: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")
    title: Words
    zone: Zone
    weekend: tuple[Weekday, ...] = Field(max_length=6)  # somebody works some day
    office_hours: tuple[Hours, ...] = Field(min_length=1, max_length=8)
    overrides: tuple[Override, ...] = ()
    years: tuple[Year, ...]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for one, other in pairwise(self.office_hours):
            if other[:5] < one[6:]:
                raise ValueError(f"office hours {one} and {other} overlap")
        years = [year.year for year in self.years]
        if years != sorted(set(years)):
            raise ValueError("years stand in order, each once")
        days = [override.day for override in self.overrides]
        if len(set(days)) < len(days):
            raise ValueError("a day has one override")
        return self

    # --- Days. ---------------------------------------------------------------------------

    def look(self, day: date) -> Day:
        """What kind of day it is here."""
        known = self._known.get(day)
        if known is None:
            free = WEEKDAYS[day.weekday()] in self.weekend
            kind: Kind = "weekend" if free else "workday"
            known = Day(day, kind, not free, published=day.year in self.versions)
            self._known[day] = known
        return known

    @cached_property
    def versions(self) -> Mapping[int, int]:
        """Year → its version, for the years that are published."""
        return {year.year: year.version for year in self.years}

    @cached_property
    def _known(self) -> dict[date, Day]:
        days: dict[date, Day] = {}
        for year in self.years:
            for holiday in year.holidays:
                for day in holiday.days():
                    days[day] = Day(day, "holiday", working=False, name=holiday.name)
            for day in year.workdays:
                days[day] = Day(day, "makeup", working=True)
        for own in self.overrides:
            days[own.day] = Day(own.day, "override", own.working, reason=own.reason)
        return days

    def published(self, year: Year) -> Self:
        """The same calendar with a year added, or replaced by a newer version."""
        rest = tuple(known for known in self.years if known.year != year.year)
        years = sorted((*rest, year), key=lambda known: known.year)
        return self._changed(years=tuple(years))

    def overridden(self, override: Override) -> Self:
        """The same calendar with the plant's word about one day."""
        rest = tuple(own for own in self.overrides if own.day != override.day)
        return self._changed(overrides=(*rest, override))

    def moved_to(self, zone: str) -> Self:
        """The same calendar where the days begin at another zone's midnight."""
        return self._changed(zone=zone)

    def _changed(self, **parts: object) -> Self:
        fields = type(self).model_fields
        kept = {field.alias or name: getattr(self, name) for name, field in fields.items()}
        return type(self).model_validate(kept | parts)

    # --- Instants. -----------------------------------------------------------------------

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def shown(self, moment: datetime) -> datetime:
        """The same instant in this zone, with a plain offset: later sums cannot err."""
        assert moment.tzinfo is not None, "an instant has a zone"
        local = moment.astimezone(UTC).astimezone(self._zone)
        offset = local.utcoffset()
        assert offset is not None
        return local.replace(tzinfo=timezone(offset), fold=0)

    def day_of(self, moment: datetime) -> date:
        """The day it is here at this instant."""
        return self.shown(moment).date()

    def begin_of(self, day: date) -> datetime:
        """Midnight, when this day begins here."""
        return self.shown(datetime.combine(day, MIDNIGHT, self._zone))

    def end_of(self, day: date) -> datetime:
        """The last second of this day here."""
        last = datetime.combine(day, LAST_SECOND, self._zone)
        return self.shown(last.replace(fold=1))

    def hours_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The office hours of a working day, from and to; the end is not worked."""
        return [(self._at(day, begin), self._at(day, end)) for begin, end in self._minutes]

    @cached_property
    def _minutes(self) -> tuple[tuple[int, int], ...]:
        return tuple(
            (int(h[:2]) * 60 + int(h[3:5]), int(h[6:8]) * 60 + int(h[9:]))
            for h in self.office_hours
        )

    def _at(self, day: date, minutes: int) -> datetime:
        if minutes == MINUTES_A_DAY:
            return self.begin_of(day + ONE_DAY)
        clock = MIDNIGHT.replace(hour=minutes // 60, minute=minutes % 60)
        return self.shown(datetime.combine(day, clock, self._zone))


def read(data: Mapping[str, Any]) -> Calendar:
    """Make a calendar of plain data."""
    return Calendar.model_validate(data, strict=False)
