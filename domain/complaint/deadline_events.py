"""What the ledger itself records of time: a deadline set, moved or stopped, with its sum.

Each stands in the same append as the fact that starts, moves or stops it. Whether it was
kept is read off these: the stop against the due instant. That one passed unmet is recorded
besides, once its time is over, since people are called because of it.
"""

from dataclasses import replace

from domain.clock_arithmetic import DayLooked, Step
from domain.clock_explanation import Adjustment, LimitUsed
from domain.complaint.state import Complaint
from domain.deadline import Deadline, State
from domain.event import Consequence, Value
from domain.times import Instant


class CalendarPinned(Value):
    """The calendar it was counted on: its version, and those of the years looked at."""

    id: str
    version: int  # of the calendar's own stream; 0 as it came with the program
    zone: str
    years: dict[int, int]  # year → version of its notice


class Arithmetic(Value):
    """How the due instant came about, line by line."""

    limit: LimitUsed | None
    steps: tuple[Step, ...]
    days: tuple[DayLooked, ...]
    left_out: int = 0  # days in the middle of a very long sum
    adjustments: tuple[Adjustment, ...]
    provisional_years: tuple[int, ...]
    conditional_on: tuple[str, ...]  # facts nobody had stated


class DeadlineSet(Consequence):
    """A clock of the regulation began to run."""

    TOPIC = "complaint.deadline_set"

    clock: str
    cycle: int
    state: State
    fact: int  # the version of the event that starts it
    holder: str | None = None
    starts_at: Instant
    due_at: Instant | None = None
    provisional: bool
    rulebook: str
    calendar: CalendarPinned
    arithmetic: Arithmetic

    def apply(self, complaint: Complaint) -> None:
        """It is owed from now on."""
        complaint.deadlines[self.clock, self.cycle] = self.deadline()

    def deadline(self) -> Deadline:
        """How it stands with this."""
        return Deadline(
            clock=self.clock,
            cycle=self.cycle,
            state=self.state,
            fact=self.fact,
            holder=self.holder,
            starts_at=self.starts_at,
            due_at=self.due_at,
            provisional=self.provisional,
            clause=self.clause,
            calendar=self.calendar.version,
            told=self.originator_version,
        )


class DeadlineMoved(Consequence):
    """Its due instant became another one, or what it rests on did."""

    TOPIC = "complaint.deadline_moved"

    clock: str
    cycle: int
    state: State
    old: Instant | None = None
    new: Instant | None = None
    reason: str  # graded, paused, corrected …: the event that moved it, or `calendar`
    by: int | None = None  # the version of that event
    fact: int
    holder: str | None = None
    starts_at: Instant
    provisional: bool
    calendar: CalendarPinned
    arithmetic: Arithmetic | None = None  # none once it no longer applies

    def apply(self, complaint: Complaint) -> None:
        """It is owed by another instant, stands still, or is owed no more."""
        known = complaint.deadlines.get((self.clock, self.cycle))
        if known is None:
            return  # a replay of a part: it had not begun by then
        complaint.deadlines[known.key] = replace(
            known,
            state=self.state,
            fact=self.fact,
            holder=self.holder,
            starts_at=self.starts_at,
            due_at=self.new,
            provisional=self.provisional,
            calendar=self.calendar.version,
            told=self.originator_version if self.arithmetic else known.told,
        )


class DeadlineStopped(Consequence):
    """What it waited for happened, or a turn passed without it.

    Neither a fact nor `missed`: what had stopped it was put right, and it runs again.
    """

    TOPIC = "complaint.deadline_stopped"

    clock: str
    cycle: int
    fact: int | None = None  # the version of the event that stops it
    stopped_at: Instant | None = None
    missed: bool = False

    def apply(self, complaint: Complaint) -> None:
        """It waits no longer."""
        known = complaint.deadlines.get((self.clock, self.cycle))
        if known is not None:
            complaint.deadlines[known.key] = replace(
                known,
                stopped_by=self.fact,
                stopped_at=self.stopped_at,
                missed=self.missed,
            )


class DeadlineLapsed(Consequence):
    """Its due instant passed, and what it waited for had not happened.

    Follows at the first second after it. Figures never read this: it calls people.
    """

    TOPIC = "complaint.deadline_lapsed"

    clock: str
    cycle: int
    due_at: Instant
    told: int  # the version of the event that tells how this instant was counted

    def apply(self, complaint: Complaint) -> None:
        """It is known to have passed."""
        known = complaint.deadlines.get((self.clock, self.cycle))
        if known is not None:
            complaint.deadlines[known.key] = replace(
                known, lapsed_due=self.due_at, lapse=self.originator_version
            )


class LapseWithdrawn(Consequence):
    """It had been met in time after all, or is due at another instant: no lapse counts."""

    TOPIC = "complaint.lapse_withdrawn"

    clock: str
    cycle: int
    due_at: Instant  # the one that seemed to have passed unmet
    lapse: int  # the version of the event that said so
    reason: str  # replied, corrected, graded …: the event that shows it, or `calendar`
    by: int | None = None  # the version of that event

    def apply(self, complaint: Complaint) -> None:
        """As if it had never been said; it may be said of another instant."""
        known = complaint.deadlines.get((self.clock, self.cycle))
        if known is not None:
            complaint.deadlines[known.key] = replace(known, lapsed_due=None, lapse=None)
