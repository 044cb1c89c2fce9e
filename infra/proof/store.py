"""The proof's tables: tiles, checkpoints, and the rows that the leaves are made of."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from psycopg import Connection

from infra.proof.leaf import AnswerRow, EventRow
from infra.proof.tiles import WIDTH, At, Growing, TileMissingError, edge_of

Tree = Literal["events", "answers"]
RECORDED_US = "(extract(epoch FROM recorded_at) * 1000000)::bigint"  # exact: it is numeric
EVENTS = f"""
SELECT position, {RECORDED_US}, uuid_send(stream), version, topic, state
  FROM ledger.event WHERE position > %s ORDER BY position LIMIT %s
"""  # noqa: S608 our own words
ANSWERS = f"""
SELECT position, {RECORDED_US}, source, message_id, digest, outcome, uuid_send(stream),
       version, detail
  FROM ledger.inbox WHERE position > %s AND position <= %s ORDER BY position
"""  # noqa: S608
KEEP = """
INSERT INTO sealing.tile (tree, level, nth, hashes)
SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::bytea[])
    ON CONFLICT (tree, level, nth) DO UPDATE SET hashes = excluded.hashes
"""
TILES = """
SELECT nth, hashes FROM sealing.tile
 WHERE tree = %s AND level = 0 AND nth BETWEEN %s AND %s ORDER BY nth
"""

# Position, recorded_at in microseconds, stream, version, topic, state.
Row = tuple[int, int, bytes, int, str, bytes]


class Head(NamedTuple):
    """How far the sealer has come, as it last said."""

    size: int
    answers: int
    rechecked: int
    round_at: datetime | None
    anchored: int
    trouble: str | None
    beat_at: datetime | None


def head(conn: Connection[Any]) -> Head:
    """What is sealed."""
    row = conn.execute(
        "SELECT size, answers, rechecked, round_at, anchored, trouble, beat_at"
        " FROM sealing.head"
    ).fetchone()
    assert row is not None, "the migration made it"
    return Head(*row)


def events(conn: Connection[Any], after: int, limit: int) -> list[Row]:
    """The next events, bare: the whole store is read through this."""
    return conn.execute(EVENTS.encode(), [after, limit], binary=True).fetchall()


def event_row(row: Row) -> EventRow:
    """The same with names."""
    position, recorded_us, stream, version, topic, state = row
    return EventRow(position, recorded_us, UUID(bytes=stream), version, topic, state)


def answers(conn: Connection[Any], after: int, until: int) -> list[AnswerRow]:
    """Answers whose last event is among these."""
    rows = conn.execute(ANSWERS.encode(), [after, until], binary=True).fetchall()
    return [AnswerRow(*row) for row in rows]


def tile_of(conn: Connection[Any], tree: Tree) -> Callable[[At], bytes]:
    """The tiles of a tree, each read once."""
    read: dict[At, bytes] = {}

    def tile(at: At) -> bytes:
        if at not in read:
            row = conn.execute(
                "SELECT hashes FROM sealing.tile WHERE (tree, level, nth) = (%s, %s, %s)",
                [tree, *at],
                binary=True,
            ).fetchone()
            if row is None:
                raise TileMissingError(f"tile {at.level}/{at.nth} of {tree} is missing")
            read[at] = row[0]
        return read[at]

    return tile


def growing(conn: Connection[Any], tree: Tree, size: int) -> Growing:
    """The right edge of a tree of this size."""
    tile = tile_of(conn, tree)
    begun = [at for at in edge_of(size) if size >> at.level * 8 & 255]
    return Growing(size, {at.level: _cut(tile(at), size, at.level) for at in begun})


def keep(conn: Connection[Any], tree: Tree, tiles: Iterable[tuple[At, bytes]]) -> None:
    """Write these tiles."""
    found = list(tiles)
    levels, places = [at.level for at, _ in found], [at.nth for at, _ in found]
    conn.execute(KEEP, [tree, levels, places, [hashes for _, hashes in found]])


def leaves(conn: Connection[Any], tree: Tree, first_tile: int, last_tile: int) -> bytes:
    """Leaf hashes side by side, from the first of one tile to the last of another."""
    rows = conn.execute(TILES, [tree, first_tile, last_tile], binary=True).fetchall()
    for nth, row in enumerate([*rows, (last_tile + 1, b"")], start=first_tile):
        if row[0] != nth:
            first = nth * WIDTH + 1
            raise TileMissingError(f"tile 0/{nth} of {tree} is missing", first=first)
    return b"".join(hashes for _, hashes in rows)


def latest(conn: Connection[Any]) -> str | None:
    """The checkpoint that was signed last."""
    row = conn.execute(
        "SELECT note FROM sealing.checkpoint ORDER BY size DESC LIMIT 1"
    ).fetchone()
    return None if row is None else str(row[0])


def notes(conn: Connection[Any], after: int, limit: int) -> list[tuple[int, str]]:
    """Checkpoints over more than so many events."""
    return conn.execute(
        "SELECT size, note FROM sealing.checkpoint WHERE size > %s ORDER BY size LIMIT %s",
        [after, limit],
    ).fetchall()


def _cut(hashes: bytes, size: int, level: int) -> bytes:
    """What an open tile held when the tree was of this size."""
    return hashes[: (size >> level * 8 & 255) * 32]
