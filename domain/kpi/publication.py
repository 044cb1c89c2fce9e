"""Publishing a figure: from then on what was shown stands, whatever becomes known later."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field, StringConstraints

from domain.errors import Lack, NotAllowedError, NotReadyError
from domain.event import Decision, Event, Stream, Value, Who
from domain.kpi.contribution import begin_of_month, next_month
from domain.rulebooks.rulebook import Rules
from domain.times import Instant, Zone
from domain.words import Digest, Line, Text

OURS = UUID("c1f2b7d0-7f0e-4c3e-9d55-0e6f0b7a4a11")  # names every such stream; for ever
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Named = Annotated[str, StringConstraints(pattern=r"^KPI-[a-z][a-z0-9-]{1,58}@[0-9]{1,4}$")]
Number = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,6})?$")]
Position = Annotated[int, Field(ge=1)]


class Scope(Value):
    """Of which part of the plant's business a figure speaks; of all, where it is unsaid."""

    site: Line | None = None
    customer: Line | None = None
    product: Line | None = None


class Cell(Value):
    """A figure as it was shown: of what, and resting on what."""

    kpi: Named
    month: Month
    zone: Zone
    scope: Scope = Scope()
    value: Number | None = None  # none: nothing below the line
    numerator: int
    denominator: Number | None = None
    position: Position  # what the ledger held
    at: Instant  # judged then
    definition: Digest  # SHA-256 of its text
    lines: Digest  # SHA-256 of the lines that were counted

    @property
    def same_as(self) -> tuple[str | None, int, str | None]:
        """What a reader compares."""
        return self.value, self.numerator, self.denominator


def stream_of(kpi: str, month: str, scope: Scope) -> UUID:
    """The stream of what was published of a figure, whichever its version."""
    parts = [kpi.partition("@")[0], month, *(str(one) for _, one in scope)]
    return uuid5(OURS, "\n".join(parts))


@dataclass(kw_only=True)
class Publications(Stream):
    """What was published of one figure of one month: the first time, and ever after."""

    cells: list[Cell] = field(default_factory=list)


class Published(Decision):
    """A person showed a figure to others. It never moves again."""

    TOPIC = "kpi.published"

    cell: Cell

    def begin(self) -> Publications:
        """The first of this figure and month."""
        return Publications()

    def apply(self, publications: Publications) -> None:
        """It stands."""
        publications.cells.append(self.cell)


class Restated(Decision):
    """A person said that another value is to be read in its place, and why."""

    TOPIC = "kpi.restated"

    cell: Cell
    was: Number | None = None
    reason: str

    def apply(self, publications: Publications) -> None:
        """Both stay."""
        publications.cells.append(self.cell)


def publish(cell: Cell, *, who: Who, at: Instant) -> Publications:
    """Publish a month that is over."""
    _over(cell)
    event: Event = Published(who=who, decided_at=at, saw=0, cell=cell)
    begun = event.at(stream_of(cell.kpi, cell.month, cell.scope), 1)
    made: Publications = begun.mutate(None)
    made.news.append(begun)
    return made


def restate(
    publications: Publications,
    _rules: Rules,
    *,
    who: Who,
    at: Instant,
    cell: Cell,
    reason: Text,
) -> None:
    """Say that another value is to be read. One that is the same changes nothing."""
    _over(cell)
    last = publications.cells[-1]
    if last.same_as == cell.same_as:
        raise NotAllowedError(Lack("value", "it is still the value that was published"))
    publications.record(
        Restated(
            who=who,
            decided_at=at,
            saw=publications.version,
            cell=cell,
            was=last.value,
            reason=reason,
        )
    )


def _over(cell: Cell) -> None:
    if cell.at < begin_of_month(next_month(cell.month), cell.zone):
        raise NotReadyError(Lack("month", "wait until the month is over"))


def as_number(value: Decimal | None) -> str | None:
    """A value as an event keeps it: no float comes near it."""
    return None if value is None else f"{value:f}"
