"""A stream that is no complaint: a shipment or a project, by a number of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from pydantic import Field

from domain import numbering
from domain.complaint.correction import checked, value_at, with_value
from domain.errors import InvalidError, Lack, NotAllowedError
from domain.event import Event, Fact, Stream, When, Who
from domain.times import Zone

E = TypeVar("E", bound=Event)

FIXED = {"who", "number", "source_key", "site", "zone", "rulebooks"}  # known by these


@dataclass(kw_only=True)
class Record(Stream):
    """Its facts, each as it was last corrected."""

    number: str
    zone: str
    happened: dict[int, Event] = field(default_factory=dict)

    def keep(self, event: Event) -> None:
        """Remember it; a correction may replace it later."""
        self.happened[event.originator_version] = event

    def all(self, kind: type[E]) -> Iterator[E]:
        """Every fact of a kind, in the order it was recorded."""
        return (event for event in self.happened.values() if isinstance(event, kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What whoever says the first fact cannot say: our number, the place, the rules."""

    number: str  # or a series that gives the next one
    site: str
    zone: str
    rulebooks: dict[str, str] = field(default_factory=dict)
    source_key: str | None = None


class Begun(Fact):
    """The first fact of such a stream."""

    number: str
    source_key: str | None = None  # the source's own key of it
    site: str
    zone: Zone
    rulebooks: dict[str, str]  # topic → rulebook@version

    @classmethod
    def kind(cls) -> str:
        """What begins: `shipment`, `project`."""
        return cls.TOPIC.partition(".")[0]

    def claims(self) -> tuple[tuple[str, str], ...]:
        """The source's key, and our number unless it is given when recorded."""
        ours = () if self.series() else ((self.kind(), self.number),)
        if self.source_key is None:
            return ours
        return (*ours, (f"{self.kind()}:{self.who.source}", self.source_key))

    def series(self) -> str:
        """A number that is a series and waits for its digits, among those of its kind."""
        return f"{self.kind()}:{self.number}" if numbering.waits(self.number) else ""


class Amended(Fact):
    """One value of an earlier fact was wrong, and this is the right one."""

    corrects: Annotated[int, Field(ge=1)]  # the version of the fact that was wrong
    field: str
    old: bool | int | str | None = None
    new: bool | int | str | None = None
    reason: str

    def apply(self, record: Record) -> None:
        """Fold it in; what it corrects was looked at when it was recorded."""
        wrong = record.happened[self.corrects]
        record.happened[self.corrects] = with_value(wrong, self.field, self.new)


def amend(
    record: Record,
    correction: type[Amended],
    *,
    who: Who,
    when: When,
    corrects: int,
    field: str,
    new: bool | int | str | None,
    reason: str,
) -> None:
    """Correct one value of a fact. The value that already stands changes nothing."""
    wrong = record.happened.get(corrects)
    if wrong is None or isinstance(wrong, Amended):
        raise InvalidError(Lack("corrects", "name a fact that stands here"))
    if field.split(".", maxsplit=1)[0] in FIXED:
        raise NotAllowedError(Lack("field", "this is what it is known by"))
    old = value_at(wrong, field)
    checked(wrong, field, new)
    if old == new:
        return
    record.record(
        correction(
            who=who,
            when=when,
            corrects=corrects,
            field=field,
            old=old,
            new=new,
            reason=reason,
        )
    )
