"""Reassignment: one open complaint comes under another rulebook, signed and in sight."""

from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Decision, Who
from domain.rulebooks.rulebook import Rules
from domain.rulebooks.topics import TOPICS, Topic
from domain.times import Instant
from domain.words import Code, Text


class RulebookReassigned(Decision):
    """Somebody put one topic of it under another rulebook; what was decided stays.

    Each due instant that it moves follows in the same append, old and new, by this event.
    """

    TOPIC = "complaint.rulebook_reassigned"

    topic: str
    rulebook: str  # rulebook@version
    was: str | None = None  # none: nothing governed this topic
    reason: str

    def apply(self, complaint: Complaint) -> None:
        """What is decided from now on is decided by that one."""
        complaint.rulebooks = {**complaint.rulebooks, self.topic: self.rulebook}


def reassign(
    complaint: Complaint,
    rules: Rules,
    *,
    who: Who,
    at: Instant,
    topic: Topic,
    rulebook: Code,
    reason: Text,
) -> None:
    """Put one topic under a published rulebook. The same one again changes nothing."""
    if complaint.closed:
        raise NotAllowedError(Lack("rulebook", "reopen the complaint first"))
    book = rules.published(rulebook)
    if complaint.rulebooks.get(topic) == book.name:
        return
    if not getattr(book, TOPICS[topic]):
        raise InvalidError(Lack("rulebook", f"{book.name} says nothing of this topic"))
    complaint.record(
        RulebookReassigned(
            who=who,
            decided_at=at,
            saw=complaint.version,
            topic=topic,
            rulebook=book.name,
            was=complaint.rulebooks.get(topic),
            reason=reason,
        )
    )
