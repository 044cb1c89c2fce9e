"""The calendars a ledger counts on, each at the version its own stream has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from domain.calendar import Calendar


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


class Calendars:
    """Every calendar, as published last."""

    def __init__(self, calendars: Iterable[Published]) -> None:
        self._by_id = {published.id: published for published in calendars}

    def __getitem__(self, calendar_id: str) -> Published:
        return self._by_id[calendar_id]
