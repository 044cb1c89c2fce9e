"""Restoration: an older copy of the ledger was put back; a new life begins with that."""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from domain.errors import Lack, NotAllowedError
from domain.event import ActorId, Decision, Event, Stream, Who
from domain.operation import OURS
from domain.times import Instant

STREAM: UUID = uuid5(OURS, "restorations")  # one in each ledger; for ever
FIRST_LIFE = 1
NOTE_MAX = 2_000
Note = Annotated[str, Field(max_length=NOTE_MAX)]
Reason = Annotated[str, Field(min_length=1, max_length=1_000)]


@dataclass(kw_only=True)
class Restorations(Stream):
    """Every time that an older copy was put back."""

    log: list[Event] = field(default_factory=list)

    @property
    def life(self) -> int:
        """In which of its lives the ledger is; checkpoints name it."""
        return FIRST_LIFE + len(self.log)

    def keep(self, event: Event) -> None:
        """Remember it."""
        self.log.append(event)


class Restored(Decision):
    """An older copy was put back; what was recorded after it is gone from here.

    *checkpoint* is the last one that lay outside: it covers what is gone.
    """

    TOPIC = "ledger.restored"

    life: Annotated[int, Field(ge=FIRST_LIFE + 1)]
    size: Annotated[int, Field(ge=0)]  # events in the copy
    made_at: Instant  # the copy
    checkpoint: Note | None = None  # none: nothing had been anchored
    lost: Annotated[int, Field(ge=0)]  # events under it that the copy does not have
    approved_by: ActorId
    reason: Reason

    def begin(self) -> Restorations:
        """The first time."""
        return Restorations()


def restore(
    restorations: Restorations,
    *,
    who: Who,
    at: Instant,
    size: int,
    made_at: Instant,
    checkpoint: tuple[str, int] | None,
    approved_by: str,
    reason: str,
) -> None:
    """Say that a copy of so many events was put back, and what is gone with it.

    *checkpoint*: the last one that is found outside, and the events it covers. Refused
    as `check_approval` says.
    """
    check_approval(who, approved_by)
    note, covered = checkpoint or (None, 0)
    restorations.record(
        Restored(
            who=who,
            decided_at=at,
            saw=restorations.version,
            life=restorations.life + 1,
            size=size,
            made_at=made_at,
            checkpoint=note,
            lost=max(covered - size, 0),
            approved_by=approved_by,
            reason=reason,
        )
    )


def check_approval(who: Who, approved_by: str) -> None:
    """Refuse with `NotAllowedError` unless two persons decide it."""
    if approved_by == who.by:
        fix = "another person than who asked or signed has to approve it"
        raise NotAllowedError(Lack("approved_by", fix))
