"""What is owed regularly, kept, filled in, numbered and read; and the stages of a row."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.rulebooks.gates import Reference
from domain.rulebooks.strict import Key, Shape, Words

Few = Annotated[tuple[Key, ...], Field(min_length=1)]


class DayOfYear(Shape):
    """A day every year."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]


class Duty(Shape):
    """Something owed apart from any complaint: each period, by a day, after a time."""

    name: Words
    clause: str
    role: str | None = None
    period: Literal["day", "week", "month", "quarter", "year"] | None = None
    due_month_day: DayOfYear | None = None
    months_after_last: Annotated[int, Field(ge=1, le=1_200)] | None = None
    irregular: Literal[True] | None = None  # the source gives no rhythm

    @model_validator(mode="after")
    def _one_rhythm(self) -> Self:
        rhythms = (
            self.period,
            self.due_month_day,
            self.months_after_last,
            self.irregular,
        )
        if sum(rhythm is not None for rhythm in rhythms) != 1:
            raise ValueError(
                "a duty has one of: period, due_month_day, months_after_last, irregular"
            )
        return self

    def due_in(self, year: int) -> date | None:
        """The day of this year it is due, if it is due on a day of the year."""
        on = self.due_month_day
        return date(year, on.month, on.day) if on else None


class Keeping(Shape):
    """Who keeps what, and for how long; null where the source does not say."""

    role: str
    keeps: Few
    clause: str
    retention_years: Annotated[int, Field(ge=1, le=1_000)] | None


class Access(Shape):
    """Who may read."""

    clause: str
    readers: tuple[str, ...] = ()
    readers_of_own_unit: tuple[str, ...] = ()
    sees_contact: tuple[str, ...] = ()


class Form(Shape):
    """A paper form: its fields, and from which event on it has to be filled in."""

    name: Words
    clause: str
    fields: tuple[Key, ...] = ()  # none: the source names the form, not its columns
    required_at: Reference | None = None
    filled_by: tuple[str, ...] = ()


class Series(Shape):
    """One run of numbers."""

    prefix: Annotated[str, Field(pattern=r"^[A-Z]{0,8}$")]
    channels: Few
    width: Annotated[int, Field(ge=1, le=12)] | None = None
    first: Annotated[int, Field(ge=1, le=10**9)] = 1


class Numbering(Shape):
    """How complaints are numbered."""

    clause: str
    by: Literal["channel", "none"]
    series: Annotated[dict[Key, Series], Field(min_length=1)]

    @model_validator(mode="after")
    def _series_do_not_overlap(self) -> Self:
        prefixes = [series.prefix for series in self.series.values()]
        channels = [name for series in self.series.values() for name in series.channels]
        if len(set(prefixes)) < len(prefixes) or len(set(channels)) < len(channels):
            raise ValueError("series overlap: each has its own prefix and channels")
        return self


class Stage(Shape):
    """A stage of a row, and the event that ends it."""

    name: Words
    clause: str
    ends: Annotated[tuple[Reference, ...], Field(min_length=1)]


class HoldPoint(Shape):
    """A point at which work waits until it was looked at and passed."""

    name: Words
    clause: str
    kind: Literal["hold", "witness"] = "hold"  # 停止点, 旁站点
    hours: Annotated[int, Field(ge=1, le=10_000)] | None = None  # the test lasts so long
    after: tuple[Key, ...] = ()  # what has to be passed before it


class Indicator(Shape):
    """A figure the regulation names, and which way is good."""

    name: Words
    clause: str
    direction: Literal["lower", "higher", "neutral"]
    target: Annotated[int, Field(ge=0, le=10**9)] | None = None
    unit: Literal["percent", "count", "points", "time"] | None = None
