"""Each scenario is told in three ways: in the domain, over HTTP, and newest fact first."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from api.identity.permissions import Person
from api.parts import Parts
from consumers.opening import opened
from infra import wall_clock
from infra.postgres.pool import open_pool, role_dsn
from projections import PROJECTIONS, generations
from tests.scenarios.in_domain import InDomain
from tests.scenarios.language import Story, World
from tests.scenarios.over_http import OverHttp

Tell = Callable[[Story], Awaitable[World]]
IN_DOMAIN, TURNED, OVER_HTTP = "in the domain", "newest fact first", "over HTTP, twice"


@pytest.fixture(params=[IN_DOMAIN, OVER_HTTP])
def tell(request: pytest.FixtureRequest) -> Tell:
    """Tells a story; what follows from it is the same in each way."""
    if request.param == OVER_HTTP:
        parts: Parts = request.getfixturevalue("parts")
        database: str = request.getfixturevalue("database")
        return lambda story: _over_http(story, parts, database)
    return _in_domain


@pytest.fixture(params=[IN_DOMAIN, TURNED, OVER_HTTP])
def tell_anyhow(request: pytest.FixtureRequest) -> Tell:
    """The same, and also with the facts recorded in another order."""
    if request.param == OVER_HTTP:
        parts: Parts = request.getfixturevalue("parts")
        database: str = request.getfixturevalue("database")
        return lambda story: _over_http(story, parts, database)
    if request.param == TURNED:
        return lambda story: _in_domain(story.turned())
    return _in_domain


@pytest.fixture
def parts(database: str, tmp_path: Path) -> Iterator[Parts]:
    """A ledger with a web app's parts."""
    with psycopg.connect(role_dsn(database, "ledger_projector"), autocommit=True) as conn:
        generations.install(conn, PROJECTIONS)
    master = tmp_path / "keys" / "master.key"
    with (
        opened(database, master=master) as ledger,
        open_pool(role_dsn(database, "ledger_app"), size_max=4) as reads,
    ):
        yield Parts(
            opened=ledger,
            reads=reads,
            clock=wall_clock.now,
            operator=Person("p-wang", "quality_manager", "Wang"),
            site="plant-1",
            zone="Asia/Shanghai",
        )


async def _in_domain(story: Story) -> World:
    return InDomain(story)


async def _over_http(story: Story, parts: Parts, database: str) -> World:
    made = OverHttp(story, parts, database)
    await made.tell()
    return made
