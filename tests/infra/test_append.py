"""The append function, on the real database: entry by entry, and many in one call."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infra.postgres.pool import role_dsn
from tests.infra.entries import Writer, entry, numbered, verdicts

PEOPLE = 8


@pytest.fixture
async def writer(database: str) -> AsyncIterator[Writer]:
    made = Writer(database)
    yield made
    await made.appender.close()


async def test_the_same_entry_again_gets_its_first_answer(writer: Writer) -> None:
    """In a later call, and in the same call."""
    said = entry()

    [first, same] = await writer.say(said, said)
    await writer.say(entry())
    [again] = await writer.say(said)

    assert verdicts([first, same, again]) == ["recorded", "answered", "answered"]
    assert again[2:] == same[2:] == first[2:]


async def test_of_two_entries_on_one_stream_the_later_follows_the_earlier(
    writer: Writer,
) -> None:
    """In a chain both are recorded; decided on the same version, the later is told."""
    stream = uuid4()

    chained = await writer.say(entry(stream, 0), entry(stream, 1))
    raced = await writer.say(entry(stream, 2), entry(stream, 2))

    assert verdicts(chained) == ["recorded", "recorded"]
    assert verdicts(raced) == ["recorded", "moved"]
    assert (raced[1].stream, raced[1].version) == (stream, 3)


async def test_what_was_chained_to_an_entry_that_failed_fails_and_the_others_go_on(
    writer: Writer,
) -> None:
    stream = uuid4()

    answers = await writer.say(entry(), entry(stream, 4), entry(stream, 5), entry())

    assert verdicts(answers) == ["recorded", "moved", "moved", "recorded"]
    assert [answer.position for answer in answers] == [1, None, None, 2]


async def test_what_was_decided_on_an_outcome_falls_with_it(writer: Writer) -> None:
    """Though another message has brought the stream to that very version."""
    stream = uuid4()
    await writer.say(entry(stream, 0), entry(stream, 1))
    stale = entry(stream, 1)
    after = entry(stream, 2, follows=(stale.source, stale.message_id))
    said = entry(stream, 2)
    chained = entry(stream, 3, follows=(said.source, said.message_id))

    assert verdicts(await writer.say(stale, after)) == ["moved", "moved"]
    assert verdicts(await writer.say(after)) == ["moved"]
    assert verdicts(await writer.say(said, chained)) == ["recorded", "recorded"]


async def test_a_name_belongs_to_the_first_who_claims_it(writer: Writer) -> None:
    first, second = uuid4(), uuid4()

    answers = await writer.say(
        entry(first, claims=[("source:crm", "7", first)]),
        entry(second, claims=[("source:crm", "7", second)]),
    )

    assert verdicts(answers) == ["recorded", "taken"]
    assert (answers[1].stream, answers[1].detail) == (first, "source:crm 7")


async def test_a_number_is_in_the_bytes_and_none_is_lost(
    writer: Writer, database: str
) -> None:
    """An entry that is not recorded uses none."""
    said, stale = numbered(), numbered(unchanged=[(uuid4(), 3)])
    key = [("source:crm", "7", uuid4())]

    answers = await writer.say(
        said, said, stale, numbered(claims=key), numbered(claims=key), numbered()
    )

    assert [(a.verdict, a.detail) for a in answers] == [
        ("recorded", "C-2026-000001"),
        ("answered", "C-2026-000001"),
        ("moved", None),
        ("recorded", "C-2026-000002"),
        ("taken", "source:crm 7"),
        ("recorded", "C-2026-000003"),
    ]
    with psycopg.connect(database) as conn:
        states = conn.execute("SELECT state FROM ledger.event ORDER BY position").fetchall()
        named = conn.execute(
            "SELECT key FROM ledger.claim WHERE name = 'number'"
        ).fetchall()
    assert bytes(states[2][0]) == b'{"number":"C-2026-000003"}'
    assert sorted(row[0] for row in named) == [f"C-2026-00000{n}" for n in (1, 2, 3)]


async def test_a_number_that_was_brought_along_is_passed_over(writer: Writer) -> None:
    """An imported complaint keeps its number inside a series that lives on."""
    imported = uuid4()
    await writer.say(
        entry(imported, claims=[("number", f"C-2026-00000{n}", imported) for n in (1, 2)])
    )

    [answer] = await writer.say(numbered())

    assert answer.detail == "C-2026-000003"


async def test_a_refusal_is_an_answer_without_an_event(writer: Writer) -> None:
    """And it is not stored when what it saw has moved on."""
    stream = uuid4()
    refused: dict[str, Any] = {"outcome": "refused", "events": [], "detail": "unit"}

    answers = await writer.say(
        entry(stream, 0),
        entry(stream, unchanged=[(stream, 0)], **refused),
        entry(stream, unchanged=[(stream, 1)], **refused),
    )

    assert verdicts(answers) == ["recorded", "moved", "recorded"]
    assert answers[2][4:] == (None, answers[2].recorded_at, b"d", "refused", "unit")


async def test_what_was_held_is_answered_once_more(writer: Writer) -> None:
    """Its first answer was that it waits; the answer it then gets stays."""
    held = entry(outcome="held", events=[], stream=None, version=None)
    stream = uuid4()
    taken = held._replace(
        outcome="accepted", stream=stream, version=1, events=[(stream, 1, "t", b"{}")]
    )

    answers = await writer.say(
        held, held, taken._replace(digest=b"other"), taken, taken, held
    )

    assert verdicts(answers) == [
        "recorded",
        "answered",
        "answered",
        "recorded",
        "answered",
        "answered",
    ]
    assert [a.outcome for a in answers] == ["held"] * 3 + ["accepted"] * 3


async def test_a_stream_that_was_only_looked_at_must_not_have_moved(writer: Writer) -> None:
    """Closing rests on the open fines; a fine proposed meanwhile stops it."""
    notice = uuid4()

    answers = await writer.say(entry(notice, 0), entry(unchanged=[(notice, 0)]))

    assert verdicts(answers) == ["recorded", "moved"]
    assert (answers[1].stream, answers[1].version) == (notice, 1)


INSERTS = (
    "INSERT INTO ledger.event DEFAULT VALUES",
    "INSERT INTO ledger.inbox DEFAULT VALUES",
    "INSERT INTO ledger.outcome DEFAULT VALUES",
    "UPDATE ledger.series SET last = 0",
    "DELETE FROM ledger.letter",
)
CHANGES = (
    *(
        sql.format(table)
        for table in ("event", "claim", "outcome", "inbox")
        for sql in ("DELETE FROM ledger.{}", "TRUNCATE ledger.{} CASCADE")
    ),
    "UPDATE ledger.event SET recorded_at = now()",
    "UPDATE ledger.inbox SET outcome = 'refused'",
    "UPDATE ledger.claim SET stream = gen_random_uuid()",
)
REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)


@pytest.mark.parametrize("sabotage", INSERTS + CHANGES)
async def test_the_application_may_not_write_but_through_append(
    writer: Writer, database: str, sabotage: str
) -> None:
    await writer.say(entry(claims=[("source:crm", "7", uuid4())]))

    with (
        psycopg.connect(role_dsn(database, "ledger_app")) as conn,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        conn.execute(sabotage.encode())


@pytest.mark.parametrize("sabotage", CHANGES)
async def test_nobody_changes_what_is_written_though_granted(
    writer: Writer, database: str, sabotage: str
) -> None:
    """Not the owner, and not a role that somebody gave the right to."""
    await writer.say(entry(claims=[("source:crm", "7", uuid4())]))
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("GRANT ALL ON ALL TABLES IN SCHEMA ledger TO ledger_app")

    for dsn in (database, role_dsn(database, "ledger_app")):
        with psycopg.connect(dsn) as conn, pytest.raises(REFUSED):
            conn.execute(sabotage.encode())


def test_append_wants_to_see_what_the_last_writer_wrote(database: str) -> None:
    with psycopg.connect(role_dsn(database, "ledger_app")) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.errors.RaiseException, match="READ COMMITTED"):
            conn.execute("SELECT * FROM ledger.append('{}')")


async def test_writers_of_different_streams_wait_for_each_other_and_never_conflict(
    database: str,
) -> None:
    """What the lock is for: without it, two writers would want the same position."""

    async def write() -> None:
        writer = Writer(database)
        for _ in range(25):
            assert verdicts(await writer.say(entry())) == ["recorded"]
        await writer.appender.close()

    await asyncio.gather(*(write() for _ in range(PEOPLE)))

    with psycopg.connect(database) as conn:
        rows = conn.execute(
            "SELECT position, recorded_at FROM ledger.event ORDER BY 1"
        ).fetchall()
    assert [row[0] for row in rows] == list(range(1, 25 * PEOPLE + 1))
    assert all(earlier[1] < later[1] for earlier, later in pairwise(rows))


async def test_no_entry_makes_the_database_read_a_table_from_end_to_end(
    writer: Writer, database: str
) -> None:
    """Whatever the statistics said when its plans were made."""
    stream = uuid4()
    await writer.say(entry(stream, claims=[("source:crm", "k", stream)]))
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(
            "ANALYZE ledger.inbox, ledger.claim, ledger.event"
        )  # how small they are
        seen = {row[0]: row[1] for row in conn.execute(SCANS)}
        for n in range(3):
            await writer.say(
                numbered(
                    claims=[("source:crm", f"k-{n}", uuid4())], unchanged=[(uuid4(), 0)]
                ),
                entry(follows=("test", "m")),
            )
        await writer.appender.close()  # its counters are reported when it ends
        await _reported(conn)
        now = {row[0]: row[1] for row in conn.execute(SCANS)}

    assert {name: now[name] - seen[name] for name in ("event", "inbox", "claim")} == {
        "event": 0,
        "inbox": 0,
        "claim": 0,
    }


SCANS = """
    SELECT relname, seq_scan FROM pg_stat_user_tables
     WHERE schemaname = 'ledger' AND pg_stat_clear_snapshot() IS NOT NULL
"""


async def _reported(conn: psycopg.Connection[tuple[object, ...]]) -> None:
    """Wait until the statistics have the rows of the writer that ended."""
    for _ in range(100):
        row = conn.execute(
            "SELECT n_tup_ins FROM pg_stat_user_tables WHERE schemaname = 'ledger'"
            " AND relname = 'inbox' AND pg_stat_clear_snapshot() IS NOT NULL"
        ).fetchone()
        if row == (4,):  # the first, and three with a number; the others had moved
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the statistics never came")
