"""Fsck: whatever was changed in a table is found and named; nothing else is."""

from asyncio import run
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from consumers import projecting
from consumers.faults import BusyError
from consumers.fsck import TURN, Difference, check
from consumers.opening import opened
from consumers.rebuild import rebuild
from projections import PROJECTIONS, generations, named
from projections.generations import KEPT
from projections.projection import Projection
from tests.conftest import a_database
from tests.consumers.running import Talking, caught_up, complain, running
from tests.projections.story import tell

every_projection = pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda p: p.name)
# Another value of the same kind.
ANOTHER = {
    "text": "coalesce({0}, '') || 'x'",
    "uuid": "gen_random_uuid()",
    "bigint": "coalesce({0}, 0) + 1",
    "integer": "coalesce({0}, 0) + 1",
    "boolean": "{0} IS NOT TRUE",
    "date": "coalesce({0}, '2026-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, '2026-01-01') + interval '1 second'",
    "jsonb": """'{{"x": 1}}'""",
    "ARRAY": "array_append({0}, NULL)",
}
COLUMNS = """
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns AS c
 WHERE c.table_schema = %s AND c.table_name <> %s AND NOT EXISTS (
           SELECT FROM information_schema.key_column_usage AS k
            WHERE (k.table_schema, k.table_name, k.column_name)
                = (c.table_schema, c.table_name, c.column_name))
 ORDER BY c.table_name, c.ordinal_position
"""


