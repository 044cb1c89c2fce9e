"""The back-test: the whole store under another regulation, at one moment, unchanged."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from consumers.opening import Opened, rulebooks
from domain.assess.backtest import Backtest, Outcome
from domain.codec import Codec
from domain.complaint import contact, grading, items
from domain.complaint.items import Item
from domain.registry import REGISTRY
from infra.postgres.pool import role_dsn
from projections.back_test import Summary, outcomes
from projections.back_test_csv import back_test_csv
from tests.builders import LI, TUESDAY, WANG, lodged, message, reception, when
from tests.domain.calendars import CALENDARS
from tests.projections.conftest import Told

BOOKS = rulebooks()
LATER = TUESDAY + timedelta(days=10)

pytestmark = pytest.mark.anyio


def asked(conn: Connection[Any], scheme: str) -> dict[str, Outcome]:
    test = Backtest(BOOKS[f"{scheme}@1"], CALENDARS, LATER)
    return {one.number: one for one in outcomes(conn, Codec(REGISTRY), test)}


async def plant(ledger: Opened) -> None:
    """Batch B1: nine pieces, then the tenth with the next complaint. B2 is another one."""
    for nth, (batch, pieces) in enumerate((("B1", 9), ("B1", 1), ("B2", 9))):
        item = Item(product="M7", batch=batch, quantity=pieces)
        at = TUESDAY + nth * timedelta(hours=1)
        receipt = await lodged(ledger, reception(items=(item,), kind="product"), at=at)
        for fact, value in (("safety_hazard", False), ("function_effect", "lost")):
            await ledger.ledger.change(
                message(),
                receipt.complaint_id,
                None,
                items.fact_established,
                who=LI,
                when=when(at),
                fact=fact,
                value=value,
            )
        if nth == 0:
            await ledger.ledger.change(
                message(),
                receipt.complaint_id,
                3,
                grading.grade,
                who=WANG,
                at=at,
                scheme="S46",
                code="A",
            )
        if nth == 2:
            await ledger.ledger.change(
                message(),
                receipt.complaint_id,
                None,
                contact.contacted,
                who=LI,
                when=when(at + timedelta(hours=3)),
                channel="phone",
            )
    await ledger.appender.close()


async def test_what_would_have_been_graded_late_and_repeated(
    ledger: Opened, app_conn: Connection[Any]
) -> None:
    await plant(ledger)
    before = app_conn.execute("SELECT max(position), count(*) FROM ledger.event").fetchone()

    found = asked(app_conn, "S45")

    first, second, third = (found[number] for number in sorted(found))
    assert [one.would_be for one in (first, second, third)] == [
        "urgent",
        "urgent",
        "important",
    ]
    assert (first.recorded, first.differs) == ({"S46": "A"}, True)
    [late] = first.late
    # Important until the tenth piece at ten: due at noon, since two hours are nearer.
    assert (late.clock, late.due) == ("CLK-response", TUESDAY + timedelta(hours=3))
    assert third.late == ()
    assert [(r.rule, r.count) for r in second.repeated] == [("REP-batch-fault", 10)]
    assert third.repeated == ()
    after = app_conn.execute("SELECT max(position), count(*) FROM ledger.event").fetchone()
    assert after == before


async def test_the_recorded_grade_of_the_same_scheme_is_what_it_is_held_against(
    ledger: Opened, app_conn: Connection[Any]
) -> None:
    await plant(ledger)

    found = [*asked(app_conn, "S46").values()]
    summary = Summary()
    for one in found:
        summary.add(one)

    assert summary.complaints == 3
    assert summary.grades == {("A", "A"): 1, (None, "A"): 2}
    assert (summary.differ, summary.late) == (2, 0)


def test_it_reads_one_moment_and_writes_nothing(
    told: Told, app_conn: Connection[Any]
) -> None:
    with psycopg.connect(role_dsn(told.dsn, "ledger_app"), autocommit=True) as conn:
        reached: list[tuple[int, int]] = []
        test = Backtest(BOOKS["S45@1"], CALENDARS, LATER)
        found = outcomes(
            conn, Codec(REGISTRY), test, lambda *so_far: reached.append(so_far)
        )
        first = next(found)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            conn.execute("CREATE TABLE t ()")
        found.close()

    assert first.number
    assert reached[0] == (0, 2 * len(told.complaints))  # it counts, so it reads twice


@pytest.mark.parametrize("book", [*BOOKS], ids=lambda book: book.id)
def test_every_regulation_can_be_asked_of_every_event_there_is(
    told: Told, book: Any
) -> None:
    with psycopg.connect(role_dsn(told.dsn, "ledger_app"), autocommit=True) as conn:
        found = [*outcomes(conn, Codec(REGISTRY), Backtest(book, CALENDARS, LATER))]

    assert {one.id for one in found} == {*told.complaints}
    assert all((one.would_be is None) or book.grading for one in found)


async def test_the_file_has_a_line_for_each_and_no_formula(
    ledger: Opened, app_conn: Connection[Any], tmp_path: Path
) -> None:
    await plant(ledger)
    found = sorted(asked(app_conn, "S45").values(), key=lambda one: one.number)

    lines = written(found)

    assert lines[0].startswith('"number","complaint_id","received_at","recorded"')
    assert len(lines) == 4
    assert '"S46:A"' in lines[1]
    assert '"S45:urgent",true' in lines[1]


def written(found: Sequence[Outcome]) -> list[str]:
    return b"".join(back_test_csv(found, bom=False)).decode().splitlines()
