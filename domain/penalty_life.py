"""What may become of a notice: approved, told, appealed, settled, taken back."""

from datetime import date

from domain.amount import Amount
from domain.complaint.fined import mark
from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import When, Who
from domain.penalty import Notice, Proposed, Stage
from domain.penalty_after import (
    Appealed,
    Approved,
    Changed,
    Notified,
    Reversed,
    Settled,
    Upheld,
)
from domain.penalty_look import Look
from domain.rulebooks.approvals import Approval
from domain.rulebooks.money import Penalties
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Line, Text


def penalties_of(rules: Rules) -> Penalties | None:
    """What the regulation that governs fines says of them; none when none does."""
    book = rules.get("fines")
    return book.penalties if book else None


def authority(rules: Rules) -> Approval | None:
    """Whose word it takes; none where no regulation names anybody."""
    book = rules.get("fines")
    if book is None or book.penalties is None:
        return None
    return book.approvals[book.penalties.authority]


def approve(
    notice: Notice, rules: Rules, look: Look, *, who: Who, at: Instant
) -> Complaint | None:
    """Make it count. Who proposed it does not approve it where a regulation names who."""
    if notice.counts:
        return None
    _at(notice, "proposed")
    assert notice.charge is not None
    asked = authority(rules)
    by_another = asked is not None and asked.chain and asked.distinct_persons
    if asked and by_another and notice.charge.who.persons & who.persons:
        raise NotAllowedError(
            Lack("approved", "who proposed it does not approve it", asked.clause)
        )
    return approved(notice, look, who=who, at=at, clause=asked.clause if asked else None)


def approved(
    notice: Notice, look: Look, *, who: Who, at: Instant, clause: str | None
) -> Complaint | None:
    """Record it, with the mark on the complaint of a fine."""
    notice.record(Approved(who=who, decided_at=at, saw=notice.version, clause=clause))
    if notice.complaint_id is None or not isinstance(notice.charge, Proposed):
        return None
    complaint = look.complaint(notice.complaint_id)
    if complaint is None:
        raise InvalidError(Lack("complaint", "check its number"))
    return mark(complaint, notice.id, who=who, at=at, clause=clause)


def notify(
    notice: Notice,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    stamped: bool,
    appeal_until: date | None = None,
) -> None:
    """Tell the person. A notice that has to bear a stamp is not told without."""
    if notice.stage == "notified":
        return
    _at(notice, "approved")
    penalties = penalties_of(rules)
    if penalties and penalties.needs_stamp and not stamped:
        raise NotAllowedError(
            Lack("stamped", "the original notice has to be stamped", penalties.clause)
        )
    if appeal_until is not None and appeal_until < at.date():
        raise InvalidError(Lack("appeal_until", "this day is over"))
    notice.record(
        Notified(
            who=who,
            decided_at=at,
            saw=notice.version,
            stamped=stamped,
            appeal_until=appeal_until,
        )
    )


def appealed(notice: Notice, _rules: Rules, *, who: Who, when: When, grounds: Text) -> None:
    """Note the objection; what never counted, or no longer does, cannot be objected to."""
    if not notice.counts:
        raise NotAllowedError(Lack("notice", "only what counts can be appealed"))
    notice.record(Appealed(who=who, when=when, grounds=grounds))


def uphold(notice: Notice, rules: Rules, *, who: Who, at: Instant, reason: Text) -> None:
    """Decide after a hearing that it stays."""
    _heard(notice, rules, who)
    notice.record(Upheld(who=who, decided_at=at, saw=notice.version, reason=reason))


def change(
    notice: Notice, rules: Rules, *, who: Who, at: Instant, amount: Amount, reason: Text
) -> None:
    """Decide after a hearing on another amount, within what the clause allows."""
    _heard(notice, rules, who)
    assert notice.charge is not None
    if notice.charge.shares:
        raise NotAllowedError(
            Lack("amount", "a shared amount is reversed and proposed anew")
        )
    _within(notice, amount)
    notice.record(
        Changed(
            who=who,
            decided_at=at,
            saw=notice.version,
            old=notice.amount,
            amount=amount,
            reason=reason,
        )
    )


def settle(
    notice: Notice, _rules: Rules, *, who: Who, at: Instant, how: Line | None = None
) -> None:
    """Note that it was carried out. Twice changes nothing."""
    if notice.stage == "settled":
        return
    _at(notice, "approved", "notified", "upheld", "changed")
    notice.record(Settled(who=who, decided_at=at, saw=notice.version, how=how))


def reverse(notice: Notice, _rules: Rules, *, who: Who, at: Instant, reason: Text) -> None:
    """Take it back. Once reversed, saying it again changes nothing."""
    if notice.reversed:
        return
    if not notice.counts:
        raise NotAllowedError(Lack("notice", "only an approved notice can be reversed"))
    notice.record(Reversed(who=who, decided_at=at, saw=notice.version, reason=reason))


def _at(notice: Notice, *stages: Stage) -> None:
    if notice.stage not in stages:
        raise NotAllowedError(Lack("notice", f"it is {notice.stage} now"))


def _heard(notice: Notice, rules: Rules, who: Who) -> None:
    """Only an appeal is decided, and not by who proposed the notice."""
    _at(notice, "appealed")
    assert notice.charge is not None
    penalties = penalties_of(rules)
    if penalties and penalties.disputes_to and notice.charge.who.persons & who.persons:
        raise NotAllowedError(
            Lack("notice", "who proposed it does not decide the appeal", penalties.clause)
        )


def _within(notice: Notice, amount: Amount) -> None:
    charge = notice.charge
    assert charge is not None
    if notice.amount is None or amount.currency != notice.amount.currency:
        raise InvalidError(Lack("amount", "it has to be in the notice's own currency"))
    least = charge.least.minor if charge.least else 1
    if amount.minor < least or (charge.most and amount.minor > charge.most.minor):
        raise InvalidError(
            Lack("amount", "the clause does not allow this amount", charge.penalty_clause)
        )
