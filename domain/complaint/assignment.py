"""Assignment: who has the case, and what people note about it."""

from uuid import UUID

from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import ActorId, Decision, Fact, Sealed, When, Who
from domain.rulebooks.rulebook import Rules
from domain.times import Instant
from domain.words import Text


class Assigned(Decision):
    """A person answers for the next step, and another when they are away."""

    TOPIC = "complaint.assigned"

    owner: ActorId
    substitute: ActorId | None = None

    def apply(self, complaint: Complaint) -> None:
        """It is theirs now."""
        complaint.owner = self.owner


class Noted(Fact):
    """Somebody wrote something down."""

    TOPIC = "complaint.noted"

    party_id: UUID
    text: Sealed


def assign(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    owner: ActorId,
    substitute: ActorId | None = None,
) -> None:
    """Give the case to a person. The same person and substitute again change nothing."""
    if complaint.closed:
        raise NotAllowedError(Lack("owner", "reopen the complaint first"))
    if substitute == owner:
        raise InvalidError(Lack("substitute", "name another person than the owner"))
    _may_assign(rules, who)
    before = complaint.latest(Assigned)
    if before and (before.owner, before.substitute) == (owner, substitute):
        return
    complaint.record(
        Assigned(
            who=who,
            decided_at=at,
            saw=complaint.version,
            owner=owner,
            substitute=substitute,
        )
    )


def _may_assign(rules: Rules, who: Who) -> None:
    """Where a regulation gives the right to assign to some roles, nobody else has it."""
    book = rules.get("intake")
    intake = book.intake if book else None
    if book is None or intake is None or not intake.may_assign:
        return
    if not any(rules.acts_as(who, role) for role in intake.may_assign):
        names = ", ".join(book.roles[role].name.en for role in intake.may_assign)
        raise NotAllowedError(Lack("role", f"only for: {names}", intake.clause))


def noted(complaint: Complaint, _rules: Rules, *, who: Who, when: When, text: Text) -> None:
    """Write something down. It is sealed, since notes name people."""
    complaint.record(Noted(who=who, when=when, party_id=complaint.party_id, text=text))
