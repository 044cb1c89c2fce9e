"""As of: which part of a complaint's history somebody asks for, by either of its times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any

from psycopg import Connection

from api.complaints.history import Recorded
from domain.complaint.happened import happened_by
from domain.errors import InvalidError, Lack, UnknownComplaintError

POSITION_MAX = 2**63 - 1
NO_POINT = "send a position, or an RFC 3339 time with its offset"
HEAD = "SELECT coalesce(max(position), 0), clock_timestamp() FROM ledger.event"
LAST_BY = (
    "SELECT position FROM ledger.event WHERE recorded_at <= %s"
    " ORDER BY recorded_at DESC LIMIT 1"
)
RECORDED_AT = "SELECT recorded_at FROM ledger.event WHERE position = %s"
SEALED = "SELECT size, at FROM sealing.checkpoint WHERE size >= %s ORDER BY size LIMIT 1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. Nothing at all means: as it stands now."""

    recorded: int | datetime | None = None  # up to this position, or recorded by then
    occurred_by: datetime | None = None  # only what had happened by then


NOW = Asked()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was signed of the ledger: everything up to a position, and when."""

    size: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where that is in the ledger. The same position shows the same for ever."""

    position: int  # the last one that is looked at
    recorded_at: datetime  # of that position
    instant: datetime | None  # when an instant was asked for: none was recorded between
    occurred_by: datetime | None
    head_position: int  # of the ledger, when this was asked
    checkpoint: (
        Checkpoint | None
    )  # the first that seals it, hence when it was at the latest


def asked(
    recorded: str | None,
    occurred_by: str | None,
    *,
    fields: tuple[str, str] = ("as_of", "occurred_by"),
) -> Asked:
    """What a program asks for, as text; *fields* is what it calls the two times."""
    return Asked(
        _place(fields[0], recorded) if recorded else None,
        exact(fields[1], occurred_by, NO_POINT) if occurred_by else None,
    )


def point(conn: Connection[Any], asked: Asked, *, field: str = "as_of") -> Point:
    """The position that was asked for, or the last one recorded by that instant."""
    row = conn.execute(HEAD).fetchone()
    assert row is not None
    head, now = row
    match asked.recorded:
        case None:
            position = head
        case int(position):
            if position > head:
                raise InvalidError(Lack(field, f"the ledger ends at position {head}"))
        case instant:
            if instant > now:
                raise InvalidError(Lack(field, "that time has not come yet"))
            found = conn.execute(LAST_BY, [instant]).fetchone()
            position = found[0] if found else 0
    recorded_at = conn.execute(RECORDED_AT, [position]).fetchone()
    if recorded_at is None:
        raise UnknownComplaintError(Lack(field, "the ledger was empty then"))
    sealed = conn.execute(SEALED, [position]).fetchone()
    return Point(
        position=position,
        recorded_at=recorded_at[0],
        instant=asked.recorded if isinstance(asked.recorded, datetime) else None,
        occurred_by=asked.occurred_by,
        head_position=head,
        checkpoint=Checkpoint(*sealed) if sealed else None,
    )


def seen(history: Sequence[Recorded], at: Point) -> list[Recorded]:
    """What of a history lies before that point. It is refused when that is nothing."""
    first = history[0]
    if at.position < first.position:
        raise UnknownComplaintError(
            Lack("as_of", f"it was first recorded at position {first.position}")
        )
    if found := known(history, at):
        return found
    raise UnknownComplaintError(Lack("occurred_by", "it was received later than that"))


def known(history: Sequence[Recorded], at: Point) -> list[Recorded]:
    """The same, and nothing when nobody had complained by then."""
    found = [one for one in history if one.position <= at.position]
    if at.occurred_by is None:
        return found
    had = happened_by([one.event for one in found], at.occurred_by)
    versions = {event.originator_version for event in had}
    return [one for one in found if one.event.originator_version in versions]


def exact(field: str, said: str, fix: str) -> datetime:
    """An RFC 3339 instant; a plus that nobody escaped arrives in an address as a space."""
    try:
        instant = datetime.fromisoformat(said.replace(" ", "+"))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not MINYEAR < instant.year < MAXYEAR:
        raise InvalidError(Lack(field, fix))
    return instant


def _place(field: str, said: str) -> int | datetime:
    if said.isascii() and said.isdecimal():
        return min(int(said[:20]), POSITION_MAX)
    return exact(field, said, NO_POINT)
