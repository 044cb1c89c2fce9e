"""Sixty complaints of which half is unknown, another half each time."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.complaint import assignment, closure, grading
from domain.complaint.items import Item
from domain.event import Event
from projections import PROJECTIONS, generations
from projections.projection import Recorded
from projections.tracking import tracking
from tests.projections.telling import day, decision, fill, received, told


def complaint(nth: int, **said: Any) -> list[Recorded]:
    """The nth of them; what is said of it here is known."""
    item = Item(
        product=f"P-{nth % 4}" if nth % 3 else None,
        batch=f"B{nth % 7}-0" if nth % 2 else None,
        defect="leak" if nth % 5 else None,
        quantity=nth % 6 if nth % 4 else None,
    )
    words: dict[str, Any] = {
        "number": f"C-2026-{nth:06}",
        "customer": ["Nord", "澄江", None][nth % 3],
        "channel": "phone" if nth % 2 else None,
        "items": (item,),
        "received_at": day(nth % 9),
    }
    events: list[Event] = [received(**words | said)]
    if nth % 3 == 0:
        events.append(decision(grading.Graded, scheme="S46", code="ABC"[nth % 2]))
    if nth % 4 == 0:
        events.append(decision(assignment.Assigned, owner=f"p-{nth % 3}"))
    if nth % 7 == 0:
        events.append(decision(closure.Closed, day(20 + nth % 5)))
    return told(*events, complaint=UUID(int=nth), position=nth * 10)


def sixty(conn: Connection[Any]) -> Connection[Any]:
    """A tracking table with the sixty in it."""
    generations.install(conn, PROJECTIONS)
    fill(conn, tracking, [at for nth in range(1, 61) for at in complaint(nth)])
    return conn
