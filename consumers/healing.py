"""Healing: what the feed has not brought, or brought too soon, is read from the store."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from consumers.faults import StoreBehindError
from consumers.feed import Record

MISSING = """
SELECT e.stream, e.version, e.position, e.recorded_at, e.topic, e.state
  FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS gap (stream, first, last)
  JOIN ledger.event AS e
    ON e.stream = gap.stream AND e.version BETWEEN gap.first AND gap.last
 ORDER BY e.stream, e.version
"""
Gap = tuple[int, int]  # first and last version, both included


def in_line(
    conn: Connection[Any], records: Sequence[Record], known: Mapping[UUID, int]
) -> list[Record]:
    """These records, each version of a stream once and in order, with none left out.

    Lower than known plus one: it was there before. Higher: what lies between comes from
    the store.
    """
    new, gaps = [], {}
    last = dict(known)
    for record in records:
        version = last.get(record.stream_id, 0) + 1
        if record.version < version:
            continue
        if record.version > version:
            gaps[record.stream_id, record.version] = (version, record.version - 1)
        new.append(record)
        last[record.stream_id] = record.version
    if not gaps:
        return new
    healed = between(conn, [(stream, *gap) for (stream, _), gap in gaps.items()])
    return list(_filled(new, gaps, healed))


def between(
    conn: Connection[Any], gaps: Sequence[tuple[UUID, int, int]]
) -> dict[UUID, list[Record]]:
    """Events of some streams, from a version to a version, both included; in order."""
    streams, firsts, lasts = (list(column) for column in zip(*gaps, strict=True))
    found: dict[UUID, list[Record]] = {stream: [] for stream in streams}
    for row in conn.execute(MISSING, [streams, firsts, lasts]):
        record = Record(*row)
        found[record.stream_id].append(record)
    wanted = sum(last - first + 1 for _, first, last in gaps)
    if sum(map(len, found.values())) != wanted:
        raise StoreBehindError(f"{wanted} events of {len(found)} streams")
    return found


def _filled(
    new: Sequence[Record],
    gaps: Mapping[tuple[UUID, int], Gap],
    healed: Mapping[UUID, Sequence[Record]],
) -> Iterator[Record]:
    for record in new:
        gap = gaps.get((record.stream_id, record.version))
        if gap:
            first, last = gap
            yield from (
                one for one in healed[record.stream_id] if first <= one.version <= last
            )
        yield record
