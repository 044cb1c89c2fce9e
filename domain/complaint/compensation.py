"""Compensation: what a customer gets for the trouble, by the scheme of a regulation.

It is no fine: nobody of ours is charged, and no notice holds it.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from domain.amount import Amount
from domain.assess.assessing import alone
from domain.assess.case import case_of
from domain.complaint.approval import signed_off
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Value, Who
from domain.rulebooks.fines import CURRENCY
from domain.rulebooks.money import Benefit, BenefitKind, Compensation
from domain.rulebooks.predicates import FEN_PER_YUAN
from domain.rulebooks.rulebook import Rulebook, Rules
from domain.times import Instant
from domain.words import Text

TOPIC = "compensation"
BENEFITS_MAX = 20


class Given(Value):
    """One thing the customer gets. Only money has an amount."""

    kind: BenefitKind
    amount: Amount | None = None
    months: Annotated[int, Field(ge=1, le=1_200)] | None = None  # of warranty
    percent_off: Annotated[int, Field(ge=1, le=100)] | None = None


Benefits = Annotated[tuple[Given, ...], Field(min_length=1, max_length=BENEFITS_MAX)]

# --- What can have happened. -----------------------------------------------------------


class Compensated(Decision):
    """The customer gets this. What was given before is taken back by it, whole."""

    TOPIC = "complaint.compensated"

    scheme: str  # whose benefits these are
    grade: str | None = None  # of that scheme; none: it is not known, or all was taken back
    benefits: tuple[Given, ...]
    was: tuple[Given, ...] = ()
    because: tuple[str, ...] = ()  # where no decision graded it: the facts that do
    reason: str | None = None


# --- What may happen. ------------------------------------------------------------------


class Due(NamedTuple):
    """What the scheme gives for a grade, and why it is that grade."""

    grade: str | None = None
    benefits: tuple[Given, ...] = ()
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # facts that would say which grade it is


def compensate(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    benefits: Benefits | None = None,
    taken_back: bool = False,
    reason: Text | None = None,
) -> None:
    """Give what the scheme lists for the grade, or something else and say why.

    Given again it takes the place of what was given; *taken_back* leaves nothing.
    """
    if complaint.closed:
        raise NotAllowedError(Lack("benefits", "reopen the complaint first"))
    book, scheme = _scheme(rules)
    was, due = standing(complaint), Due()
    if taken_back:
        _check_nothing(was, benefits, reason)
    else:
        due = _due(complaint, rules, book, scheme)
        due = due._replace(benefits=_chosen(scheme, due, benefits, reason))
    if due.benefits == was:
        return
    complaint.record(
        Compensated(
            who=who,
            decided_at=at,
            saw=complaint.version,
            clause=scheme.clause,
            scheme=book.id,
            grade=due.grade,
            benefits=due.benefits,
            was=was,
            because=due.because,
            reason=reason,
        )
    )


def standing(complaint: Complaint) -> tuple[Given, ...]:
    """What the customer was given, as it was decided last."""
    last = complaint.latest(Compensated)
    return last.benefits if last else ()


def _scheme(rules: Rules) -> tuple[Rulebook, Compensation]:
    book = rules.on(TOPIC)
    assert book.compensation is not None, "a policy set names no other for it"
    return book, book.compensation


def _due(complaint: Complaint, rules: Rules, book: Rulebook, scheme: Compensation) -> Due:
    """By the grade that was decided; where another regulation grades, by the facts."""
    if not any(scheme.due_at.matches(event) for event in complaint.happened.values()):
        raise NotReadyError(
            Lack(scheme.due_at.event, "this has to be recorded first", scheme.clause)
        )
    if scheme.approval is not None:
        signed_off(complaint, rules, scheme.approval)
    grade = complaint.grades.get(book.id)
    because: tuple[str, ...] = ()
    if grade is None and rules.get("grading") is book:
        raise NotReadyError(Lack("graded", "grade the complaint first", scheme.clause))
    if grade is None:
        verdict = alone(book, case_of(complaint))
        missing = tuple(name for name in verdict.missing if name not in book.tallies)
        if verdict.code is None or missing:  # what is not known never counts as no
            return Due(None, (), missing=missing)
        grade, because = verdict.code, verdict.because
    return Due(grade, tuple(map(_given, scheme.by_grade.get(grade, ()))), because)


def _given(listed: Benefit) -> Given:
    fen = None if listed.yuan is None else listed.yuan * FEN_PER_YUAN
    return Given(
        kind=listed.kind,
        amount=None if fen is None else Amount(minor=fen, currency=CURRENCY),
        months=listed.months,
        percent_off=listed.percent_off,
    )


def _chosen(
    scheme: Compensation,
    due: Due,
    benefits: Sequence[Given] | None,
    reason: str | None,
) -> tuple[Given, ...]:
    """What the scheme lists, or what somebody chose instead where it is an example."""
    if benefits is None and due.missing:
        raise NotReadyError(*(Lack(fact, "state this fact first") for fact in due.missing))
    if benefits is None and not due.benefits:
        fix = "the regulation lists nothing for this grade: say what the customer gets"
        raise InvalidError(Lack("benefits", fix, scheme.clause))
    chosen = due.benefits if benefits is None else tuple(benefits)
    if any((one.kind == "money") is (one.amount is None) for one in chosen):
        fix = "money has an amount, and nothing else has"
        raise InvalidError(Lack("benefits", fix))
    if any(one.amount and not one.amount.minor for one in chosen):
        raise InvalidError(Lack("benefits", "nothing of money is no compensation"))
    if chosen == due.benefits:
        return chosen
    if scheme.binding:
        fix = "the regulation leaves no choice: leave the list empty"
        raise NotAllowedError(Lack("benefits", fix, scheme.clause))
    if reason is None:
        fix = "say why the customer gets something else than is listed"
        raise InvalidError(Lack("reason", fix, scheme.clause))
    return chosen


def _check_nothing(
    was: Sequence[Given], benefits: Sequence[Given] | None, reason: str | None
) -> None:
    if benefits is not None:
        raise InvalidError(Lack("benefits", "what is taken back gives nothing else"))
    if was and reason is None:
        raise InvalidError(Lack("reason", "say why it is taken back"))
