"""What every event carries, and the stream it belongs to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.times import Instant

NOT_YET = UUID(int=0)

# A person (p-), a service (s-) or the reactor (r-): a pseudonym, never a name.
ActorId = Annotated[str, StringConstraints(pattern=r"^[psr]-[0-9a-z][0-9a-z-]{0,62}$")]
Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9:._-]{0,79}$")]
Clause = Annotated[
    str, StringConstraints(pattern=r"^[\w.-]+@\d+#.+$", max_length=200)
]  # rulebook@version#clause


class Sealing:
    """Marks a field that may name a person; the codec seals it with that person's key."""


Sealed = Annotated[str, Sealing()]
MaybeSealed = Annotated[str | None, Sealing()]


class Value(BaseModel):
    """A part of an event: frozen, strict, and no word in it that we do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Who(Value):
    """Who said it, in which role, and which system brought it."""

    by: ActorId
    role: Role
    source: SourceName
    acts_as: tuple[Role, ...] | None = None  # in regulations; none: by the plant's table
    in_place_of: ActorId | None = None  # whose role it is, when they stand in

    def holds(self, wanted: str, acting: Iterable[str]) -> bool:
        """Whether that role of a regulation is theirs: by their account, if they have one.

        Else by *acting*: the roles of ours that act in it at this plant.
        """
        known = acting if self.acts_as is None else ()
        return wanted in {self.role, *(self.acts_as or ())} or self.role in known

    @property
    def persons(self) -> frozenset[str]:
        """Who has a hand in it: whoever stands in counts as both."""
        return frozenset(p for p in (self.by, self.in_place_of) if p is not None)


LEDGER = Who(by="r-ledger", role="ledger", source="ledger")  # of what follows at once
REACTOR = Who(by="r-reactor", role="reactor", source="reactor")  # of what follows later


@dataclass(kw_only=True)
class Stream:
    """A thing with a history: where it stands, and what is new about it."""

    id: UUID = NOT_YET
    version: int = 0
    rulebooks: dict[str, str] = field(default_factory=dict)  # topic → rulebook@version
    news: list["Event"] = field(default_factory=list)

    def record(self, event: "Event") -> Self:
        """Take the event as the next one; assign what it changes."""
        event = event.at(self.id, self.version + 1)
        event.mutate(self)
        self.news.append(event)
        return self

    def keep(self, event: "Event") -> None:
        """Remember the event itself, where a later decision may ask for it."""

    def collect_events(self) -> list["Event"]:
        """Hand the news over; the library's repository asks for it by this name."""
        news, self.news = self.news, []
        return news


class When(Value):
    """When the world did it, and how precisely the source knows."""

    occurred_at: Instant
    precision: Literal["day"] | None = None  # a date without a time of day


class Event(BaseModel):
    """Something that happened, or that somebody decided. Past tense, flat, never edited."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    TOPIC: ClassVar[str]

    originator_id: UUID = NOT_YET
    originator_version: int = 0
    who: Who

    def at(self, stream: UUID, version: int) -> Self:
        """The same event, at its place in a stream."""
        return self.model_copy(
            update={"originator_id": stream, "originator_version": version}
        )

    def placed(self, stream: UUID, version: int) -> Self:
        """This very event, put into its place by who has just read it; no copy is made.

        Reading a store is mostly this: a copy of each event would be a third of the time.
        """
        object.__setattr__(self, "originator_id", stream)
        object.__setattr__(self, "originator_version", version)
        return self

    def claims(self) -> tuple[tuple[str, str], ...]:
        """Names no other stream may bear: our number, the source's own key."""
        return ()

    def series(self) -> str:
        """The series its number is taken from (`numbering`); empty for none."""
        return ""

    def begin(self) -> Stream:
        """The stream that starts with this event."""
        raise TypeError(f"{self.TOPIC} begins no stream")

    def apply(self, stream: Any) -> None:  # noqa: ANN401  # each stage names its own stream
        """Assign what a later decision needs. Never raise: it runs at every replay."""

    def mutate(self, stream: Any | None) -> Any:  # noqa: ANN401  # the library's word for it
        """The stream after this event."""
        if stream is None:
            stream = self.begin()
            stream.id = self.originator_id
        stream.keep(self)
        self.apply(stream)
        stream.version = self.originator_version
        return stream


class Fact(Event):
    """What the world did. Never refused for arriving late."""

    when: When

    @property
    def occurred_at(self) -> datetime:
        """The instant it happened; the start of the day when only a date is known."""
        return self.when.occurred_at


class Decision(Event):
    """What a person chose, by which clause, and what lay before them."""

    decided_at: Instant
    clause: Clause | None = None  # none when no regulation speaks of it
    saw: int  # the version it was decided on
    rests_on: dict[UUID, int] = Field(
        default_factory=dict
    )  # other streams, as they were read


class Consequence(Event):
    """What follows by rule from what was said: the ledger says it, in the same append.

    What follows from time alone the reactor says, once that time has come.
    """

    follows_at: Instant  # of what it follows from
    clause: Clause

    @property
    def of_time(self) -> bool:
        """Whether time alone led to it, and no event before it."""
        return self.who == REACTOR


@cache
def sealed_fields(kind: type[Event]) -> tuple[str, ...]:
    """The fields that may name a person."""
    return tuple(
        name
        for name, field in kind.model_fields.items()
        if any(isinstance(mark, Sealing) for mark in field.metadata)
    )


def sealed_for(event: Event) -> Iterator[UUID]:
    """The party whose key seals this event, if anything in it has to be sealed."""
    for name in sealed_fields(type(event)):
        if getattr(event, name) is not None:
            yield event.party_id  # type: ignore[attr-defined]  # a sealed field needs it
            return