@pytest.fixture(scope="module")
def dsn(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The story, with every read model filled and shown."""
    master = tmp_path_factory.mktemp("keys") / "master.key"
    with a_database(server, template) as made:
        with opened(made, master=master) as ledger:
            run(tell(ledger))
        projecting.prepare(made)
        for projection in PROJECTIONS:
            rebuild(projection.name, dsn=made)
        yield made


@pytest.fixture
def superuser(dsn: str, server: str) -> Iterator[Connection[Any]]:
    """Somebody whom no right keeps from anything; their changes are mended afterwards."""
    name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    with psycopg.connect(make_conninfo(server, dbname=name), autocommit=True) as conn:
        yield conn


def live(conn: Connection[Any], projection: Projection) -> str:
    found = generations.live(conn, projection.name)
    assert found is not None
    return found.name


@every_projection
def test_what_follows_from_the_store_is_no_difference(
    dsn: str, superuser: Connection[Any], projection: Projection
) -> None:
    before = schemas(superuser)
    told: list[tuple[int, int]] = []

    found = check(projection, dsn=dsn, progress=lambda *at: told.append(at))

    assert found.difference is None
    assert found.events > 0
    assert told[-1] == (found.events, found.events)
    assert schemas(superuser) == before, "and it leaves nothing behind"


def schemas(conn: Connection[Any]) -> list[Any]:
    rows = conn.execute(
        "SELECT n.nspname, count(c.*) FROM pg_namespace AS n"
        "  LEFT JOIN pg_class AS c ON c.relnamespace = n.oid"
        " WHERE n.nspname !~ '^pg_' GROUP BY 1 ORDER BY 1"
    )
    return rows.fetchall()


@every_projection
def test_one_changed_cell_is_named_with_both_values(
    dsn: str, superuser: Connection[Any], projection: Projection
) -> None:
    schema = live(superuser, projection)
    columns = superuser.execute(COLUMNS, [schema, KEPT]).fetchall()
    for table, column, kind in columns[:: max(1, len(columns) // 6)]:
        if column == "complaint_id":
            continue  # then it is another complaint's row
        cell = Identifier(column)
        at, before = first_cell(superuser, schema, table, column)
        put = SQL(
            "UPDATE {} SET {} = {} WHERE ctid = %s RETURNING to_jsonb({}), ctid::text"
        )
        another = SQL(ANOTHER[kind]).format(cell)
        row = superuser.execute(
            put.format(Identifier(schema, table), cell, another, cell), [at]
        ).fetchone()
        assert row is not None

        found = check(projection, dsn=dsn).difference

        assert found is not None, (table, column)
        assert (found.table, found.column) == (table, column)
        assert (found.held, found.follows) == (row[0], before)
        if "complaint" in projection.streams:
            assert found.row.startswith("C-2026-00000"), "named as people know it"
        rebuild(projection.name, dsn=dsn)
        schema = live(superuser, projection)
    assert check(projection, dsn=dsn).difference is None, "a rebuild mends it"


def first_cell(conn: Connection[Any], schema: str, table: str, column: str) -> Any:
    query = SQL("SELECT ctid::text, to_jsonb({}) FROM {} LIMIT 1")
    return conn.execute(
        query.format(Identifier(column), Identifier(schema, table))
    ).fetchone()


ONE_MORE = """
    INSERT INTO {0}.stages SELECT stream_id, 99, position, topic, happened_at, recorded_at,
                                  by, role, source FROM {0}.stages LIMIT 1
"""
OLDER = "UPDATE running.generation SET definition = 'x' WHERE name = '{0}'"
WRONG = (
    ("DELETE FROM {0}.stages WHERE version = 2", ("stages", "row")),
    (ONE_MORE, ("stages", "row")),
    ("UPDATE {0}.known_version SET version = version - 1", (KEPT, "version")),
    ("UPDATE {0}.known_version SET version = 99", (KEPT, "version")),
    ("DELETE FROM {0}.known_version", (KEPT, "version")),
    ("TRUNCATE {0}.stages, {0}.known_version", (KEPT, "version")),
    (OLDER, ("{0}", "definition")),
)


@pytest.mark.parametrize(("sql", "named_as"), WRONG)
def test_rows_that_are_missing_or_too_many_are_named(
    dsn: str, superuser: Connection[Any], sql: str, named_as: tuple[str, str]
) -> None:
    stages = named("stages")
    schema = live(superuser, stages)
    superuser.execute(sql.format(schema).encode())

    found = check(stages, dsn=dsn).difference

    assert found is not None
    assert (found.table, found.column) == (named_as[0].format(schema), named_as[1])
    rebuild("stages", dsn=dsn)
    assert check(stages, dsn=dsn).difference is None


def test_an_event_that_nobody_can_read_any_more_is_named(
    dsn: str, superuser: Connection[Any]
) -> None:
    """The tables had followed it: so somebody changed the store itself."""
    change = "UPDATE ledger.event SET state = %s WHERE position = 5 RETURNING version"
    with superuser.transaction():
        row = superuser.execute(
            "SELECT state FROM ledger.event WHERE position = 5"
        ).fetchone()
        assert row is not None
        superuser.execute("ALTER TABLE ledger.event DISABLE TRIGGER append_only")
        superuser.execute(change, [b"{}"])

    found = check(named("stages"), dsn=dsn).difference

    with superuser.transaction():
        superuser.execute(change, row)
        superuser.execute("ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER append_only")
    assert found is not None
    assert (found.column, found.follows) == ("version", "ValidationError")
    assert found.row.startswith("C-2026-00000")
    assert check(named("stages"), dsn=dsn).difference is None


def test_two_do_not_check_the_same_at_once(dsn: str, superuser: Connection[Any]) -> None:
    with superuser.transaction():
        superuser.execute(TURN, ["stages"])

        with pytest.raises(BusyError):
            check(named("stages"), dsn=dsn)


def test_beside_projectors_at_work_it_finds_nothing(ledger: Talking, database: str) -> None:
    """It looks at one moment of the tables, and asks the store for no more than that."""

    def projectors(stop: Any) -> None:
        projecting.run(PROJECTIONS, dsn=database, feed="store", stop=stop)

    found: list[Difference | None] = []

    def checking(stop: Any) -> None:
        while not stop.is_set():
            found.append(check(named("tracking"), dsn=database).difference)

    projecting.prepare(database)
    with running(projectors, checking):
        for _ in range(6):
            complain(ledger, 10)
        with psycopg.connect(database, autocommit=True) as conn:
            caught_up(conn, "tracking")

    assert found
    assert set(found) == {None}
    whole = check(named("tracking"), dsn=database)
    assert (whole.events, whole.difference) == (180, None)
