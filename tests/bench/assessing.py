"""Assessing: verdicts a second on one core, and a store of many complaints back-tested."""

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter, process_time
from typing import NamedTuple
from uuid import UUID

import psycopg

from consumers.opening import RULEBOOKS, regulation, rulebooks
from domain.assess.backtest import Backtest
from domain.codec import Codec
from domain.complaint.items import Item
from domain.event import Event
from domain.registry import REGISTRY
from infra.postgres import schema
from infra.postgres.launcher import EmbeddedPostgres
from infra.postgres.pool import role_dsn
from projections.back_test import outcomes
from tests.bench.commands import fresh
from tests.builders import TUESDAY
from tests.domain.calendars import CALENDARS
from tests.domain.cases import case, facts, loss, received, yuan

SCHEMES = ("S46", "S6", "S45")  # one that counts nothing, two that do
CASES = 20_000
COMPLAINTS = 100_000
BATCHES = 5_000
HEAD = "## Assessing"
BOOKS = rulebooks()
FILES = sorted((RULEBOOKS / "files").glob("*.yaml"))
COPY = "COPY ledger.event (position, recorded_at, stream, version, topic, state) FROM STDIN"


class Took(NamedTuple):
    """How long a back-test took."""

    wall: float  # s
    cpu: float  # s, of this process


def story(nth: int) -> list[Event]:
    """A complaint of six events about one of many batches."""
    item = Item(
        product=f"M{nth % 40}",
        batch=f"B{nth % BATCHES}",
        quantity=1 + nth % 4,
        price=yuan(300),
    )
    return [
        received(f"C-{nth:06}", items=(item,)),
        *facts(function_effect="reduced", safety_hazard=False, injury=False),
        *facts(customer_loss="direct"),
        loss(loss=yuan(18_000)),
    ]


def rates() -> dict[str, float]:
    """Grades a second, each with what could be worse, among all the others."""
    cases = [case(*story(nth)) for nth in range(CASES)]
    done = {}
    for scheme in SCHEMES:
        test = Backtest(BOOKS[f"{scheme}@1"], CALENDARS, TUESDAY)
        for one in cases:
            test.count(one)
        began = process_time()
        for one in cases:
            test.graded(one)
        done[scheme] = CASES / (process_time() - began)
    return done


def loading() -> float:
    """CPU seconds to read and check every file that comes with the program."""
    began = process_time()
    for file in FILES:
        regulation(file)
    return process_time() - began


def seconds(postgres: EmbeddedPostgres, complaints: int = COMPLAINTS) -> dict[str, Took]:
    """How long the whole store takes: grade, clocks, repeats and fines of each."""
    dsn = seeded(postgres, complaints)
    took = {}
    for scheme in SCHEMES:
        test = Backtest(BOOKS[f"{scheme}@1"], CALENDARS, TUESDAY)
        with psycopg.connect(role_dsn(dsn, "ledger_app"), autocommit=True) as conn:
            began, worked = perf_counter(), process_time()
            found = sum(1 for _ in outcomes(conn, Codec(REGISTRY), test))
            took[scheme] = Took(perf_counter() - began, process_time() - worked)
        assert found == complaints
    return took


def measured(postgres: EmbeddedPostgres) -> str:
    """The section of the page."""
    done, took = rates(), seconds(postgres)
    rows = [
        f"| {name} | {done[name]:,.0f} | {took[name].cpu:.0f} | {took[name].wall:.0f} |\n"
        for name in SCHEMES
    ]
    return (
        f"{HEAD}\n\nOne core, one regulation; CPU seconds are those of the program alone,"
        f" the clock on the wall runs for the database and for whoever shares the machine"
        f" too. {COMPLAINTS:,} complaints of six events; a regulation that counts over"
        f" complaints (S6, S45) reads the store twice. Reading and checking all"
        f" {len(FILES)} files: {loading():.2f} CPU seconds. This section alone:"
        f" `python -m tests.bench assessing`.\n\n"
        "| regulation | grades per CPU second | back-test, CPU s | on the wall, s |\n"
        "| --- | --- | --- | --- |\n" + "".join(rows) + "\n"
    )


def seeded(postgres: EmbeddedPostgres, complaints: int) -> str:
    """A database with so many, written past the ledger: only reading is measured."""
    dsn = fresh(postgres, "bench_assessing")
    schema.migrate(dsn)
    with psycopg.connect(dsn) as conn, conn.cursor().copy(COPY) as copy:
        for position, (stream, version, topic, state) in enumerate(_rows(complaints), 1):
            at = TUESDAY + timedelta(microseconds=position)
            copy.write_row((position, at, stream, version, topic, state))
    return dsn


def _rows(complaints: int) -> Iterator[tuple[UUID, int, str, bytes]]:
    codec = Codec(REGISTRY)
    first = [codec.to_stored_event(event.at(UUID(int=1), 1)) for event in story(0)[1:]]
    for nth in range(complaints):
        stream = UUID(int=(nth * 2654435761 % 2**32 << 96) + nth)
        begun = codec.to_stored_event(story(nth)[0].at(stream, 1))
        yield stream, 1, begun.topic, begun.state
        for version, stored in enumerate(first, start=2):
            yield stream, version, stored.topic, stored.state
