"""What a superuser may do to the database, each thing found, placed and named."""

import random
from typing import Any

import pytest
from psycopg import Connection

from infra.proof import leaf, merkle, store
from infra.proof.compare import hashed
from infra.proof.recheck import whole
from infra.proof.tiles import Growing
from tests.proof.sealed import Sealed

AT = 600  # somewhere in the middle; the checkpoints around it cover 500 and 600
RENUMBER = """
UPDATE ledger.event SET position = -position WHERE position > {at};
UPDATE ledger.event SET position = -position - 1 WHERE position < 0
"""
BIT = "state = set_byte(state, 5, get_byte(state, 5) # 1)"

# What was done; the position of the first thing that is wrong, its kind, its words.
MATRIX = [
    (f"UPDATE ledger.event SET {BIT} WHERE position = 600", 600, "changed", "stored bytes"),
    (
        "UPDATE ledger.event SET topic = 'complaint.reopened' WHERE position = 600",
        600,
        "changed",
        "the topic is another; it was complaint.",
    ),
    (
        (
            "UPDATE ledger.event AS a SET state = b.state FROM ledger.event AS b"
            " WHERE (a.position, b.position) IN ((600, 900), (900, 600))"
        ),
        600,
        "changed",
        "stored bytes",
    ),
    (
        (
            "UPDATE ledger.event SET recorded_at = (SELECT recorded_at FROM ledger.event"
            " WHERE position = 1) - interval '1 day' WHERE position = 600"
        ),
        600,
        "changed",
        "recorded_at is another",
    ),
    (
        (
            "UPDATE ledger.event SET position = -1 WHERE position = 600;"
            "UPDATE ledger.event SET position = 600 WHERE position = 900;"
            "UPDATE ledger.event SET position = 900 WHERE position = -1"
        ),
        600,
        "changed",
        "what was sealed here stands at position 900 now",
    ),
    (
        "UPDATE ledger.event SET stream = gen_random_uuid() WHERE position = 600",
        600,
        "changed",
        "more than one column",
    ),
    (
        (
            "UPDATE ledger.event SET version = version + 1 WHERE position ="
            " (SELECT min(position) FROM ledger.event AS e WHERE position >= 600"
            " AND NOT EXISTS"
            " (SELECT FROM ledger.event AS n WHERE n.stream = e.stream"
            " AND n.version > e.version))"
        ),
        None,
        "changed",
        "the version is another",
    ),
    ("DELETE FROM ledger.event WHERE position = 600", 600, "missing", "not there any more"),
    ("DELETE FROM ledger.event WHERE position = 1300", 1300, "missing", "not there"),
    ("DELETE FROM ledger.event WHERE position = 1", 1, "missing", "not there any more"),
    (
        f"DELETE FROM ledger.event WHERE position = 600; {RENUMBER.format(at=600)}",
        600,
        "changed",
        "what was sealed here|more than one column|stored bytes",
    ),
    (
        (
            "DELETE FROM ledger.inbox WHERE position ="
            " (SELECT min(position) FROM ledger.inbox WHERE position >= 600)"
        ),
        None,
        "missing",
        "the answer to a message",
    ),
    (
        (
            "UPDATE ledger.inbox SET digest = 'x' WHERE position ="
            " (SELECT min(position) FROM ledger.inbox WHERE position >= 600)"
        ),
        None,
        "changed",
        "the answer to the message that led to this event is another",
    ),
    (
        (
            "INSERT INTO ledger.inbox SELECT 'x', 'y', 'd', 'accepted', stream, version,"
            " position, recorded_at FROM ledger.event WHERE position = 600"
        ),
        None,
        "",
        "answer",
    ),
    (
        (
            "UPDATE sealing.tile SET"
            " hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)"
            " WHERE (tree, level, nth) = ('events', 1, 0)"
        ),
        257 - 256,
        "tile",
        "does not fit",
    ),
    (
        "DELETE FROM sealing.tile WHERE (tree, level, nth) = ('events', 0, 2)",
        513,
        "tile",
        "missing",
    ),
    (
        "DELETE FROM sealing.tile WHERE (tree, level, nth) = ('answers', 0, 0)",
        1,
        "tile",
        "missing",
    ),
]


@pytest.mark.parametrize(("done", "position", "what", "words"), MATRIX)
def test_it_is_found_placed_and_named(
    store_of_1300: Sealed, done: str, position: int | None, what: str, words: str
) -> None:
    with store_of_1300.tampering() as conn:
        assert store_of_1300.found(conn) == []
        conn.execute(done.encode())

        first = store_of_1300.found(conn)[0]

        assert what in first.what
        assert any(each in first.words for each in words.split("|")), first
        if position is None:
            assert AT <= first.position < AT + 20
        else:
            assert first.position == position


# --- rewritten together with the proof: only what lies outside tells


