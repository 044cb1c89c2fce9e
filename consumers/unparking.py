"""Parked streams as a person meets them: which there are, and letting them go on."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from consumers import mending
from consumers.ownership import open_session
from consumers.projector import Projector
from domain.codec import Codec
from domain.registry import REGISTRY
from projections import generations
from projections.parked import PARKED_MAX
from projections.projection import Projection

PARKED = """
SELECT p.stream_id, p.from_version, p.reason FROM running.parked AS p
 WHERE p.generation = %s AND (%s::uuid IS NULL OR p.stream_id = %s)
 ORDER BY p.position
"""


class Tried(NamedTuple):
    """One stream that a read model could not follow, and whether it can now."""

    projection: str
    stream_id: UUID
    from_version: int
    reason: str
    goes_on: bool


def unpark(
    projections: Sequence[Projection],
    *,
    dsn: str,
    stream_id: UUID | None = None,
    parked_max: int = PARKED_MAX,
) -> Iterator[Tried]:
    """Try each parked stream again, or that one alone. *dsn* is the owner's."""
    with open_session(dsn, "ledger unpark") as conn:
        for projection in projections:
            live = generations.live(conn, projection.name)
            if live is None:
                continue
            projector = Projector(
                projection,
                live.name,
                codec=Codec(REGISTRY),
                conn=conn,
                parked_max=parked_max,
            )
            rows = conn.execute(PARKED, [live.name, stream_id, stream_id]).fetchall()
            for parked, version, reason in rows:
                goes_on = mending.set_free(projector, parked)
                yield Tried(projection.name, parked, version, reason, goes_on)
