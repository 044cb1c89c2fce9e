"""Escalation: who is asked next when those who have the case cannot settle it."""

from dataclasses import dataclass

from domain.complaint.facts import facts_of
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Decision, Who
from domain.rulebooks.approvals import Escalation, Rung
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.times import Instant
from domain.words import Code, Text


class Escalated(Decision):
    """Those who have the case cannot settle it; a higher rung is asked."""

    TOPIC = "complaint.escalated"

    rung: str  # as the regulation calls it
    because: str


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
