"""In the story: a figure is published, and another one said in its place."""

from datetime import timedelta
from typing import Any

from consumers.opening import Opened
from domain.kpi.publication import Cell, publish, restate
from tests.builders import TUESDAY, WANG, message


def cell(**more: Any) -> Cell:
    """Resolution in February: 27 of 36, unless told otherwise."""
    words: dict[str, Any] = {
        "kpi": "KPI-resolution@1",
        "month": "2026-02",
        "zone": "Asia/Shanghai",
        "value": "75.0",
        "numerator": 27,
        "denominator": "36",
        "position": 3,
        "at": TUESDAY,
        "definition": "a" * 64,
        "lines": "b" * 64,
    }
    return Cell(**words | more)


async def tell_figures(opened: Opened) -> None:
    """Published on a Tuesday, restated on the next day."""
    ledger = opened.ledger
    begun = await ledger.begin(message(), publish(cell(), who=WANG, at=TUESDAY))
    other = cell(value="77.8", numerator=28, position=5)
    await ledger.change(
        message(),
        begun.complaint_id,
        1,
        restate,
        who=WANG,
        at=TUESDAY + timedelta(days=1),
        cell=other,
        reason="结案补录",
    )
