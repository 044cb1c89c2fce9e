"""A08: S2 5.4.2, recall and return approvals, joint liability."""

import pytest

from tests.domain.fining import money
from tests.scenarios.conftest import Tell
from tests.scenarios.language import (
    Step,
    act,
    approved,
    fined,
    received,
    refused,
    said,
    story,
    yuan,
)

pytestmark = pytest.mark.anyio

QC, SALES, VP = "quality_engineer:qc", "customer_service:sales", "quality_manager:vp"
GM, REGION = "general_manager:gm", "customer_service:region"
S2 = {"closure": "S2@1", "approvals": "S2@1", "fines": "S2@1"}
WANTED = {"recall": "R1", "batches": ["20250211"], "reason": "胀包"}

RECALLED = story(
    received("C1", "2025-03-10 09:00"),
    said(
        "C1",
        "determined",
        "2025-03-11 09:00",
        by=QC,
        result="product",
        batch_problem=True,
    ),
    refused("C1", "recall_requested", "2025-03-11 14:00", "role", by=SALES, **WANTED),
    said("C1", "recall_requested", "2025-03-11 15:00", by=QC, **WANTED),
    refused(
        "C1",
        "recall_executed",
        "2025-03-12 09:00",
        "recall_approved",
        by=SALES,
        recall="R1",
    ),
    said("C1", "recall_approved", "2025-03-12 10:00", by=GM, recall="R1"),
    said("C1", "recall_executed", "2025-03-13 09:00", by=SALES, recall="R1", pieces=480),
    **S2,
)


async def test_quality_control_asks_the_general_manager_signs_sales_executes(
    tell: Tell,
) -> None:
    world = await tell(RECALLED)

    assert list(world.topics("C1"))[-3:] == [
        "complaint.recall_requested",
        "complaint.recall_approved",
        "complaint.recall_executed",
    ]


async def test_a_return_is_approved_by_the_general_manager_alone(tell: Tell) -> None:
    world = await tell(
        RECALLED.then(
            said(
                "C1", "return_requested", "2025-03-13 10:00", by=QC, request="T1", pieces=36
            ),
            refused(
                "C1", "return_approved", "2025-03-13 11:00", "role", by=REGION, request="T1"
            ),
            said("C1", "return_approved", "2025-03-13 12:00", by=GM, request="T1"),
        )
    )

    assert world.topics("C1")[-1] == "complaint.return_approved"


def liable(name: str, liability: str, amount: int) -> tuple[Step, Step]:
    """The quality vice-president proposes a fine; the amounts are test data."""
    person = {"person": f"p-{name.lower()}", "role": "liable", "act": "recall"}
    return (
        act(name, "2025-03-11 12:00", complaint="C1", **person),
        fined(name, "2025-03-14 09:00", by=VP, amount=yuan(amount), liability=liability),
    )


PROPOSED = RECALLED.then(
    *liable("P1", "direct", 500), *liable("P2", "joint", 100), *liable("P3", "joint", 100)
)


async def test_the_fine_ledger_is_zero_until_the_general_manager_approves(
    tell: Tell,
) -> None:
    world = await tell(PROPOSED)

    assert money(world.notice(name) for name in ("P1", "P2", "P3")) == 0


async def test_seven_hundred_once_they_are_approved(tell: Tell) -> None:
    signed = [approved(n, "2025-03-20 09:00", by=GM) for n in ("P1", "P2", "P3")]
    world = await tell(PROPOSED.then(*signed))

    notices = [world.notice(name) for name in ("P1", "P2", "P3")]
    assert money(notices) == 700_00
    assert [n.charge.liability for n in notices if n.charge] == ["direct", "joint", "joint"]
