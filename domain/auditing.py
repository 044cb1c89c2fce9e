"""Auditing: evidence with names in it left the ledger, to whom and why."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from domain.event import Decision, Stream, Who
from domain.operation import OURS
from domain.times import Instant
from domain.words import Line

STREAM: UUID = uuid5(OURS, "audit exports")  # one in each ledger; for ever


@dataclass(kw_only=True)
class AuditExports(Stream):
    """Every time that it did."""


class AuditExported(Decision):
    """A complaint's bundle was given out with its sealed texts opened.

    Whoever is forgotten later may have to be asked for at *recipient*.
    """

    TOPIC = "ledger.audit_exported"

    complaint_id: UUID
    checkpoint: Annotated[int, Field(ge=0)]  # events under the one it was proved by
    recipient: Line
    reason: Line

    def begin(self) -> AuditExports:
        """The first time."""
        return AuditExports()


def note_export(
    exports: AuditExports,
    *,
    who: Who,
    at: Instant,
    complaint_id: UUID,
    checkpoint: int,
    recipient: Line,
    reason: Line,
) -> None:
    """Say that opened evidence was given out."""
    exports.record(
        AuditExported(
            who=who,
            decided_at=at,
            saw=exports.version,
            complaint_id=complaint_id,
            checkpoint=checkpoint,
            recipient=recipient,
            reason=reason,
        )
    )
