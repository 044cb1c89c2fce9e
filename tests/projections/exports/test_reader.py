"""The role of those who read by SQL: sees the described views, and nothing else at all."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.errors import InsufficientPrivilege

from infra.postgres.pool import role_dsn
from projections import PROJECTIONS, generations
from projections.exports.views import READER, describe, views
from projections.projection import Projection
from projections.tracking import tracking
from tests.conftest import a_database
from tests.projections.sixty import sixty

KIND = {
    "uuid": "id",
    "text": "text",
    "text[]": "texts",
    "bigint": "whole",
    "integer": "whole",
    "timestamp with time zone": "instant",
    "date": "day",
    "boolean": "yesno",
    "jsonb": "json",
}
COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
       col_description(c.oid, a.attnum)
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.relnamespace = 'reading'::regnamespace
"""
MAY_BE_NULL = """
SELECT c.relname, a.attname
  FROM running.generation AS g
  JOIN pg_class AS c ON c.relnamespace = to_regnamespace(g.name) AND c.relkind = 'r'
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attnotnull
 WHERE g.state = 'live'
"""
# Kept for the read models themselves: whole events, or what rows follow from.
INTERNAL = {"tracking_kept", "kpi_kept"}


@pytest.fixture(scope="module")
def dsn(server: str, template: str) -> Iterator[str]:
    """A ledger with sixty complaints, described; every test only tries to read it."""
    with a_database(server, template) as made:
        with psycopg.connect(role_dsn(made, "ledger_projector"), autocommit=True) as conn:
            sixty(conn)
            describe(conn, views())
        yield made


@pytest.fixture
def reader(dsn: str) -> Iterator[Connection[Any]]:
    """An analyst's session."""
    with psycopg.connect(role_dsn(dsn, READER), autocommit=True) as conn:
        yield conn


@pytest.fixture
def owner(dsn: str) -> Iterator[Connection[Any]]:
    with psycopg.connect(dsn, autocommit=True) as conn:
        yield conn


def test_every_column_of_every_view_is_described(owner: Connection[Any]) -> None:
    """By its kind and whether it may be unknown, as the tables themselves have it."""
    found = owner.execute(COLUMNS).fetchall()
    may_lack = set(owner.execute(MAY_BE_NULL).fetchall()) | {("freshness", "recorded_at")}

    there = {
        (view, column): (KIND[kind], (view, column) in may_lack)
        for view, column, kind, _ in found
        if view not in INTERNAL
    }
    described = {
        (view.name, one.name): (one.kind, one.may_lack)
        for view in views().values()
        for one in view.columns
    }
    assert described == there
    assert all(view.projection in {*names(), "freshness"} for view in views().values())


def names() -> set[str]:
    return {projection.name for projection in PROJECTIONS}


def test_the_database_says_what_each_column_means(owner: Connection[Any]) -> None:
    said = {(view, column): words for view, column, _, words in owner.execute(COLUMNS)}

    assert said["tracking", "loss_minor"].endswith("[minor units of loss_currency]")
    assert all(
        said[view.name, one.name].startswith(f"{one.zh} / {one.en}")
        for view in views().values()
        for one in view.columns
    )
    found = owner.execute("SELECT obj_description('reading.stages'::regclass)").fetchone()
    assert found == (f"{views()['stages'].zh} / {views()['stages'].en}",)


def test_an_analyst_reads_every_view(reader: Connection[Any]) -> None:
    for view in views().values():
        shown = ", ".join(one.name for one in view.columns if not one.withheld)
        reader.execute(f"SELECT {shown} FROM reading.{view.name}".encode()).fetchall()

    found = reader.execute("SELECT count(*), count(customer) FROM reading.tracking")
    assert found.fetchone() == (60, 40)
    fresh = reader.execute("SELECT projection, position FROM reading.freshness").fetchall()
    assert dict(fresh) == dict.fromkeys(names(), 0)


@pytest.mark.parametrize(
    "attack",
    [
        # what is written
        "UPDATE reading.tracking SET stage = 'closed'",
        "DELETE FROM reading.tracking",
        "INSERT INTO reading.tracking SELECT * FROM reading.tracking",
        "CREATE TABLE reading.mine (x int)",
        "CREATE TABLE mine (x int)",
        "CREATE VIEW reading.mine AS SELECT 1",
        "DROP VIEW reading.tracking",
        "COMMENT ON VIEW reading.tracking IS 'mine'",
        "GRANT SELECT ON reading.penalties TO ledger_reader",
        # the ledger itself, sealed words, keys, and what read models keep
        "SELECT * FROM ledger.event",
        "SELECT * FROM ledger.letter",
        "SELECT * FROM ledger.inbox",
        "SELECT * FROM keyring.party_key",
        "SELECT * FROM keyring.party_index",
        "SELECT * FROM sealing.checkpoint",
        "SELECT * FROM running.cursor",
        "SELECT said FROM reading.tracking_kept",
        "SELECT said FROM reading.kpi_kept",
        "SELECT kept FROM shipments_g1.shipments",
        "SELECT * FROM tracking_g1.tracking",
        "SELECT * FROM ledger.append(NULL)",
        # whom a penalty is about
        "SELECT person FROM reading.penalties",
        "SELECT shares FROM reading.penalties",
        "SELECT * FROM reading.penalties",
        "SELECT notice_id FROM reading.penalties WHERE person = 'p-zhao'",
        "SELECT person FROM reading.penalty_postings",
        "SELECT person FROM reading.penalty_superseded",
    ],
)
def test_an_analyst_is_refused(dsn: str, attack: str) -> None:
    with (
        psycopg.connect(dsn, autocommit=True) as owner,
        psycopg.connect(role_dsn(dsn, READER), autocommit=True) as conn,
    ):
        before = owner.execute("SELECT count(*) FROM reading.tracking").fetchone()
        with pytest.raises(InsufficientPrivilege):
            conn.execute(attack.encode())
        assert owner.execute("SELECT count(*) FROM reading.tracking").fetchone() == before


def test_the_role_of_analysts_belongs_to_no_other(owner: Connection[Any]) -> None:
    found = owner.execute(
        "SELECT count(*), (SELECT rolcanlogin FROM pg_roles WHERE rolname = %(role)s)"
        " FROM pg_auth_members WHERE member = %(role)s::regrole",
        {"role": READER},
    ).fetchone()
    assert found == (0, False)


def test_what_nobody_described_is_not_shown(database: str) -> None:
    """A new read model is shown to analysts when its columns are written down."""
    strange = Projection("strange", "CREATE TABLE strange (x int)", tracking.project)
    with psycopg.connect(role_dsn(database, "ledger_projector"), autocommit=True) as conn:
        generations.install(conn, [strange])
        describe(conn, ["strange", *views()])
    with (
        psycopg.connect(role_dsn(database, READER), autocommit=True) as reader,
        pytest.raises(InsufficientPrivilege),
    ):
        reader.execute("SELECT * FROM reading.strange")


def test_a_rebuild_keeps_what_analysts_are_shown(projector_conn: Connection[Any]) -> None:
    conn = projector_conn
    generations.install(conn, [tracking])
    describe(conn, views())

    generations.swap(conn, generations.create(conn, tracking))

    found = conn.execute(
        "SELECT has_table_privilege('ledger_reader', 'reading.tracking', 'SELECT'),"
        " obj_description('reading.tracking'::regclass) IS NOT NULL"
    ).fetchone()
    assert found == (True, True)
