"""The monitor: what is changed under it turns health red, until it is mended."""

import threading
from pathlib import Path

import psycopg

from api import condition
from consumers.sealing import running as sealing
from infra.postgres.pool import role_dsn
from tests.consumers.running import running
from tests.proof.sealed import KEY, Sealed, fill, sealed
from tests.waiting import until


async def test_what_is_changed_under_it_is_shown_until_it_is_mended(
    server: str, database: str, tmp_path: Path
) -> None:
    ledger = sealed(server, database, tmp_path)
    await fill(database, 300, seed=1)

    def seals(stop: threading.Event) -> None:
        sealing.run(dsn=database, key=KEY, file=ledger.file, round_s=0.1, stop=stop)

    with running(seals):
        until(lambda: ledger.file.last() is not None)
        assert red(ledger) == []
        turned = "state = set_byte(state, 3, get_byte(state, 3) # 1)"
        as_superuser(ledger, f"UPDATE ledger.event SET {turned} WHERE position = 170")
        until(lambda: len(red(ledger)) == 1)
        assert "events at position 170: its stored bytes are others" in red(ledger)[0]

        as_superuser(ledger, f"UPDATE ledger.event SET {turned} WHERE position = 170")
        until(lambda: red(ledger) == [])


async def test_a_sealer_that_refuses_says_why_in_health(
    server: str, database: str, tmp_path: Path
) -> None:
    ledger = sealed(server, database, tmp_path)
    await fill(database, 30, seed=1)
    ledger.seal()
    as_superuser(ledger, "UPDATE sealing.head SET size = 20")

    def seals(stop: threading.Event) -> None:
        sealing.run(dsn=database, key=KEY, file=ledger.file, stop=stop)

    with running(seals):
        until(lambda: "InconsistentError" in str(look(ledger).workers[-1].trouble))
    assert look(ledger).workers[-1].kind == "sealer"
    assert look(ledger).colour() == "red"


def look(ledger: Sealed) -> condition.Condition:
    with psycopg.connect(role_dsn(ledger.database, "ledger_app")) as conn:
        return condition.look(conn, "embedded")


def red(ledger: Sealed) -> list[str]:
    return list(look(ledger).tampered)


def as_superuser(ledger: Sealed, statement: str) -> None:
    with psycopg.connect(ledger.superuser) as conn:
        conn.execute("ALTER TABLE ledger.event DISABLE TRIGGER ALL")
        conn.execute(statement.encode())
        conn.execute("ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER append_only")
