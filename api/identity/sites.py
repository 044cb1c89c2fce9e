"""Sites: what is of a plant where a role does not hold is, for it, not there."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg import Connection

from api.parts import Parts, reading
from domain.errors import (
    Lack,
    NotPermittedError,
    UnknownComplaintError,
    UnknownRecordError,
)
from projections.tracking_filter import Query

FIRST = """
    SELECT convert_from(state, 'UTF8')::jsonb ->> 'site' FROM ledger.event
     WHERE stream = %s ORDER BY version LIMIT 1
"""
NOWHERE = "\N{EMPTY SET}"  # no site is called so


async def complaint_of(parts: Parts, number: str) -> UUID:
    """The complaint of this number; one of another site is unknown."""
    found = await parts.ledger.numbered(number)
    if not await _holds_for(parts, found):
        raise UnknownComplaintError(Lack("number", "check the number"))
    return found


async def record_of(parts: Parts, kind: str, number: str) -> UUID:
    """The same for a shipment or a project."""
    found = await parts.ledger.recorded_as(kind, number)
    if not await _holds_for(parts, found):
        raise UnknownRecordError(Lack("number", "check the number"))
    return found


def narrowed(parts: Parts, query: Query) -> Query:
    """The query, with nothing in its answer that is of another site."""
    held = parts.operator.sites
    if held is None:
        return query
    asked: Iterable[str] = query.site or held
    return replace(query, site=tuple(sorted(held & set(asked))) or (NOWHERE,))


def check_here(parts: Parts) -> None:
    """Refuse to take anything in at a plant where their role does not hold."""
    held = parts.operator.sites
    if held is not None and parts.site not in held:
        raise NotPermittedError(Lack("site", f"your role holds at: {', '.join(held)}"))


async def _holds_for(parts: Parts, stream: UUID) -> bool:
    held = parts.operator.sites
    return held is None or await reading(parts, _site, stream) in held


def _site(conn: Connection[Any], stream: UUID) -> str | None:
    row = conn.execute(FIRST, [stream]).fetchone()
    return row[0] if row else None