def seal_again(conn: Connection[Any], size: int) -> None:
    """As somebody does who can write everything but has not got the key."""
    grown = {"events": Growing(), "answers": Growing()}
    tiles = {
        "events": list(grown["events"].add(hashed(r) for r in store.events(conn, 0, size))),
        "answers": list(
            grown["answers"].add(leaf.of_answer(r) for r in store.answers(conn, 0, size))
        ),
    }
    conn.execute("DELETE FROM sealing.tile")
    store.keep(conn, "events", [*tiles["events"], *grown["events"].edge()])
    store.keep(conn, "answers", [*tiles["answers"], *grown["answers"].edge()])
    conn.execute(
        "UPDATE sealing.head SET size = %s, answers = %s",
        [grown["events"].size, grown["answers"].size],
    )


@pytest.mark.parametrize(
    ("done", "interval"),
    [
        (f"UPDATE ledger.event SET {BIT} WHERE position = 550", (501, 600)),
        (
            "UPDATE ledger.event SET recorded_at = recorded_at WHERE position = 550",
            None,  # nothing was changed
        ),
        (
            f"DELETE FROM ledger.event WHERE position = 550; {RENUMBER.format(at=550)}",
            (501, 600),
        ),
        ("DELETE FROM ledger.event WHERE position > 1250", (1251, 1300)),
        ("DELETE FROM ledger.inbox WHERE position BETWEEN 1200 AND 1205", "answers"),
    ],
)
def test_what_was_changed_with_its_proof_is_found_by_the_anchors(
    store_of_1300: Sealed, done: str, interval: tuple[int, int] | str | None
) -> None:
    with store_of_1300.tampering() as conn:
        conn.execute(done.encode())
        conn.execute("DELETE FROM sealing.checkpoint WHERE size > 400")  # outside they stay
        seal_again(conn, 1300)

        found = [one for one in store_of_1300.found(conn) if one.what == "root"]

        if interval is None:
            assert found == []
        elif isinstance(interval, str):
            assert {one.tree for one in found} == {interval}
        else:
            first, last = interval
            assert found[0].position == first or first <= found[0].position <= last


def test_a_stream_without_its_middle_is_found_even_sealed_again(
    store_of_1300: Sealed,
) -> None:
    """A version less in a stream is said even where everything was sealed again."""
    with store_of_1300.tampering() as conn:
        row = conn.execute(
            "SELECT position FROM ledger.event AS e WHERE position > 600 AND EXISTS (SELECT"
            " FROM ledger.event AS n WHERE n.stream = e.stream AND n.version > e.version)"
            " AND version > 1 ORDER BY position LIMIT 1"
        ).fetchone()
        assert row is not None
        conn.execute("DELETE FROM ledger.event WHERE position = %s", row)
        conn.execute(RENUMBER.format(at=row[0]).encode())
        seal_again(conn, 1300)

        assert "gap" in {one.what for one in store_of_1300.found(conn)}


# --- at random

COLUMNS = {
    "state": "set_byte(state, %(n)s %% octet_length(state),"
    " get_byte(state, %(n)s %% octet_length(state)) # (1 << (%(n)s %% 7)))",
    "topic": "topic || 'x'",
    "version": "version + 1000",
    "stream": "gen_random_uuid()",
    "recorded_at": "recorded_at + interval '1 hour' + %(n)s * interval '1 us'",
}


def test_any_single_change_of_a_row_is_found_and_placed(store_of_1300: Sealed) -> None:
    chance = random.Random(20)  # noqa: S311 the same every time
    with store_of_1300.tampering() as conn:
        hashes = store.leaves(conn, "events", 0, 5)
        for _ in range(150):
            column, at = chance.choice([*COLUMNS]), chance.randrange(1, 1301)
            conn.execute("SAVEPOINT before")
            conn.execute(
                f"UPDATE ledger.event SET {column} = {COLUMNS[column]}"
                " WHERE position = %(at)s".encode(),
                {"n": chance.randrange(1000), "at": at},
            )
            rows = store.events(conn, at - 1, 1)
            assert hashed(rows[0]) != hashes[(at - 1) * 32 : at * 32], (column, at)
            if chance.random() < 0.1:
                found = store_of_1300.found(conn)
                assert (found[0].position, found[0].what) == (at, "changed")
            conn.execute("ROLLBACK TO SAVEPOINT before")


def test_a_ledger_that_nobody_touched_raises_no_alarm(store_of_1300: Sealed) -> None:
    with store_of_1300.tampering() as conn:
        for _ in range(100):
            assert store_of_1300.found(conn) == []


def test_the_whole_recheck_reads_one_snapshot(store_of_1300: Sealed) -> None:
    seen: list[tuple[int, int]] = []
    with store_of_1300.sealer() as sealer:
        head, found = whole(sealer._conn, [], lambda *at: seen.append(at))  # noqa: SLF001

    assert (head.size, found, seen[-1]) == (1300, [], (1300, 1300))
    assert merkle.EMPTY.hex().startswith("e3b0c442")
