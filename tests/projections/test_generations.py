"""Generations: what is read can be changed under those who read it."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.errors import DuplicateTable, InsufficientPrivilege

from infra.postgres.pool import role_dsn
from projections import freshness, generations
from projections.stages import stages


def test_a_new_ledger_can_be_read_at_once(
    projector_conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    generations.install(projector_conn, [stages])
    generations.install(projector_conn, [stages])

    assert app_conn.execute("SELECT * FROM reading.stages").fetchall() == []
    fresh = freshness.read(app_conn, "stages")
    assert (fresh.generation, fresh.position, fresh.lag_events) == ("stages_g1", 0, 0)
    assert (fresh.lag_seconds, fresh.live, fresh.heartbeat_at) == (0, False, None)
    with pytest.raises(freshness.NotInstalledError):
        freshness.read(app_conn, "invented")


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("ledger_app", "SELECT * FROM stages_g1.stages"),
        ("ledger_app", "DELETE FROM reading.stages"),
        ("ledger_app", "UPDATE running.generation SET state = 'old'"),
        ("ledger_keys", "SELECT * FROM reading.stages"),
        ("ledger_keys", "SELECT * FROM running.generation"),
    ],
)
def test_who_reads_may_only_read(
    database: str, projector_conn: Connection[Any], role: str, statement: str
) -> None:
    generations.install(projector_conn, [stages])

    with (
        psycopg.connect(role_dsn(database, role)) as conn,
        pytest.raises(InsufficientPrivilege),
    ):
        conn.execute(statement.encode())


def test_the_swap_shows_other_tables_and_the_way_back(
    projector_conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    """Also when the new ones have other columns; the old ones stay until dropped."""
    generations.install(projector_conn, [stages])
    wider = replace(
        stages, tables_sql=stages.tables_sql + "ALTER TABLE stages ADD COLUMN extra int;"
    )

    new = generations.create(projector_conn, wider)
    generations.swap(projector_conn, new)
    assert columns(app_conn)[-1] == "extra"

    first, second = generations.every(projector_conn, "stages")
    assert (first.state, second.state) == ("old", "live")
    assert first.definition != second.definition
    generations.swap(projector_conn, first)
    assert columns(app_conn)[-1] == "source"
    with pytest.raises(ValueError, match="swap first"):
        generations.drop(projector_conn, first)
    generations.drop(projector_conn, second)
    assert [g.nth for g in generations.every(projector_conn, "stages")] == [1]


def test_what_others_were_granted_and_built_on_a_view_survives_a_swap(
    database: str, projector_conn: Connection[Any], app_conn: Connection[Any]
) -> None:
    """As long as its columns are the same, or more at the end."""
    generations.install(projector_conn, [stages])
    projector_conn.execute("GRANT SELECT ON reading.stages TO ledger_keys")
    projector_conn.execute("CREATE VIEW reading.report AS SELECT * FROM reading.stages")

    wider = replace(
        stages, tables_sql=stages.tables_sql + "ALTER TABLE stages ADD COLUMN extra int;"
    )
    generations.swap(projector_conn, generations.create(projector_conn, wider))

    assert columns(app_conn)[-1] == "extra"
    row = projector_conn.execute(
        "SELECT has_table_privilege('ledger_keys', 'reading.stages', 'SELECT')"
    ).fetchone()
    assert row == (True,)


def test_two_read_models_cannot_have_a_table_of_the_same_name(
    projector_conn: Connection[Any],
) -> None:
    generations.install(projector_conn, [stages])

    with pytest.raises(DuplicateTable):
        generations.install(projector_conn, [replace(stages, name="steps")])
    assert generations.every(projector_conn, "steps") == []


def test_a_reader_who_holds_the_view_delays_the_swap_but_not_for_ever(
    database: str, projector_conn: Connection[Any]
) -> None:
    generations.install(projector_conn, [stages])
    new = generations.create(projector_conn, stages)

    with psycopg.connect(role_dsn(database, "ledger_app")) as reader:
        reader.execute("SELECT * FROM reading.stages")
        with pytest.raises(generations.SwapBlockedError):
            generations.swap(projector_conn, new, tries=2)
        reader.rollback()
        generations.swap(projector_conn, new)

    assert generations.live(projector_conn, "stages") == new._replace(state="live")


def columns(conn: Connection[Any]) -> list[str]:
    found = conn.execute("SELECT * FROM reading.stages").description
    return [column.name for column in found or ()]
