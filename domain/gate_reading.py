"""What keeps a complaint open: each gate as it stands, read off what happened, pure.

Unknown facts keep a gate shut, and let it apply. Events count in the order of the world.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from domain.clock_arithmetic import later
from domain.complaint.chain import Chain, chain
from domain.complaint.course import Course, course_under, moment_of
from domain.complaint.facts import facts_of
from domain.complaint.review import accepted_evidence
from domain.complaint.state import Complaint
from domain.event import Event
from domain.rulebooks.approvals import Approval
from domain.rulebooks.clocks import Clock
from domain.rulebooks.gates import Closure, Gate, Kind, Need, Reference, Wanted, Watch
from domain.rulebooks.predicates import Facts, Predicate
from domain.rulebooks.rulebook import Rulebook

State = Literal["open", "waived", "shut"]
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Found:
    """How far one need has come."""

    kind: Kind
    met: bool
    by: tuple[int, ...] = ()  # versions of the events it rests on
    done: int = 0
    of: int = 0  # nothing to be counted: 0
    wants: tuple[Reference, ...] = ()  # events that would bring it on
    lacking: tuple[str, ...] = ()  # criteria, roles, facts or clocks, by name
    since: date | None = None  # the first day of a watch
    until: date | None = None  # its last day; when it begins, the watch is over
    history: tuple[int, ...] = ()  # of a counter, after each check
    parts: tuple["Found", ...] = ()

    @property
    def percent(self) -> int:
        """How much of it is there, in whole percent."""
        return self.done * PERCENT // self.of if self.of else 0

    def fix(self) -> str:
        """What is missing, for a program and its people."""
        names = ", ".join(self.lacking)
        fixes = {
            "clean_run": f"{self.done} of {self.of} in a row so far",
            "observe": f"watched until {self.until}",
            "evidence": f"{self.done} of {self.of} ({self.percent} %), missing: {names}",
            "signatures": f"{self.done} of {self.of} signed, next: {names}",
            "clock": f"still running or not begun: {names}",
            "facts": f"this has to be so: {names}",
            "any_of": f"one of these: {'; '.join(part.fix() for part in self.parts)}",
        }
        if self.wants:
            return f"record first: {' or '.join(map(_said, self.wants))}"
        return fixes[self.kind]


def _said(wanted: Reference) -> str:
    where = [f"{name} {_value(value)}" for name, value in wanted.where.items()]
    return f"{wanted.event} ({', '.join(where)})" if where else wanted.event


def _value(value: Wanted | tuple[Wanted, ...]) -> str:
    if isinstance(value, tuple):
        return "/".join(map(_value, value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class GateRead:
    """One gate as it stands."""

    name: str
    gate: Gate
    state: State
    found: Found

    @property
    def is_open(self) -> bool:
        """Whether it keeps nothing open."""
        return self.state != "shut"


@dataclass(frozen=True, slots=True)
class Closing:
    """All gates that are asked for, and whether the work may end."""

    gates: tuple[GateRead, ...]
    shut: tuple[GateRead, ...]  # those that keep it open; none when it may be closed


@dataclass(frozen=True, slots=True)
class Case:
    """What gates are read from."""

    course: Course
    facts: Facts
    zone: str
    now: datetime
    approvals: Mapping[str, Approval]
    clocks: Mapping[str, Clock]


def read_gates(complaint: Complaint, book: Rulebook, now: datetime) -> Closing:
    """The gates of a regulation for one complaint, at an instant."""
    assert book.closure is not None
    case = Case(
        course_under(complaint, book.closure),
        facts_of(complaint),
        complaint.zone,
        now,
        book.approvals,
        book.clocks,
    )
    return judged(book.closure, case, complaint.grades.get(book.id))


def judged(closure: Closure, case: Case, grade: str | None) -> Closing:
    """Each gate that is asked for at this grade, and those that keep it open."""
    gates = tuple(read_gate(n, gate, case) for n, gate in closure.asked(grade).items())
    shut = tuple(gate for gate in gates if gate.state == "shut")
    always = any(gate.name in closure.always for gate in shut)
    if closure.mode == "any" and not always and any(g.state == "open" for g in gates):
        shut = ()
    return Closing(gates, shut)


def read_gate(name: str, gate: Gate, case: Case) -> GateRead:
    """One gate. Where it is unknown whether it applies, it does."""
    found = read_need(gate.need, case)
    if gate.applies_when and gate.applies_when.judge(case.facts).truth == "false":
        return GateRead(name, gate, "waived", found)
    return GateRead(name, gate, "open" if found.met else "shut", found)


def read_need(need: Need, case: Case) -> Found:
    """How far a need has come."""
    kind = need.kind
    return _READ[kind](need, getattr(need, kind), case)


def _facts(_need: Need, wanted: Predicate, case: Case) -> Found:
    told = wanted.judge(case.facts)
    return Found("facts", told.truth == "true", lacking=told.missing or told.because)


def _any_of(_need: Need, needs: tuple[Need, ...], case: Case) -> Found:
    parts = tuple(read_need(part, case) for part in needs)
    met = [part for part in parts if part.met]
    return Found("any_of", bool(met), met[0].by if met else (), parts=parts)


def _event(need: Need, wanted: Reference, case: Case) -> Found:
    events = case.course.present if need.since == "cycle" else case.course.events
    if need.after is not None:  # what came before that does not count
        places = [nth for nth, e in enumerate(events, start=1) if need.after.matches(e)]
        if not places:
            return Found("event", met=False, wants=(need.after,))
        events = events[places[-1] :]
    by = tuple(e.originator_version for e in events if wanted.matches(e))
    return Found("event", bool(by), by[-1:], wants=(wanted,))


def _clean_run(need: Need, wanted: int, case: Case) -> Found:
    """How many checks in a row were clean after the latest implementation."""
    assert need.after is not None
    rows = [*_rows(need, case.course.events)]
    present = [*_rows(need, case.course.present)]
    row = present[-1] if present else ()
    begun = any(need.after.matches(event) for event in case.course.present)
    return Found(
        "clean_run",
        len(row) >= wanted,
        row,
        done=len(row),
        of=wanted,
        wants=() if begun else (need.after,),
        history=tuple(len(each) for each in rows),
    )


def _rows(need: Need, events: tuple[Event, ...]) -> Iterator[tuple[int, ...]]:
    """The versions that make up the row, after each check."""
    assert need.after is not None
    assert need.counts is not None
    assert need.breaks is not None
    row: tuple[int, ...] = ()
    begun = False
    for event in events:
        if need.after.matches(event):
            row, begun = (), True
        elif begun and need.breaks.matches(event):
            row = ()
            yield row
        elif begun and need.counts.matches(event):
            row = (*row, event.originator_version)
            yield row


def _observed(need: Need, watch: Watch, case: Case) -> Found:
    """The watch after the latest measures: unbroken, and its last day has begun."""
    assert need.after is not None
    events = case.course.present
    after = [n for n, event in enumerate(events) if need.after.matches(event)]
    broken = [n for n, e in enumerate(events) if any(r.matches(e) for r in need.broken_by)]
    if not after or (broken and broken[-1] > after[-1]):
        return Found("observe", met=False, wants=(need.after,))
    begun = events[after[-1]]
    zone = ZoneInfo(case.zone)
    since = moment_of(begun).astimezone(zone).date()
    until = later(since, watch.amount, watch.unit)
    met = case.now.astimezone(zone).date() >= until
    by = (begun.originator_version,)
    return Found("observe", met, by, since=since, until=until)


def _evidence(_need: Need, criteria: tuple[str, ...], case: Case) -> Found:
    """What was accepted last for each criterion counts, in whatever cycle."""
    accepted = accepted_evidence(case.course.events)
    there = {name: accepted[name] for name in criteria if name in accepted}
    lacking = tuple(name for name in criteria if name not in there)
    by = tuple(there.values())
    done, of = len(there), len(criteria)
    return Found("evidence", not lacking, by, done=done, of=of, lacking=lacking)


def _signed(_need: Need, decision: str, case: Case) -> Found:
    """Signatures of the present cycle: what they were put under has not changed since."""
    found: Chain = chain(
        decision, case.approvals[decision], case.course.present, case.facts
    )
    return Found(
        "signatures",
        found.complete,
        tuple(dict.fromkeys(one.version for one in found.signed)),
        done=0 if found.refused else found.done,
        of=len(found.steps),
        lacking=found.next(),
    )


def _stopped(_need: Need, clock_id: str, case: Case) -> Found:
    """Every run has a stop, in time or late. What runs once has to have run."""
    clock, events = case.clocks[clock_id], case.course.events
    if clock.applies_when and clock.applies_when.judge(case.facts).truth == "false":
        return Found("clock", met=True)
    starts = [n for n, e in enumerate(events) if any(r.matches(e) for r in clock.start)]
    if clock.occurrence != "each":
        starts = starts[:1] if clock.occurrence == "first" else starts[-1:]
    stops = [_stop(clock, events, n) for n in starts]
    met = all(stops) and (bool(starts) or clock.occurrence == "each")
    by = tuple(stop.originator_version for stop in stops if stop)
    return Found("clock", met, by, lacking=(clock_id,))


def _stop(clock: Clock, events: tuple[Event, ...], start: int) -> Event | None:
    pair = clock.pair_field or ""
    mine = getattr(events[start], pair, None)
    for event in events[start + 1 :]:
        of_it = getattr(event, pair, None) == mine
        if of_it and any(reference.matches(event) for reference in clock.stop):
            return event
    return None


_READ: Mapping[Kind, Callable[[Need, Any, Case], Found]] = {
    "event": _event,
    "clean_run": _clean_run,
    "observe": _observed,
    "evidence": _evidence,
    "signatures": _signed,
    "clock": _stopped,
    "facts": _facts,
    "any_of": _any_of,
}
