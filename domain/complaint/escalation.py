"""Escalation: who is asked next when those who have the case cannot settle it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.calendars import Calendars
from domain.clock_arithmetic import reckon, utc
from domain.complaint.course import moment_of, shows_failure
from domain.complaint.deadline_lapses import AFTER, ended_at
from domain.complaint.facts import facts_of
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import REACTOR, Decision, Who
from domain.rulebooks.approvals import Escalation, Rung
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.times import Instant
from domain.words import Code, Text


class Escalated(Decision):
    """Those who have the case cannot settle it; a higher rung is asked."""

    TOPIC = "complaint.escalated"

    rung: str  # as the regulation calls it
    because: str
    by: int | None = None  # the version of the event by which a rule asked by itself


@dataclass(frozen=True, slots=True)
class Climb:
    """Where a complaint stands on the ladder of its regulation."""

    book: Rulebook
    ladder: Escalation
    at: str  # the rung that has it now
    may: tuple[str, ...]  # the rungs that may be asked next, the nearest first

    @property
    def next(self) -> tuple[str, Rung] | None:
        """The next rung; none at the top."""
        return (self.may[0], self.ladder.rungs[self.may[0]]) if self.may else None


def climb(complaint: Complaint, rules: Rules) -> Climb | None:
    """Where it stands, and whom it may be taken to: upwards, and no rung is left out.

    A rung is skipped only where the regulation allows it, or its condition surely holds.
    """
    book = rules.get("escalation")
    if book is None or book.escalation is None:
        return None
    ladder, rungs = book.escalation, [*book.escalation.rungs]
    last = [said for said in complaint.all(Escalated) if said.rung in ladder.rungs]
    first = ladder.rung_by_grade.get(complaint.grades.get(book.id, ""), rungs[0])
    at = last[-1].rung if last else first
    above = rungs[rungs.index(at) + 1 :]
    when = ladder.skip_when
    skips = when is not None and when.judge(facts_of(complaint)).truth == "true"
    may = above if ladder.allow_skip or skips else above[:1]
    return Climb(book, ladder, at, tuple(may))


def escalate(
    complaint: Complaint, rules: Rules, *, who: Who, at: Instant, rung: Code, because: Text
) -> None:
    """Take it to a higher rung, and say why it cannot be settled below."""
    if complaint.closed:
        raise NotAllowedError(Lack("rung", "reopen the complaint first"))
    found = climb(complaint, rules)
    if found is None:
        fix = "no regulation in force has a ladder for this"
        raise NotAllowedError(Lack("rung", fix))
    ladder = found.ladder
    if rung not in ladder.rungs:
        known = ", ".join(ladder.rungs)
        raise InvalidError(Lack("rung", f"choose one of {known}", ladder.clause))
    if rung == found.at:
        return
    if rung not in found.may:
        fix = f"first asked: {found.may[0]}" if found.may else "this is the top"
        raise NotAllowedError(Lack("rung", fix, ladder.clause))
    complaint.record(
        Escalated(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=ladder.rungs[rung].clause,
            rung=rung,
            because=because,
        )
    )


# --- By itself, where the regulation says so. ------------------------------------------


class Cause(NamedTuple):
    """What takes a complaint to the next rung: since when, and which event shows it."""

    at: datetime
    version: int
    word: str


def next_climb(complaint: Complaint, rules: Rules, calendars: Calendars) -> Cause | None:
    """From when on the next rung is asked by itself, and why; what comes first.

    One rung for all that was known when it was asked: two answers that lapse together do
    not call two levels. What was settled, taken back or loaded as history calls nobody.
    """
    found = climb(complaint, rules)
    received = next(complaint.all(Received))
    if found is None or found.next is None or received.origin == "imported":
        return None
    if ended_at(complaint) is not None:
        return None
    asked = max((said.originator_version for said in complaint.all(Escalated)), default=0)
    causes = [one for one in _causes(complaint, rules, found) if one.version > asked]
    if limit := found.ladder.rungs[found.at].limit:
        last = [*complaint.all(Escalated)][-1:]
        since = last[0].decided_at if last else received.received_at
        calendar = calendars[found.book.calendar].in_zone(complaint.zone)
        over = reckon(since, limit, calendar).due + AFTER
        version = last[0].originator_version if last else received.originator_version
        causes.append(Cause(over, version, "limit"))
    return min(causes, key=lambda one: (utc(one.at), one.version), default=None)


def _causes(complaint: Complaint, rules: Rules, found: Climb) -> Iterator[Cause]:
    for one in complaint.deadlines.values():
        if one.lapse and one.lapsed_due and one.clock in found.ladder.on_lapse:
            yield Cause(one.lapsed_due + AFTER, one.lapse, "deadline_lapsed")
    book = rules.get("closure")
    closure = book.closure if book else None
    if closure is None or closure.ineffective is None:
        return
    if closure.ineffective.then != "escalate":
        return
    for version, event in complaint.happened.items():
        if shows_failure(event, closure):
            yield Cause(moment_of(event), version, event.TOPIC.split(".")[1])


def climb_by_itself(
    complaint: Complaint, rules: Rules, calendars: Calendars, *, at: Instant
) -> None:
    """Ask the next rung if a rule says so by now; once for each time it says so."""
    due = next_climb(complaint, rules, calendars)
    found = climb(complaint, rules)
    if due is None or found is None or found.next is None or utc(due.at) > utc(at):
        return
    name, rung = found.next
    complaint.record(
        Escalated(
            who=REACTOR,
            decided_at=at,
            saw=complaint.version,
            clause=rung.clause,
            rung=name,
            because=due.word,
            by=due.version,
        )
    )
