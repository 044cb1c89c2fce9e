"""The library's own recorder cases, on ours."""

import unittest
from typing import ClassVar

import pytest
from eventsourcing.tests import persistence

from infra.postgres.pool import role_dsn
from infra.postgres.recorder import LedgerRecorder, open_recorder


class OnADatabase:
    """Hands each case the test's database."""

    database: ClassVar[str]

    def create_recorder(self) -> LedgerRecorder:
        made = open_recorder(role_dsn(self.database, "ledger_app"), connections_max=12)
        assert isinstance(self, unittest.TestCase)
        self.addCleanup(made.datastore.close)
        return made


@pytest.fixture(autouse=True)
def fresh(request: pytest.FixtureRequest, database: str) -> None:
    if isinstance(request.instance, OnADatabase):
        type(request.instance).database = database


class TestTheLibrarysCases(
    OnADatabase, persistence.ApplicationRecorderTestCase[LedgerRecorder]
):
    """Insert and select, concurrently, subscribed or not: what the library promises."""


class TestIdsOfOneCallStandTogether(
    OnADatabase, persistence.NonInterleavingNotificationIDsBaseCase
):
    """Two big writers at once: neither's positions lie between the other's."""


def test_the_cases_are_there() -> None:
    """A library that renames its cases must not make this file silently empty."""
    names = unittest.TestLoader().getTestCaseNames(TestTheLibrarysCases)
    assert {"test_insert_select", "test_concurrent_no_conflicts"} <= set(names)
