"""Effect: whether what was done helped, and whether the problem came back (D6, D7)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.complaint.action import ActionImplemented
from domain.complaint.course import course
from domain.complaint.failure import follow_failure
from domain.complaint.intake import Another
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Fact, Value, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line, Text

Effect = Literal["effective", "ineffective"]
BatchResult = Literal["clean", "same_problem", "other_problem"]
Count = Annotated[int, Field(ge=0, le=100_000)]


class Criterion(Value):
    """A question to the ledger: how many new complaints are there of these, at most."""

    product: Line | None = None
    batch: Line | None = None
    defect: Line | None = None
    at_most: Count = 0


# --- What can have happened. -----------------------------------------------------------


class Verified(Decision):
    """Somebody judged whether it helped, and whether it harmed."""

    TOPIC = "complaint.verified"

    result: Effect
    side_effect: bool
    cycle: int


class BatchChecked(Fact):
    """A later batch was looked at for the same problem."""

    TOPIC = "complaint.batch_checked"

    shipment_batch: str
    result: BatchResult


class Recurred(Fact):
    """The same problem was seen again: in another complaint, or by somebody who watched."""

    TOPIC = "complaint.recurred"

    other: UUID | None = None
    observed: str | None = None


class Pledged(Decision):
    """Somebody pledged that it helps, in a way that can be counted, up to a day."""

    TOPIC = "complaint.pledged"

    pledge: str
    criterion: Criterion
    due: date


class PledgeJudged(Decision):
    """What the count came to, and so whether the pledge was kept."""

    TOPIC = "complaint.pledge_judged"

    pledge: str
    count: int
    result: Literal["kept", "broken"]


# --- What may happen. ------------------------------------------------------------------


def verify(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    result: Effect,
    side_effect: bool,
) -> None:
    """Judge the actions of this cycle. There has to be one that was implemented."""
    if complaint.closed:
        raise NotAllowedError(Lack("result", "reopen the complaint first"))
    now = course(complaint, rules)
    if next(now.all(ActionImplemented), None) is None:
        raise NotReadyError(
            Lack("action_implemented", "implement an action of this cycle first")
        )
    judged = [*now.all(Verified)]
    if judged and (judged[-1].result, judged[-1].side_effect) == (result, side_effect):
        return
    book = rules.get("closure")
    clause = book.closure.gate_clause("verified") if book and book.closure else None
    complaint.record(
        Verified(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=clause,
            result=result,
            side_effect=side_effect,
            cycle=now.cycle,
        )
    )
    follow_failure(complaint, rules)


def batch_checked(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    when: When,
    shipment_batch: Line,
    result: BatchResult,
) -> None:
    """Note what a later batch showed."""
    complaint.record(
        BatchChecked(who=who, when=when, shipment_batch=shipment_batch, result=result)
    )
    follow_failure(complaint, rules)


def recurred(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    when: When,
    other: Another | None = None,
    observed: Text | None = None,
) -> None:
    """Note that the same problem was seen again."""
    if other is None and observed is None:
        fix = "say what was seen, or name the other complaint"
        raise InvalidError(Lack("observed", fix))
    if other == complaint.id:
        raise InvalidError(Lack("other", "name another complaint"))
    complaint.record(Recurred(who=who, when=when, other=other, observed=observed))
    follow_failure(complaint, rules)


def pledge(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    pledge: Code,
    criterion: Criterion,
    due: date,
) -> None:
    """Pledge that the actions help, by a count that anybody can make later."""
    if complaint.closed:
        raise NotAllowedError(Lack("pledge", "reopen the complaint first"))
    if {criterion.product, criterion.batch, criterion.defect} == {None}:
        fix = "name a product, a batch or a defect to be counted"
        raise InvalidError(Lack("criterion", fix))
    if due <= at.astimezone(ZoneInfo(complaint.zone)).date():
        raise InvalidError(Lack("due", "choose a day that lies ahead"))
    given = [made for made in complaint.all(Pledged) if made.pledge == pledge]
    if given and (given[-1].criterion, given[-1].due) == (criterion, due):
        return
    if given:
        raise InvalidError(Lack("pledge", "this id is taken: choose another"))
    complaint.record(
        Pledged(
            who=who,
            decided_at=at,
            saw=complaint.version,
            pledge=pledge,
            criterion=criterion,
            due=due,
        )
    )


def judge_pledge(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    pledge: Code,
    count: Count,
) -> None:
    """Say what the count came to. Broken it is at once; kept only when its day is over."""
    made = next((p for p in complaint.all(Pledged) if p.pledge == pledge), None)
    if made is None:
        raise InvalidError(Lack("pledge", "check the id of the pledge"))
    kept = count <= made.criterion.at_most
    if kept and at.astimezone(ZoneInfo(complaint.zone)).date() <= made.due:
        raise NotReadyError(Lack("pledge", f"it runs until {made.due.isoformat()}"))
    judged = [said for said in complaint.all(PledgeJudged) if said.pledge == pledge]
    if judged and judged[-1].count == count:
        return
    complaint.record(
        PledgeJudged(
            who=who,
            decided_at=at,
            saw=complaint.version,
            pledge=pledge,
            count=count,
            result="kept" if kept else "broken",
        )
    )
