"""The mark of a fine: a person was fined over this complaint; the notice has the money."""

from uuid import UUID

from domain.complaint.state import Complaint
from domain.event import Decision, Who
from domain.times import Instant


class Fined(Decision):
    """A person was fined over it. The notice holds the money."""

    TOPIC = "complaint.fined"

    notice: UUID


def mark(
    complaint: Complaint, notice: UUID, *, who: Who, at: Instant, clause: str | None
) -> Complaint:
    """Note the notice, in the same append as its approval."""
    return complaint.record(
        Fined(who=who, decided_at=at, saw=complaint.version, clause=clause, notice=notice)
    )
