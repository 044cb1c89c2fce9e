"""What has to have happened before the work may end."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.complaint.state import Complaint
from domain.event import Event
from domain.rulebooks.predicates import Facts, Predicate
from domain.rulebooks.strict import Shape, Words

Wanted = bool | int | str
Several = Annotated[tuple[Wanted, ...], Field(min_length=1)]
NO_FACTS: Facts = {}
RUN = {"after", "counts", "breaks"}


class Reference(Shape):
    """Events of one topic whose fields are as wanted; a list means one of these."""

    event: str
    where: dict[str, Wanted | Several] = Field(default_factory=dict)

    @property
    def topic(self) -> str:
        """The stored name; without a stream's kind it is a complaint's."""
        return self.event if "." in self.event else f"complaint.{self.event}"

    def matches(self, event: Event) -> bool:
        """Whether this is such an event."""
        if self.topic != event.TOPIC:
            return False
        return all(
            getattr(event, name) in (wanted if isinstance(wanted, tuple) else (wanted,))
            for name, wanted in self.where.items()
        )


# Each kind of need: the words it may have beside it, and those it must have.
WORDS_OF: dict[str, tuple[set[str], set[str]]] = {
    "event": ({"since"}, set()),
    "clean_run": (RUN, RUN),
    "observe": ({"after", "broken_by"}, {"after"}),
    "evidence": ({"in_order"}, set()),
    "signatures": (set(), set()),
    "clock": (set(), set()),
    "facts": (set(), set()),
    "any_of": (set(), set()),
}


class Watch(Shape):
    """A time without the problem. It is over when its last day begins."""

    amount: Annotated[int, Field(ge=1, le=1_200)]
    unit: Literal["day", "week", "month"]


class Need(Shape):
    """What opens a gate: one of its kinds."""

    event: Reference | None = None
    since: Literal["cycle", "complaint"] = "cycle"
    clean_run: Annotated[int, Field(ge=1, le=100)] | None = None
    observe: Watch | None = None
    after: Reference | None = None
    counts: Reference | None = None
    breaks: Reference | None = None
    broken_by: tuple[Reference, ...] = ()
    evidence: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    in_order: bool = False
    signatures: str | None = None  # that decision's chain is complete
    clock: str | None = None  # every run of that clock is stopped
    facts: Predicate | None = None
    any_of: Annotated[tuple[Self, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = {name: getattr(self, name) for name in WORDS_OF}
        given = [name for name, value in kinds.items() if value is not None]
        if len(given) != 1:
            raise ValueError(f"a need is one of: {', '.join(WORDS_OF)}")
        takes, needs = WORDS_OF[given[0]]
        said = self.model_fields_set
        if wrong := sorted(said - {given[0]} - takes):
            raise ValueError(f"`{given[0]}` takes no {', '.join(wrong)}")
        if lacking := sorted(needs - said):
            raise ValueError(f"`{given[0]}` needs {', '.join(lacking)} too")
        return self

    def met(self, complaint: Complaint, facts: Facts = NO_FACTS) -> bool:
        """Whether it has happened in time for this gate; what is unknown keeps it shut.

        Evidence, signatures, clocks and observation have no events yet: shut as well.
        """
        if self.any_of is not None:
            return any(need.met(complaint, facts) for need in self.any_of)
        if self.event is not None:
            since = complaint.cycle_since if self.since == "cycle" else 0
            return any(self.event.matches(event) for event in _since(complaint, since))
        if self.clean_run is not None:
            return self.in_a_row(complaint) >= self.clean_run
        return self.facts is not None and self.facts.judge(facts).truth == "true"

    def references(self) -> Iterator[Reference]:
        """Every event it speaks of."""
        yield from filter(None, (self.event, self.after, self.counts, self.breaks))
        yield from self.broken_by
        for need in self.any_of or ():
            yield from need.references()

    def each(self) -> Iterator[Self]:
        """Itself, and the needs it is made of."""
        yield self
        for need in self.any_of or ():
            yield from need.each()

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
    applies_when: Predicate | None = None  # unknown: it applies

    def shut(self, complaint: Complaint, facts: Facts) -> bool:
        """Whether it keeps the complaint open."""
        if self.applies_when and self.applies_when.judge(facts).truth == "false":
            return False
        return not self.need.met(complaint, facts)


class Ineffective(Shape):
    """What shows that an action did not help, and what follows."""

    shown_by: Annotated[tuple[Reference, ...], Field(min_length=1)]
    then: Literal["return_to_responsible_unit", "escalate", "renegotiate", "stay_open"]
    clause: str


class Closure(Shape):
    """All that must have happened before the work may end."""

    clause: str
    mode: Literal["all", "any", "by_grade"] = "all"
    gates: Annotated[dict[str, Gate], Field(min_length=1)]
    by_grade: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    always: tuple[str, ...] = ()  # gates that hold in every mode
    ineffective: Ineffective | None = None

    @model_validator(mode="after")
    def _modes(self) -> Self:
        if (self.mode == "by_grade") is not bool(self.by_grade):
            raise ValueError("`mode: by_grade` and `by_grade` belong together")
        return self

    def shut(
        self, complaint: Complaint, facts: Facts = NO_FACTS, grade: str | None = None
    ) -> dict[str, Gate]:
        """The gates that keep it open; none when it may be closed.

        By grade, a complaint without a grade has to pass all of them.
        """
        gates = self.gates
        if grade in self.by_grade:
            asked = {*self.by_grade[grade], *self.always}
            gates = {name: gate for name, gate in gates.items() if name in asked}
        closed = {n: gate for n, gate in gates.items() if gate.shut(complaint, facts)}
        always = {name for name in self.always if name in closed}
        if self.mode == "any" and not always and len(closed) < len(gates):
            return {}
        return closed

    def gate_clause(self, event: str) -> str | None:
        """The clause of the gate that asks for this event."""
        for gate in self.gates.values():
            if any(reference.event == event for reference in gate.need.references()):
                return gate.clause
        return None
