"""A pledge is judged by the ledger's count: broken at once, kept when its day is over."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from consumers.reacting import running
from domain.complaint import effect, intake
from domain.complaint.effect import Criterion, PledgeJudged
from domain.complaint.items import Item
from domain.complaint.state import Complaint
from domain.entry import Receipt
from tests.builders import TUESDAY, WANG, lodged, message, reception
from tests.consumers.running import Talking

DUE = date(2026, 3, 31)
IN_MARCH, AFTER = TUESDAY + timedelta(days=9), TUESDAY + timedelta(days=29)


def lodge(ledger: Talking, day: int, batch: str = "B1", defect: str = "leak") -> Receipt:
    said = reception(items=(Item(product="V", batch=batch, defect=defect, quantity=1),))
    return ledger.loop.run(lodged(ledger.opened, said, at=TUESDAY + timedelta(days=day)))


def pledged(ledger: Talking, at_most: int = 1) -> UUID:
    """At most so many more leaks of product V until the end of March."""
    first = lodge(ledger, 0)
    asked = Criterion(product="V", defect="leak", at_most=at_most)
    said: dict[str, Any] = {"pledge": "P1", "criterion": asked, "due": DUE}
    change = ledger.opened.ledger.change
    at = TUESDAY + timedelta(hours=1)
    ledger.loop.run(
        change(message(), first.complaint_id, 1, effect.pledge, who=WANG, at=at, **said)
    )
    return first.complaint_id


def judged(
    ledger: Talking, conn: Connection[Any], one: UUID, at: Any = IN_MARCH
) -> list[tuple[int, str]]:
    while ledger.loop.run(running.step(ledger.opened, conn, at=at)):
        pass
    stands = ledger.opened.ledger.load(one)
    assert isinstance(stands, Complaint)
    return [(said.count, said.result) for said in stands.all(PledgeJudged)]


def test_it_is_broken_with_the_complaint_that_is_one_too_many(
    ledger: Talking, conn: Connection[Any]
) -> None:
    one = pledged(ledger)
    lodge(ledger, 1)
    lodge(ledger, 2, defect="label")
    assert judged(ledger, conn, one) == []
    second = lodge(ledger, 3, batch="B2")
    assert judged(ledger, conn, one) == [(2, "broken")]
    lodge(ledger, 4)
    for table in ("reaction", "pledge", "pledged_item"):  # it looks at everything again
        conn.execute(f"DELETE FROM running.{table}".encode())
    assert judged(ledger, conn, one) == [(2, "broken")], "said once"
    assert second.number


@pytest.mark.parametrize(("day", "counted"), [(27, 1), (28, 1), (29, 0)])
def test_it_is_kept_when_its_day_is_over(
    ledger: Talking, conn: Connection[Any], day: int, counted: int
) -> None:
    """Received on the 30th or 31st it counts, on the first of April no more."""
    one = pledged(ledger)
    lodge(ledger, day)
    midnight = TUESDAY.replace(hour=0) + timedelta(days=29)
    assert judged(ledger, conn, one, midnight - timedelta(seconds=1)) == []
    assert judged(ledger, conn, one, midnight) == [(counted, "kept")]


def test_a_duplicate_is_no_complaint_of_its_own(
    ledger: Talking, conn: Connection[Any]
) -> None:
    one = pledged(ledger, at_most=0)
    other = lodge(ledger, 1)
    ledger.loop.run(
        ledger.opened.ledger.change(
            message(),
            other.complaint_id,
            other.version,
            intake.link_duplicate,
            who=WANG,
            at=TUESDAY,
            other=one,
            reason="同一件事",
        )
    )
    assert judged(ledger, conn, one) == []
