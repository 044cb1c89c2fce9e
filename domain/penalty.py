"""One penalty notice: all the money of one fine, from its proposal to its reversal."""

from dataclasses import dataclass
from uuid import UUID

from domain.amount import Amount
from domain.errors import Lack, NotAllowedError
from domain.event import ActorId, Decision, Stream, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Code, Line, Text


@dataclass(kw_only=True)
class Notice(Stream):
    """A fine of one person for one act."""

    complaint_id: UUID
    person: str
    approved: bool = False
    reversed: bool = False


class Proposed(Decision):
    """Somebody asks that a person be fined."""

    TOPIC = "penalty.proposed"

    complaint_id: UUID
    person: ActorId
    act: str
    penalty_clause: str  # of the catalog, as its page prints it
    amount: Amount

    def begin(self) -> Notice:
        """The notice that begins here."""
        return Notice(complaint_id=self.complaint_id, person=self.person)


class Approved(Decision):
    """The fine counts from now on."""

    TOPIC = "penalty.approved"

    def apply(self, notice: Notice) -> None:
        """It counts."""
        notice.approved = True


class Reversed(Decision):
    """The fine is taken back whole; both stay in the books."""

    TOPIC = "penalty.reversed"

    reason: str

    def apply(self, notice: Notice) -> None:
        """It nets to zero."""
        notice.reversed = True


def propose(
    notice_id: UUID,
    complaint_id: UUID,
    *,
    who: Who,
    at: Instant,
    saw: int,
    person: ActorId,
    act: Line,
    penalty_clause: Code,
    amount: Amount,
) -> Notice:
    """Begin a notice. Where the regulation names no authority it is approved at once."""
    begun = Proposed(
        who=who,
        decided_at=at,
        saw=saw,
        complaint_id=complaint_id,
        person=person,
        act=act,
        penalty_clause=penalty_clause,
        amount=amount,
    ).at(notice_id, 1)
    notice: Notice = begun.mutate(None)
    notice.news.append(begun)
    notice.record(Approved(who=who, decided_at=at, saw=notice.version))
    return notice


def reverse(notice: Notice, _rules: Rules, *, who: Who, at: Instant, reason: Text) -> None:
    """Take it back. Once reversed, saying it again changes nothing."""
    if notice.reversed:
        return
    if not notice.approved:
        raise NotAllowedError(Lack("notice", "only an approved notice can be reversed"))
    notice.record(Reversed(who=who, decided_at=at, saw=notice.version, reason=reason))
