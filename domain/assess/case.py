"""A case: what an assessment needs of one complaint, whatever was decided about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from domain.complaint.closure import Closed
from domain.complaint.facts import Stated, statements, views_of
from domain.complaint.fined import Fined
from domain.complaint.intake import Received, Screened
from domain.complaint.state import Complaint
from domain.event import Event
from domain.rulebooks.predicates import Facts


@dataclass(frozen=True, slots=True)
class Case:
    """The facts of a complaint with their instants; decisions only to compare with."""

    id: UUID
    number: str
    zone: str
    received_at: datetime
    ended_at: datetime | None  # when it was closed; an ended case is graded no more
    stated: Sequence[Stated]
    views: Mapping[int, Facts]  # as known now, once for each item
    outcome: str | None = None  # of screening
    grades: tuple[tuple[str, str], ...] = ()  # recorded: scheme, code
    fined: int = 0  # recorded
    events: Sequence[Event] = ()  # as corrected, seals shut

    @property
    def facts(self) -> Facts:
        """What is known of it as a whole, and of its first item."""
        return next(iter(self.views.values()))

    def views_at(self, instant: datetime) -> Mapping[int, Facts]:
        """What was so at an instant, by what is known today."""
        return views_of(self.stated, instant)


def case_of(complaint: Complaint) -> Case:
    """The case of a complaint as it stands."""
    stated = statements(complaint)
    received = next(complaint.all(Received))
    closed = complaint.latest(Closed) if complaint.closed else None
    screened = complaint.latest(Screened)
    return Case(
        id=complaint.id,
        number=complaint.number,
        zone=complaint.zone,
        received_at=received.received_at.astimezone(UTC),
        ended_at=closed.decided_at.astimezone(UTC) if closed else None,
        stated=stated,
        views=views_of(stated),
        outcome=screened.outcome if screened else None,
        grades=tuple(complaint.grades.items()),
        fined=sum(1 for _ in complaint.all(Fined)),
        events=tuple(complaint.happened.values()),
    )
