"""When something is broken on our side, a browser is told so, and told nothing else."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser
from psycopg.conninfo import conninfo_to_dict

from tests.conftest import a_database
from tests.pages.browsing import Visitor, visiting
from tests.pages.filling import received
from tests.pages.live import Live, live
from tests.waiting import until

# An event that this program cannot read: it stops, and never shows half a history.
UNREADABLE = """
INSERT INTO ledger.event
SELECT position + 1, recorded_at + interval '1 second', stream, 2, 'no.such.topic', '{}'
  FROM ledger.event ORDER BY position DESC LIMIT 1
"""


@pytest.fixture
def doomed(
    server: str, template: str, tmp_path: Path, browser: Browser
) -> Iterator[tuple[Live, Visitor]]:
    """A ledger of its own, to be broken."""
    with (
        a_database(server, template) as database,
        live(database, tmp_path) as ledger,
        visiting(browser, ledger.url) as visitor,
    ):
        yield ledger, visitor


def test_a_defect_and_a_store_that_is_away_are_told_in_words(
    server: str, doomed: tuple[Live, Visitor]
) -> None:
    ledger, visitor = doomed
    number = received(visitor)
    until(lambda: visitor.go("/ledger?lang=zh").status == 200 and number in visitor.text())

    with psycopg.connect(ledger.dsn) as conn:
        conn.execute(UNREADABLE)
    assert visitor.go(f"/ledger/{number}").status == 500
    assert "我们这边出了故障" in visitor.text()
    assert "no.such.topic" not in visitor.page.content()
    assert "urn:uuid:" in visitor.text()

    name = str(conninfo_to_dict(ledger.dsn)["dbname"])
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )
        try:
            assert visitor.go(f"/ledger/{number}?lang=en").status == 503
            assert "does not answer now" in visitor.text()
            assert "Reload the page in a few seconds" in visitor.text()
        finally:
            conn.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
