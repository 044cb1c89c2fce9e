"""Complaints told event by event, as a read model is given them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.complaint.correction import Corrected
from domain.complaint.intake import Received
from domain.complaint.items import Item
from domain.event import Decision, Event, Fact, When
from projections import generations
from projections.projection import Projection, Recorded
from projections.tracking_columns import row_of
from projections.tracking_kept import Kept, follow
from projections.tracking_row import Row
from tests.builders import LI, TUESDAY, WANG, when

COMPLAINT, PARTY = UUID(int=7), UUID(int=9)
RECORDED = TUESDAY + timedelta(days=30)


def received(**said: Any) -> Received:
    """A complaint of which only the least is known, unless told otherwise."""
    words: dict[str, Any] = {
        "who": LI,
        "when": when(),
        "number": "C-2026-000001",
        "party_id": PARTY,
        "items": (Item(),),
        "received_at": TUESDAY,
        "site": "plant-1",
        "zone": "Asia/Shanghai",
        "policy_set": "plant@1",
        "rulebooks": {"grading": "S46@1", "closure": "S46@1"},
        "origin": "live",
    }
    return Received(**words | said)


def day(nth: int) -> datetime:
    """So many days after the first one."""
    return TUESDAY + timedelta(days=nth)


def fact(event: type[Fact], on: datetime = TUESDAY, /, **said: Any) -> Event:
    """The world did it; with `precision="day"`, some time on that day."""
    if "party_id" in event.model_fields:
        said = {"party_id": PARTY} | said
    time = When(occurred_at=on, precision=said.pop("precision", None))
    return event(who=LI, when=time, **said)


def decision(event: type[Decision], on: datetime = TUESDAY, /, **said: Any) -> Event:
    """Somebody decided it."""
    return event(who=WANG, decided_at=on, saw=1, **said)


def corrected(version: int, wrong: type[Event], field: str, new: Any) -> Event:
    """What was said in that version was wrong in one place."""
    return fact(
        Corrected,
        day(50),
        corrects=version,
        topic=wrong.TOPIC,
        field=field,
        new=new,
        reason="misheard",
    )


def told(*events: Event, complaint: UUID = COMPLAINT, position: int = 1) -> list[Recorded]:
    """The events of one complaint, in the order they were recorded."""
    return [
        Recorded(
            stream_id=complaint,
            version=version,
            position=position + version - 1,
            recorded_at=recorded_at(position + version - 1),
            event=event.at(complaint, version),
        )
        for version, event in enumerate(events, start=1)
    ]


def recorded_at(position: int) -> datetime:
    return RECORDED + timedelta(seconds=position)


def kept(line: Iterable[Recorded]) -> Kept:
    """What is remembered after all of them."""
    made: Kept | None = None
    for at in line:
        made = follow(made, at)
    assert made is not None
    return made


def row(*events: Event) -> Row:
    """The row of a complaint that was received, and of which this was said then."""
    first = () if events and isinstance(events[0], Received) else (received(),)
    return row_of(kept(told(*first, *events)))


def same_but_for_the_correction(row: Row) -> Row:
    """Without what tells that there was one: how many, and when the last event came."""
    return replace(row, version=0, position=0, updated_at=RECORDED, corrected=0)


def fill(conn: Connection[Any], projection: Projection, batch: Sequence[Recorded]) -> None:
    """Let a read model follow these, in one transaction, as a projector does."""
    live = generations.live(conn, projection.name)
    assert live is not None
    with conn.transaction():
        generations.enter(conn, live.name)
        projection.project(conn, batch)
