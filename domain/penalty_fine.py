"""A fine in one go: the act is stated, proposed and marked on its complaint at once."""

from dataclasses import replace
from uuid import UUID

from domain.complaint.state import Complaint
from domain.errors import InvalidError, Lack
from domain.event import Stream, Who
from domain.penalty import Notice, OffenceStated
from domain.penalty_look import Look
from domain.penalty_offence import state_offence
from domain.penalty_proposal import Terms, propose_on
from domain.rulebooks.rulebook import Rules
from domain.times import Instant


def fine(
    complaint: Complaint,
    rules: Rules,
    look: Look,
    *,
    notice_id: UUID,
    stated: OffenceStated,
    who: Who,
    at: Instant,
    terms: Terms,
) -> Notice:
    """State an act over this complaint and propose what it comes to; the new notice."""
    if stated.complaint_id != complaint.id:
        raise InvalidError(Lack("complaint", "check its number"))

    def found(stream_id: UUID) -> Stream | None:
        return complaint if stream_id == complaint.id else look.found(stream_id)

    notice = state_offence(notice_id, stated)
    propose_on(notice, rules, replace(look, found=found), terms, who=who, at=at)
    return notice
