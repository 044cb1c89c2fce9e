"""What has to have happened before the work may end, and how a complaint is screened."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.complaint.state import Complaint
from domain.event import Event
from domain.rulebooks.strict import Shape, Words

Wanted = bool | int | str


class Outcome(Shape):
    """One result of screening."""

    name: Words
    clause: str
    grounded: bool
    ends_complaint: bool = False
    counts_in_kpi: bool = True
    counts_in_clocks: bool = True
    counts_in_repeats: bool = True


class Screening(Shape):
    """Whether a complaint is ours to answer for."""

    decided_by: tuple[str, ...] = ()
    outcomes: dict[str, Outcome] = Field(min_length=1)


class Reference(Shape):
    """Events of one topic whose fields are as wanted; a list means one of these."""

    event: str
    where: dict[str, Wanted | tuple[Wanted, ...]] = Field(default_factory=dict)

    def matches(self, event: Event) -> bool:
        """Whether this is such an event."""
        if f"complaint.{self.event}" != event.TOPIC:
            return False
        return all(
            getattr(event, name) in (wanted if isinstance(wanted, tuple) else (wanted,))
            for name, wanted in self.where.items()
        )


class Need(Shape):
    """What opens a gate: one of its kinds."""

    event: Reference | None = None
    since: Literal["cycle", "complaint"] = "cycle"
    clean_run: int | None = Field(default=None, ge=1, le=100)
    after: Reference | None = None
    counts: Reference | None = None
    breaks: Reference | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        run = (self.clean_run, self.after, self.counts, self.breaks)
        if (self.event is None) is any(part is None for part in run):
            raise ValueError(
                "a need is an `event`, or `clean_run`, `after`, `counts`, `breaks`"
            )
        return self

    def met(self, complaint: Complaint) -> bool:
        """Whether it has happened in time for this gate."""
        if self.event is not None:
            since = complaint.cycle_since if self.since == "cycle" else 0
            return any(self.event.matches(event) for event in _since(complaint, since))
        return self.in_a_row(complaint) >= (self.clean_run or 0)

    def references(self) -> Iterator[Reference]:
        """Every event it speaks of."""
        yield from filter(None, (self.event, self.after, self.counts, self.breaks))

    def in_a_row(self, complaint: Complaint) -> int:
        """How many checks in a row were clean after the latest implementation."""
        assert self.after is not None
        assert self.counts is not None
        assert self.breaks is not None
        row, begun = 0, False
        for event in _since(complaint, complaint.cycle_since):
            if self.after.matches(event):
                row, begun = 0, True
            elif begun and self.breaks.matches(event):
                row = 0
            elif begun and self.counts.matches(event):
                row += 1
        return row


def _since(complaint: Complaint, version: int) -> Iterator[Event]:
    return (event for at, event in complaint.happened.items() if at > version)


class Gate(Shape):
    """One thing that has to be so before the work may end."""

    name: Words
    clause: str
    need: Need


class Ineffective(Shape):
    """What shows that an action did not help, and what follows."""

    shown_by: tuple[Reference, ...] = Field(min_length=1)
    then: Literal["return_to_responsible_unit", "escalate", "renegotiate", "stay_open"]
    clause: str


class Closure(Shape):
    """All that must have happened before the work may end."""

    clause: str
    mode: Literal["all", "any"] = "all"
    gates: dict[str, Gate] = Field(min_length=1)
    ineffective: Ineffective | None = None

    def shut(self, complaint: Complaint) -> dict[str, Gate]:
        """The gates that keep it open; none when it may be closed."""
        closed = {n: g for n, g in self.gates.items() if not g.need.met(complaint)}
        if self.mode == "any" and len(closed) < len(self.gates):
            return {}
        return closed

    def gate_clause(self, event: str) -> str | None:
        """The clause of the gate that asks for this event."""
        for gate in self.gates.values():
            if any(reference.event == event for reference in gate.need.references()):
                return gate.clause
        return None
