"""A25's month: March 2025 at a plant in Shanghai, forty complaints event by event."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.complaint.action import ActionImplemented, ActionPlanned
from domain.complaint.closure import Closed
from domain.complaint.contact import CalledBack, Contacted
from domain.complaint.deadline_events import (
    CalendarPinned,
    DeadlineSet,
    DeadlineStopped,
)
from domain.complaint.intake import Screened
from domain.complaint.state import Complaint
from domain.event import LEDGER, Event
from domain.kpi import complaint_lines
from domain.kpi.contribution import Contribution
from projections.kpi_kept import NO_SUM
from projections.projection import Recorded
from tests.projections.telling import decision, fact, received, recorded_at
from tests.scenarios.language import at

ZONE = "Asia/Shanghai"
PINNED = CalendarPinned(id="CN", version=0, zone=ZONE, years={})
RECEIVED, NOT_GROUNDED, CLOSED, IN_TIME, REPEATS = 40, 4, 27, 33, 5
REACHED, SATISFIED, MEASURES, IMPLEMENTED = 24, 21, 18, 15
CLOSED_LATE_KNOWN = 27  # closed on the last of March, recorded on the second of April


def deadline(
    clock: str, start: datetime, due: datetime, met_at: datetime | None = None
) -> Iterator[Event]:
    """A clock that was set, and stopped when that is said."""
    words: dict[str, Any] = {"clock": clock, "cycle": 1, "clause": "S1@1#1"}
    words |= {"who": LEDGER, "follows_at": start}
    yield DeadlineSet(
        **words,
        state="running",
        fact=1,
        starts_at=start,
        due_at=due,
        provisional=False,
        rulebook="S1@1",
        calendar=PINNED,
        arithmetic=NO_SUM,
    )
    if met_at is not None:
        yield DeadlineStopped(**words, fact=1, stopped_at=met_at)


def complaint(nth: int) -> list[Event]:
    """All that was said of one of them by the first of April."""
    came = at("2025-03-03 09:00") + timedelta(hours=12 * nth)
    contact = came + timedelta(hours=1 if nth < IN_TIME else 3)
    events: list[Event] = [
        received(
            number=f"C-2025-{nth:06}",
            received_at=came,
            claims_repeat=nth < REPEATS or None,
        ),
        *deadline("CLK-first-contact", came, came + timedelta(hours=2), contact),
        fact(Contacted, contact, channel="phone", outward=True),
    ]
    if nth >= RECEIVED - NOT_GROUNDED:
        said = {"outcome": "not_ours", "counts_in_kpi": False}
        events.append(decision(Screened, contact, **said))
    if nth < MEASURES:
        plan: dict[str, Any] = {"action": "A1", "cycle": 1}
        due = date(2025, 3, 24)
        events.append(
            fact(ActionPlanned, contact, **plan, text="t", kind="corrective", due=due)
        )
        if nth < IMPLEMENTED + 1:
            done = at("2025-03-24 18:00" if nth < IMPLEMENTED else "2025-03-25 08:00")
            events.append(fact(ActionImplemented, done, **plan))
    if nth < CLOSED:
        events.append(decision(Closed, at("2025-03-28 15:00")))
    if nth < REACHED:
        words = {"reached": True, "satisfied": nth < SATISFIED, "round": 1}
        events.append(fact(CalledBack, at("2025-03-30 10:00"), **words))
    return events


LATE_CLOSING = decision(Closed, at("2025-03-31 16:00"))
MARCH: Sequence[list[Event]] = [complaint(nth) for nth in range(RECEIVED)]


def as_recorded() -> list[list[Recorded]]:
    """Each complaint with the places the ledger gave its events, one after the other."""
    line, position = [], 1
    for nth, events in enumerate(MARCH):
        line.append(placed(events, UUID(int=1000 + nth), position))
        position += len(events)
    return line


def placed(
    events: Sequence[Event], stream: UUID, position: int, version: int = 1
) -> list[Recorded]:
    """Events of one stream at their places."""
    return [
        Recorded(
            stream_id=stream,
            version=version + n,
            position=position + n,
            recorded_at=recorded_at(position + n),
            event=event.at(stream, version + n),
        )
        for n, event in enumerate(events)
    ]


def lines_of(*complaints: Sequence[Event]) -> Iterator[Contribution]:
    """What some complaints add to the figures."""
    for nth, events in enumerate(complaints):
        stands: Complaint | None = None
        for version, event in enumerate(events, start=1):
            stands = event.at(UUID(int=1000 + nth), version).mutate(stands)
        assert stands is not None
        first = events[0]
        yield from complaint_lines.of_complaint(stands, first.received_at)  # type: ignore[attr-defined]  # it begins
