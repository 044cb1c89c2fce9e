"""Members: what belongs to one key, as a set: the order of arrival changes nothing."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.clock_arithmetic import add_months
from domain.rulebooks.predicates import Counted, Facts, NotApplicable, Value
from domain.rulebooks.tallies import Tally, Window

Key = tuple[Value, ...]


class Part(NamedTuple):
    """What one complaint adds to a key, since when; an open one adds nobody knows what."""

    at: datetime
    number: str
    amount: int
    is_open: bool = False


class Lacking(NamedTuple):
    """A key that is not whole; without facts, since a part of it has no value here."""

    facts: tuple[str, ...]


def key_of(tally: Tally, view: Facts) -> Key | Lacking:
    """The key of one item, or what is missing of it."""
    parts = [view.get(name) for name in tally.key]
    if any(isinstance(part, NotApplicable) for part in parts):
        return Lacking(())
    if None in parts:
        return Lacking(tuple(name for name in tally.key if name not in view))
    return tuple(part for part in parts if isinstance(part, bool | int | str))


class Place(NamedTuple):
    """Up to an instant, and of equal instants up to a number; without one, all."""

    at: datetime | None = None
    number: str | None = None


@dataclass(slots=True)
class Members:
    """Add all, then ask: they are put into the order of the world at the first question."""

    parts: list[Part] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    _sums: Sequence[int] = ()
    _open: Sequence[int] = ()
    _crossings: dict[int, Sequence[int]] = field(default_factory=dict)

    def add(self, part: Part, missing: tuple[str, ...]) -> None:
        """One more member, or a change of what one adds."""
        self.parts.append(part)
        if missing:
            self.missing = tuple(dict.fromkeys([*self.missing, *missing]))
        self._sums = ()
        self._crossings.clear()

    def counted(self, until: Place, window: Window | None, zone: str) -> Counted:
        """What it came to at that place, within the window back from its newest member."""
        self._settle()
        end = self._index(until)
        begin = 0
        if window is not None and end:
            first = _begin(window, self.parts[end - 1].at, ZoneInfo(zone))
            begin = bisect_left(self.parts, first, key=lambda part: part.at)
        still_open = self._open[end] - self._open[begin]
        return Counted(
            self._sums[end] - self._sums[begin],
            still_open,
            self.missing if still_open else (),
        )

    def reached(
        self,
        threshold: int,
        until: Place = Place(),  # noqa: B008  # frozen: all of them
        since: datetime | None = None,
    ) -> datetime | None:
        """When the sum first came to a threshold, if it was after *since*."""
        crossed = self._crossed(threshold)
        first = 0 if since is None else self._index(Place(since))
        nth = bisect_left(crossed, first)
        if nth == len(crossed) or crossed[nth] >= self._index(until):
            return None
        return self.parts[crossed[nth]].at

    def _crossed(self, threshold: int) -> Sequence[int]:
        """Which members brought the sum to a threshold; asked by each, worked out once."""
        self._settle()
        if threshold not in self._crossings:
            self._crossings[threshold] = [
                nth
                for nth, (before, after) in enumerate(pairwise(self._sums))
                if before < threshold <= after
            ]
        return self._crossings[threshold]

    def upto(self, until: Place) -> Sequence[Part]:
        """The members up to a place."""
        self._settle()
        return self.parts[: self._index(until)]

    def within(self, until: Place, window: Window, zone: str) -> Sequence[Part]:
        """The members up to a place, back to the first instant that the window counts."""
        found = self.upto(until)
        if not found:
            return found
        first = _begin(window, found[-1].at, ZoneInfo(zone))
        return found[bisect_left(found, first, key=lambda part: part.at) :]

    def _index(self, until: Place) -> int:
        if until.at is None:
            return len(self.parts)
        if until.number is None:
            return bisect_right(self.parts, until.at, key=lambda part: part.at)
        return bisect_right(self.parts, until, key=lambda part: Place(part.at, part.number))

    def _settle(self) -> None:
        if self._sums:
            return
        self.parts.sort()
        self._sums = [*accumulate((part.amount for part in self.parts), initial=0)]
        self._open = [*accumulate((int(p.is_open) for p in self.parts), initial=0)]


def _begin(window: Window, newest: datetime, zone: ZoneInfo) -> datetime:
    """The first instant that counts."""
    day = newest.astimezone(zone).date()
    first = date(day.year, 1, 1)
    if window.months is not None:
        first = add_months(day, -window.months) + timedelta(days=1)
    return datetime(first.year, first.month, first.day, tzinfo=zone)
