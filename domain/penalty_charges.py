"""Costs and points that follow no offence: charged, approved and reversed like fines."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.amount import Amount
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Who
from domain.penalty import Charge, CostCharged, Notice, PointsDeducted
from domain.penalty_after import Approved
from domain.penalty_life import authority
from domain.penalty_look import Look
from domain.penalty_proposal import Shares, in_parts, positive
from domain.rulebooks.catalog import Account
from domain.rulebooks.money import Deduction, Scorecard
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line

Year = Annotated[int, Field(ge=2000, le=2200)]
Nth = Annotated[int, Field(ge=1, le=100)]
Times = Annotated[int, Field(ge=1, le=1_000)]


def charge_cost(
    notice_id: UUID,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    account: Account,
    person: Line,
    act: Line,
    penalty_clause: Line,
    amount: Amount,
    unit: Line | None = None,
    complaint_id: UUID | None = None,
    basis: UUID | None = None,
    shares: Shares | None = None,
) -> Notice:
    """Charge a cost: the loss of a fined act, a supplier's part, a customer's part.

    It counts at once unless the regulation that governs fines names whose word it takes.
    """
    event = CostCharged(
        who=who,
        decided_at=at,
        saw=0,
        complaint_id=complaint_id,
        account=account,
        person=person,
        unit=unit,
        act=act,
        penalty_clause=penalty_clause,
        amount=positive(amount),
        shares=None if shares is None else in_parts(amount, shares),
        basis=basis,
        rulebooks=_pinned(rules, "fines"),
    )
    notice = _begun(notice_id, event)
    asked = authority(rules)
    return notice if asked and asked.chain else _counts(notice, who, at)


def _counts(notice: Notice, who: Who, at: Instant) -> Notice:
    return notice.record(Approved(who=who, decided_at=at, saw=notice.version))


def deduct_points(
    notice_id: UUID,
    rules: Rules,
    look: Look,
    *,
    who: Who,
    at: Instant,
    project: Line,
    year: Year,
    row: Code,
    deduction: Nth,
    times: Times = 1,
) -> Notice:
    """Take points from a project's score of a year, by one deduction of one row.

    *deduction* counts from one, in the order of the regulation.
    """
    lost = _deduction(scorecard(rules), row, deduction)
    counted_as = f"{lost.clause}/{deduction}/{year}" if lost.per == "once" else None
    event = PointsDeducted(
        who=who,
        decided_at=at,
        saw=0,
        clause=lost.clause,
        account="unit",
        person=project,
        act=lost.name.en,
        penalty_clause=f"{lost.clause} / {deduction}",
        year=year,
        row=row,
        points=lost.points * times,
        times=times,
        counted_as=counted_as,
        serial=_once(look, lost, project, counted_as, times) if counted_as else None,
        rests_on=dict(look.seen),
        rulebooks=_pinned(rules, "scores"),
    )
    notice = _begun(notice_id, event)
    return _counts(notice, who, at)


def _once(look: Look, lost: Deduction, project: str, counted_as: str, times: int) -> int:
    """The next number of a deduction that is made once, unless it stands already."""
    serial, before = look.earlier(project, counted_as)
    if times > 1 or any(notice.counts for notice in before):
        raise NotAllowedError(Lack("times", "these points are lost once", lost.clause))
    return serial


def scorecard(rules: Rules) -> Scorecard:
    """The score of the regulation that governs scores."""
    book = rules.on("scores")
    if book.scorecard is None:
        raise NotAllowedError(Lack("scores", "this regulation has no score"))
    return book.scorecard


def _deduction(card: Scorecard, row: str, nth: int) -> Deduction:
    if row not in card.rows:
        raise InvalidError(Lack("row", f"choose one of {', '.join(card.rows)}"))
    lost = card.rows[row].deductions
    if not 1 <= nth <= len(lost):
        raise InvalidError(Lack("deduction", "this row has no such deduction"))
    return lost[nth - 1]


def _pinned(rules: Rules, topic: str) -> dict[str, str] | None:
    book = rules.get(topic)
    return None if book is None else {topic: book.name}


def _begun(notice_id: UUID, event: Charge) -> Notice:
    begun = event.at(notice_id, 1)
    notice: Notice = begun.mutate(None)
    notice.news.append(begun)
    return notice
