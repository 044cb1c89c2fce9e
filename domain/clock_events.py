"""What a clock reads of a history: what happened, when, where it stands, and its fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from domain.calendar import Calendar
from domain.clock_arithmetic import utc
from domain.complaint.intake import Received
from domain.event import Decision, Event, Fact
from domain.rulebooks.clocks import Clock
from domain.rulebooks.gates import Reference

CUSTOMER_DEADLINE_SET = "complaint.customer_deadline_set"
GRADED = {"complaint.graded": "code", "complaint.upgraded": "to"}

Key = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, as far as time is concerned.

    `position` orders equal instants: the ledger's position, or the version in one stream.
    `whole_day` is true when only the date is known: the start of the day as a start, its
    end as a stop. What was corrected is left out by who hands these in.
    """

    topic: str  # accepted, or complaint.accepted
    at: datetime
    position: int
    fields: Mapping[str, Any]
    whole_day: bool = False

    @property
    def key(self) -> Key:
        """Its place: by instant, equal ones by position."""
        return utc(self.at), self.position


def happened(event: Fact | Decision, position: int | None = None) -> Happening:
    """A domain event as clocks read it; without a position by its version.

    A complaint counts from when it reached us, whenever its cause occurred.
    """
    if isinstance(event, Decision):
        at, whole_day = event.decided_at, False
    elif isinstance(event, Received):
        at, whole_day = event.received_at, False
    else:
        at, whole_day = event.occurred_at, event.when.precision == "day"
    place = event.originator_version if position is None else position
    return Happening(event.TOPIC, at, place, vars(event), whole_day)


def dated(history: Iterable[Event]) -> list[Happening]:
    """All of a stream that has a business instant."""
    return [happened(event) for event in history if isinstance(event, Fact | Decision)]


def matches(references: Iterable[Reference], happening: Happening) -> bool:
    """Whether it is one of these."""
    topic = _full(happening.topic)
    return any(
        reference.topic == topic and (not reference.where or _fits(reference, happening))
        for reference in references
    )


def _fits(reference: Reference, happening: Happening) -> bool:
    fields = happening.fields
    return all(
        fields.get(name) in (wanted if isinstance(wanted, tuple) else (wanted,))
        for name, wanted in reference.where.items()
    )


def _full(topic: str) -> str:
    return topic if "." in topic else f"complaint.{topic}"


class History:
    """What happened, in the order of the world, for the questions of one clock."""

    def __init__(
        self, events: Iterable[Happening], clock: Clock, calendar: Calendar
    ) -> None:
        self._calendar = calendar
        self._clock = clock
        self._events = list(events)
        self.starts = self._found(clock.start, as_stop=False)
        self.stops = self._found(clock.stop, as_stop=True)
        self.ends = self._found(clock.ends, as_stop=True)

    def _found(self, references: Sequence[Reference], *, as_stop: bool) -> list[Happening]:
        found = [e for e in self._events if matches(references, e)]
        return sorted((self._placed(e, as_stop) for e in found), key=lambda e: e.key)

    def _placed(self, event: Happening, as_stop: bool) -> Happening:
        if not event.whole_day:
            return event
        day = event.at.date()  # as its source wrote it
        edge = self._calendar.end_of(day) if as_stop else self._calendar.begin_of(day)
        return replace(event, at=edge)

    def grades(self, scheme: str) -> list[tuple[Happening, str]]:
        """The grades of one scheme, in order, with what gave them."""
        given = [
            (event, str(event.fields[GRADED[_full(event.topic)]]))
            for event in self._events
            if _full(event.topic) in GRADED and event.fields.get("scheme") == scheme
        ]
        return sorted(given, key=lambda each: each[0].key)

    def customer_deadlines(self, clock: str) -> list[tuple[Happening, datetime]]:
        """What the customer set for this clock, in order."""
        of = [
            event
            for event in self._events
            if _full(event.topic) == CUSTOMER_DEADLINE_SET
            and event.fields.get("clock") == clock
        ]
        untils = [(event, self.until(event, "until")) for event in of]
        return sorted(
            ((event, until) for event, until in untils if until is not None),
            key=lambda each: each[0].key,
        )

    def until(self, event: Happening, field: str) -> datetime | None:
        """The instant a field names; a date means its last second."""
        value = event.fields.get(field)
        if isinstance(value, datetime):
            return self._calendar.shown(value)
        return self._calendar.end_of(value) if isinstance(value, date) else None

    def pauses(self, clock: str) -> Iterator[tuple[Happening, Happening | None]]:
        """What made it stand still, each with what let it go on, if anything has."""
        for pause in self._clock.pauses:
            begins = self._found([pause.from_], as_stop=False)
            ends = self._found([pause.to], as_stop=False)
            for begin in (e for e in begins if _concerns(e, clock)):
                after = (e for e in ends if _concerns(e, clock) and e.key > begin.key)
                yield begin, next(after, None)


def _concerns(event: Happening, clock: str) -> bool:
    clocks = event.fields.get("clocks")
    return clocks is None or clock in clocks
