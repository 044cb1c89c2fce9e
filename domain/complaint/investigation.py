"""Investigation: whose fault it is, and why it happened, got out and was possible (D4)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Decision, Fact, MaybeSealed, Value, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line, Text

PERCENT_IN_ALL = 100

Result = Literal["product", "customer", "transport", "unknown"]
Branch = Literal["occurrence", "escape", "system"]  # 产生, 流出, 系统


class Cause(Value):
    """One leaf of the cause tree, with what shows it."""

    branch: Branch
    code: Code
    text: Text | None = None
    evidence: Text | None = None


class Share(Value):
    """What part of the liability one party bears."""

    party: Line
    percent: Annotated[int, Field(ge=1, le=PERCENT_IN_ALL)]


Causes = Annotated[tuple[Cause, ...], Field(min_length=1, max_length=50)]
Shares = Annotated[tuple[Share, ...], Field(min_length=1, max_length=20)]

# --- What can have happened. -----------------------------------------------------------


class Determined(Decision):
    """We judged what the problem is a problem of."""

    TOPIC = "complaint.determined"

    result: Result
    batch_problem: bool | None = None


class Sampled(Fact):
    """A sample was taken, to be looked at."""

    TOPIC = "complaint.sampled"

    sample: str
    place: str | None = None


class QuestionRaised(Fact):
    """Somebody asked a technical question that holds the work up."""

    TOPIC = "complaint.question_raised"

    party_id: UUID
    question: str  # a short id, such as Q1, by which its answer finds it
    text: MaybeSealed = None


class QuestionAnswered(Fact):
    """The question has a clear answer."""

    TOPIC = "complaint.question_answered"

    party_id: UUID
    question: str
    text: MaybeSealed = None


class RootCaused(Fact):
    """The cause was found, in all its branches."""

    TOPIC = "complaint.root_caused"

    causes: tuple[Cause, ...]


class LiabilityAssigned(Decision):
    """Who answers for it, in shares of a hundred."""

    TOPIC = "complaint.liability_assigned"

    shares: tuple[Share, ...]


# --- What may happen. ------------------------------------------------------------------


def determine(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    result: Result,
    batch_problem: bool | None = None,
) -> None:
    """Judge what the problem is a problem of. The same again changes nothing."""
    if complaint.closed:
        raise NotAllowedError(Lack("result", "reopen the complaint first"))
    before = complaint.latest(Determined)
    if before and (before.result, before.batch_problem) == (result, batch_problem):
        return
    complaint.record(
        Determined(
            who=who,
            decided_at=at,
            saw=complaint.version,
            result=result,
            batch_problem=batch_problem,
        )
    )


def sampled(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    sample: Line,
    place: Line | None = None,
) -> None:
    """Note that a sample was taken, and where."""
    complaint.record(Sampled(who=who, when=when, sample=sample, place=place))


def question_raised(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    question: Code,
    text: Text | None = None,
) -> None:
    """Note a question under a short id, such as Q1. Its text is sealed."""
    party_id = complaint.party_id
    complaint.record(
        QuestionRaised(who=who, when=when, party_id=party_id, question=question, text=text)
    )


def question_answered(
    complaint: Complaint,
    _rules: Rules,
    *,
    who: Who,
    when: When,
    question: Code,
    text: Text | None = None,
) -> None:
    """Note the answer to a question that was raised."""
    if question not in {asked.question for asked in complaint.all(QuestionRaised)}:
        raise InvalidError(Lack("question", "raise this question first, or check its id"))
    party_id = complaint.party_id
    complaint.record(
        QuestionAnswered(
            who=who, when=when, party_id=party_id, question=question, text=text
        )
    )


def root_caused(
    complaint: Complaint, rules: Rules, *, who: Who, when: When, causes: Causes
) -> None:
    """Note the causes, in the codes of the regulation where it has any."""
    for cause in causes:
        rules.on("closure").check_cause(cause.code)
    complaint.record(RootCaused(who=who, when=when, causes=causes))


def assign_liability(
    complaint: Complaint, _rules: Rules, *, who: Who, at: Instant, shares: Shares
) -> None:
    """Say who answers for it. The shares make up a hundred percent."""
    if sum(share.percent for share in shares) != PERCENT_IN_ALL:
        raise InvalidError(Lack("shares", "the shares have to sum to 100 %"))
    before = complaint.latest(LiabilityAssigned)
    if before and before.shares == shares:
        return
    complaint.record(
        LiabilityAssigned(who=who, decided_at=at, saw=complaint.version, shares=shares)
    )
