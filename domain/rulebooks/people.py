"""Whom a regulation is made for: its scope, its roles, who takes in, who speaks."""

from typing import Annotated, Literal

from pydantic import Field

from domain.rulebooks.predicates import Predicate
from domain.rulebooks.strict import Named, Shape, Words

ComplaintKind = Literal[
    "product",
    "service",
    "sample",
    "delivery",
    "production",
    "construction",
    "supplier_lot",
]


class Scope(Shape):
    """What the text is made for; an empty list means any."""

    subjects: Annotated[
        tuple[Literal["complaint", "offence", "lot", "period", "project"], ...],
        Field(min_length=1),
    ]
    complaint_kinds: tuple[ComplaintKind, ...] = ()
    sites: tuple[str, ...] = ()
    product_lines: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()


class RoleName(Shape):
    """A role as the regulation calls it."""

    name: Words
    aliases: tuple[Named, ...] = ()


class Intake(Shape):
    """Who takes a complaint in, and what they may do with it."""

    clause: str
    roles: tuple[str, ...] = ()  # none: whoever is asked
    channels: tuple[Named, ...] = ()
    may_assign: tuple[str, ...] = ()
    first_asked_owns: bool = False
    paperwork_later: bool = False


class Speaker(Shape):
    """Who speaks to the customer; the first whose condition holds."""

    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    clause: str
    when: Predicate | None = None
