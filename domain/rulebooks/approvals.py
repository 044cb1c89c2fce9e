"""Who may ask, who signs in which order, who then acts; and who is asked when it sticks."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.rulebooks.clocks import Span
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.strict import Key, Shape, Words

Roles = Annotated[tuple[str, ...], Field(min_length=1)]


class Party(Shape):
    """One of these roles, or all of them together."""

    roles: Roles
    all_of: bool = False


class Step(Party):
    """One signature of a chain."""

    when: Predicate | None = None  # the step is only taken when this holds


class Approval(Shape):
    """One decision: proposed, signed step by step, then carried out."""

    name: Words
    clause: str
    propose: Party
    chain: tuple[Step, ...]  # none: effective by the proposal
    order: Literal["strict", "any"] = "strict"
    when: Predicate | None = None  # it may be asked for only when this holds
    execute: Party | None = None  # refused before the chain is complete
    needs_argument: bool = False
    distinct_persons: bool = True

    @model_validator(mode="after")
    def _not_in_a_circle(self) -> Self:
        signed: set[tuple[str, ...]] = set()
        for step in self.chain:
            if step.roles in signed and step.when is None:
                raise ValueError(
                    f"the chain goes in a circle: {', '.join(step.roles)} signs twice"
                )
            signed.add(step.roles)
        return self


class Rung(Shape):
    """One level that is asked when the one below cannot settle it."""

    name: Words
    roles: Roles
    clause: str
    all_of: bool = False
    limit: Span | None = None  # no source states one


class Escalation(Shape):
    """The ladder, lowest rung first."""

    clause: str
    rungs: Annotated[dict[Key, Rung], Field(min_length=1)]
    allow_skip: bool = False
    skip_when: Predicate | None = None
    on_lapse: tuple[str, ...] = ()  # clocks whose lapse asks the next rung by itself
    rung_by_grade: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _upwards(self) -> Self:
        seen: set[tuple[str, ...]] = set()
        for name, rung in self.rungs.items():
            if rung.roles in seen:
                raise ValueError(f"the ladder goes in a circle: {name} asks a lower rung")
            seen.add(rung.roles)
        return self
