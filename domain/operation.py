"""Operation: what an operator did to what is read of the ledger. Facts it leaves alone."""

from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field

from domain.event import Decision, Event, Stream, Who
from domain.times import Instant

Act = Literal["rebuilt", "rolled_back", "unparked"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
OURS = UUID("0b5f7f5e-3f64-4f0b-9c53-6f0d8f5f3f0e")  # names every such stream; for ever


def stream_of(projection: str) -> UUID:
    """The stream of what was done to a read model."""
    return uuid5(OURS, projection)


@dataclass(kw_only=True)
class Operations(Stream):
    """What was done to one read model."""

    log: list[Event] = field(default_factory=list)

    def keep(self, event: Event) -> None:
        """Remember it."""
        self.log.append(event)


class ProjectionRewound(Decision):
    """An operator had a read model follow the ledger again from an earlier place."""

    TOPIC = "ledger.projection_rewound"

    projection: Name
    act: Act
    generation: Name  # the tables that are read since
    stream: UUID | None = None  # what was unparked
    from_version: int | None = None  # of that stream
    goes_on: bool | None = None  # whether it could be followed then

    def begin(self) -> Operations:
        """The first time that something was done to it."""
        return Operations()


def rewind(
    operations: Operations,
    *,
    who: Who,
    at: Instant,
    projection: Name,
    act: Act,
    generation: Name,
    unparked: tuple[UUID, int, bool] | None = None,
) -> None:
    """Note that it was done, by whom; *unparked* is a stream, from where, and whether."""
    stream, version, goes_on = unparked or (None, None, None)
    operations.record(
        ProjectionRewound(
            who=who,
            decided_at=at,
            saw=operations.version,
            projection=projection,
            act=act,
            generation=generation,
            stream=stream,
            from_version=version,
            goes_on=goes_on,
        )
    )
