"""The calendars a ledger counts on, each at the version its own stream has."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from domain.calendar import Calendar
from domain.calendar_log import stream_of
from domain.entry import Answer


@dataclass(frozen=True)
class Published:
    """A calendar, and the version of its stream; 0 as it came with the program."""

    calendar: Calendar
    version: int = 0
    _in_zones: dict[str, Calendar] = field(default_factory=dict, repr=False)

    @cached_property
    def id(self) -> str:
        """By which regulations name it."""
        return self.calendar.id

    def in_zone(self, zone: str) -> Calendar:
        """The same days in the zone of a site: its days begin at its own midnight."""
        if zone not in self._in_zones:
            same = zone == self.calendar.zone
            self._in_zones[zone] = self.calendar if same else self.calendar.moved_to(zone)
        return self._in_zones[zone]


def as_shipped(published: Published) -> Published:
    """Nothing was published over it."""
    return published


class Calendars:
    """Every calendar, as published last."""

    def __init__(
        self,
        shipped: Iterable[Published],
        find: Callable[[Published], Published] = as_shipped,
    ) -> None:
        """*find* reads what the store has over one that came with the program."""
        self._shipped = {published.id: published for published in shipped}
        self._streams = {stream_of(calendar_id) for calendar_id in self._shipped}
        self._find = find
        self._known: dict[str, Published] = {}

    def __getitem__(self, calendar_id: str) -> Published:
        if calendar_id not in self._known:
            self._known[calendar_id] = self._find(self._shipped[calendar_id])
        return self._known[calendar_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shipped)

    def __contains__(self, calendar_id: str) -> bool:
        return calendar_id in self._shipped

    def shipped(self, calendar_id: str) -> Calendar:
        """The calendar as it came with the program."""
        return self._shipped[calendar_id].calendar

    def moved(self, answer: Answer | Exception) -> None:
        """Read again what an entry rested on, if it is a calendar that moved."""
        if not isinstance(answer, Exception) and answer.stream in self._streams:
            self.again()

    def again(self) -> None:
        """Read all of them again before they are used."""
        self._known.clear()
