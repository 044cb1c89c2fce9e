"""How a complaint is screened: whether it is ours to answer for, and what it counts for."""

from typing import Annotated

from pydantic import Field

from domain.rulebooks.gates import Reference
from domain.rulebooks.predicates import Predicate
from domain.rulebooks.strict import Key, Shape, Words


class Outcome(Shape):
    """One result of screening."""

    name: Words
    clause: str
    grounded: bool
    ends_complaint: bool = False
    needs: tuple[Reference, ...] = ()  # what has to follow all the same
    counts_in_kpi: bool = True
    counts_in_clocks: bool = True
    counts_in_repeats: bool = True


class Screening(Shape):
    """Whether a complaint is ours to answer for."""

    decided_by: tuple[str, ...] = ()
    outcomes: Annotated[dict[Key, Outcome], Field(min_length=1)]
    excluded_when: Predicate | None = None
