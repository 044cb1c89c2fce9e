"""One ledger and one browser for the tests of a file; a visit for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import a_database
from tests.pages.browsing import PHONE, Visitor, chromium, visiting
from tests.pages.live import Live, live


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each file: its loop must not be there when others run theirs."""
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def ledger(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    home = Path(tmp_path_factory.mktemp("live"))
    with a_database(server, template) as database, live(database, home) as made:
        yield made


@pytest.fixture
def visitor(browser: Browser, ledger: Live) -> Iterator[Visitor]:
    with visiting(browser, ledger.url) as made:
        yield made
        assert made.complaints == []


@pytest.fixture
def without_scripts(browser: Browser, ledger: Live) -> Iterator[Visitor]:
    with visiting(browser, ledger.url, scripts=False) as made:
        yield made
        assert made.complaints == []


@pytest.fixture
def phone(browser: Browser, ledger: Live) -> Iterator[Visitor]:
    with visiting(browser, ledger.url, size=PHONE) as made:
        yield made
        assert made.complaints == []
