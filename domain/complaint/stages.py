"""Stages: the rows of a tracking sheet, each with its time, its person and its result."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.complaint.course import in_order, moment_of
from domain.complaint.intake import Received
from domain.complaint.state import Complaint
from domain.event import Event
from domain.rulebooks.keeping import Stage
from domain.rulebooks.rulebook import Rules


@dataclass(frozen=True, slots=True)
class StageRead:
    """One row: what ended the stage, and how long it took since the one before."""

    name: str
    stage: Stage
    ended: Event | None = None
    took: timedelta | None = None  # unknown until both ends are known

    @property
    def at(self) -> datetime | None:
        """When it ended; the reception, when the customer first said it."""
        if isinstance(self.ended, Received):
            return self.ended.received_at
        return moment_of(self.ended) if self.ended else None


def read_stages(complaint: Complaint, rules: Rules) -> tuple[StageRead, ...]:
    """The rows the regulation asks for, in its order; each ends with the latest such event.

    A stage that was gone through again shows how it ended last.
    """
    book = rules.get("stages")
    events = in_order(complaint)
    rows: list[StageRead] = []
    for name, stage in book.stages.items() if book else ():
        ends = [e for e in events if any(r.matches(e) for r in stage.ends)]
        ended = ends[-1] if ends else None
        row = StageRead(name, stage, ended)
        before = rows[-1].at if rows else None
        took = row.at - before if row.at and before else None
        rows.append(replace(row, took=took))
    return tuple(rows)
