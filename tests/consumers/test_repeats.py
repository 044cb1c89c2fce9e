"""The reactor raises repeat alarms from what is recorded, each once, wherever killed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from consumers.opening import opened
from consumers.reacting import looking, running, shares
from consumers.reacting import repeats as reacting
from domain.complaint import grading, intake, items
from domain.complaint.items import Item
from domain.entry import Receipt
from domain.event import When
from tests.builders import LI, TUESDAY, WANG, governed, lodged, message, reception
from tests.consumers.running import Talking

S2 = governed(repeats="S2@1").current
S45 = governed(repeats="S45@1", grading="S45@1").current
EVENTS = """
SELECT topic FROM ledger.event WHERE topic LIKE 'cluster.%' ORDER BY position
"""
MEMBERS = """
SELECT convert_from(state, 'UTF8')::jsonb -> 'members'
  FROM ledger.event WHERE topic = 'cluster.alarmed' ORDER BY position
"""


def swollen(
    ledger: Talking, day: int, batch: str = "20250211", defect: str = "胀包", **more: Any
) -> Receipt:
    """A complaint about one batch, received some days after that Tuesday."""
    said = reception(items=(Item(batch=batch, defect=defect, quantity=2),))
    begun = lodged(ledger.opened, said, at=TUESDAY + timedelta(days=day), under=S2, **more)
    return ledger.loop.run(begun)


def react(ledger: Talking, conn: Connection[Any]) -> list[str]:
    """Until there is nothing left to do; what was recorded of clusters so far."""
    while ledger.loop.run(running.step(ledger.opened, conn, at=TUESDAY)):
        pass
    return [topic.split(".")[1] for (topic,) in conn.execute(EVENTS)]


def numbers(conn: Connection[Any]) -> list[list[str]]:
    return [[one["number"] for one in row[0]] for row in conn.execute(MEMBERS)]


def test_the_third_complaint_of_a_batch_and_problem_raises_one_alarm(
    ledger: Talking, conn: Connection[Any]
) -> None:
    """A07: C1, C3, then C2; a label fault and another batch do not count."""
    swollen(ledger, 0)
    swollen(ledger, 4)
    swollen(ledger, 1, defect="标签")
    swollen(ledger, 1, batch="20250212")
    assert react(ledger, conn) == []
    swollen(ledger, 2)
    assert react(ledger, conn) == ["alarmed"]
    assert react(ledger, conn) == ["alarmed"]
    assert numbers(conn) == [["C-2026-000001", "C-2026-000005", "C-2026-000002"]]
    swollen(ledger, 9)
    assert react(ledger, conn) == ["alarmed", "extended"]


def test_of_a_key_without_end_the_latest_are_looked_at(
    ledger: Talking, conn: Connection[Any]
) -> None:
    for day in (2, 0, 1):
        swollen(ledger, day)
    looking.look(ledger.opened, conn)
    [due] = shares.due(conn, 10)
    days = [(one.received_at - TUESDAY).days for one in shares.of_key(conn, due.cluster_id)]
    assert days == [0, 1, 2]
    latest = shares.of_key(conn, due.cluster_id, limit=2)
    assert [(one.received_at - TUESDAY).days for one in latest] == [1, 2]


def test_what_is_unlinked_or_corrected_withdraws_it(
    ledger: Talking, conn: Connection[Any]
) -> None:
    first, _, third = (swollen(ledger, day) for day in range(3))
    assert react(ledger, conn) == ["alarmed"]
    ledger.loop.run(
        ledger.opened.ledger.change(
            message(),
            third.complaint_id,
            third.version,
            intake.link_duplicate,
            who=WANG,
            at=TUESDAY,
            other=first.complaint_id,
            reason="同一件事",
        )
    )
    assert react(ledger, conn) == ["alarmed", "withdrawn"]
    swollen(ledger, 5)
    assert react(ledger, conn) == ["alarmed", "withdrawn", "alarmed"]


def test_killed_before_it_moved_on_it_raises_no_second_alarm(
    ledger: Talking, conn: Connection[Any]
) -> None:
    """What it knows of its work is thrown away: it looks at everything again."""
    for day in range(3):
        swollen(ledger, day)
    assert react(ledger, conn) == ["alarmed"]
    for table in ("reaction", "repeat_share", "repeat_due"):
        conn.execute(f"DELETE FROM running.{table}".encode())
    assert react(ledger, conn) == ["alarmed"]


def test_another_reactor_at_the_same_time_raises_no_second_alarm(
    ledger: Talking, conn: Connection[Any], database: str, tmp_path: Path
) -> None:
    for day in range(3):
        swollen(ledger, day)
    looking.look(ledger.opened, conn)
    [due] = shares.due(conn, 10)  # both have seen it, none has said anything
    with opened(database, master=tmp_path / "keys" / "master.key") as other:
        ledger.loop.run(reacting.bring_up(other, conn, due, at=TUESDAY))
        ledger.loop.run(reacting.bring_up(ledger.opened, conn, due, at=TUESDAY))
        ledger.loop.run(other.appender.close())
    assert react(ledger, conn) == ["alarmed"]


@pytest.mark.parametrize(("pieces", "grade"), [(9, "important"), (10, "urgent")])
def test_the_tenth_unit_of_a_batch_makes_every_open_complaint_urgent(
    ledger: Talking, conn: Connection[Any], pieces: int, grade: str
) -> None:
    """A04: nine units are important, with the tenth all open complaints are urgent."""
    first = _phone(ledger, 5)
    for receipt in (first, _phone(ledger, pieces - 5)):
        _graded(ledger, receipt, "important")
    react(ledger, conn)
    stands = ledger.opened.ledger.load(first.complaint_id)
    assert stands.grades == {"S45": grade}  # type: ignore[attr-defined]


def _phone(ledger: Talking, quantity: int) -> Receipt:
    said = reception(items=(Item(batch="B1", defect="no start", quantity=quantity),))
    begun = ledger.loop.run(lodged(ledger.opened, said, under=S45))
    return ledger.loop.run(
        ledger.opened.ledger.change(
            message(),
            begun.complaint_id,
            None,
            items.fact_established,
            who=LI,
            when=When(occurred_at=TUESDAY),
            fact="function_effect",
            value="lost",
        )
    )


def _graded(ledger: Talking, receipt: Receipt, code: str) -> None:
    ledger.loop.run(
        ledger.opened.ledger.change(
            message(),
            receipt.complaint_id,
            receipt.version,
            grading.grade,
            who=WANG,
            at=TUESDAY,
            scheme="S45",
            code=code,
            reason="试验",
        )
    )
