"""What has to have happened before the work may end."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.event import Event
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.strict import Shape, Words

Wanted = bool | int | str
Several = Annotated[tuple[Wanted, ...], Field(min_length=1)]
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


Kind = Literal[
    "event", "clean_run", "observe", "evidence", "signatures", "clock", "facts", "any_of"
]
# Each kind of need: the words it may have beside it, and those it must have.
WORDS_OF: dict[Kind, tuple[set[str], set[str]]] = {
    "event": ({"since", "after"}, set()),
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

    @property
    def kind(self) -> Kind:
        """Which of them it is."""
        return next(kind for kind in WORDS_OF if getattr(self, kind) is not None)

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


class Gate(Shape):
    """One thing that has to be so before the work may end."""

    name: Words
    clause: str
    need: Need
    applies_when: Predicate | None = None  # unknown: it applies
    in_force: bool = True  # false: the plant has not switched it on


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
    on_broken_pledge: Literal["flag", "reopen"] = "flag"  # no source says more

    @model_validator(mode="after")
    def _modes(self) -> Self:
        if (self.mode == "by_grade") is not bool(self.by_grade):
            raise ValueError("`mode: by_grade` and `by_grade` belong together")
        return self

    def asked(self, grade: str | None) -> dict[str, Gate]:
        """The gates to be passed. By grade, what has no grade has to pass all of them."""
        there = {name: gate for name, gate in self.gates.items() if gate.in_force}
        if self.mode != "by_grade" or grade not in self.by_grade:
            return there
        wanted = {*self.by_grade[grade], *self.always}
        return {name: gate for name, gate in there.items() if name in wanted}

    def gate_clause(self, event: str) -> str | None:
        """The clause of the gate that asks for this event."""
        for gate in self.gates.values():
            if any(reference.event == event for reference in gate.need.references()):
                return gate.clause
        return None
