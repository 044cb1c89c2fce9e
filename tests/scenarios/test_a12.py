"""A12: S6 6.1, the most severe clause wins."""

from typing import Any

import pytest

from domain.penalty import Superseded
from tests.domain.fining import V1_FROM, money, text_of
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Step, act, fined, not_fined, received, story, yuan

pytestmark = pytest.mark.anyio

TWELVE = "S6@1#5.2.1.12"
ESCAPED = {
    "pieces": 3,
    "reached": "customer",
    "caused_complaint": True,
    "visibly_defective": True,
}
DAY, LATER = "2025-03-18 10:00", "2025-04-01 09:00"


def missed(name: str, role: str) -> Step:
    """An inspector let three visibly defective pieces reach a customer."""
    act_ = {"person": f"p-{name.lower()}", "role": role, "act": "missed_inspection"}
    return act(name, DAY, complaint="C1", facts=ESCAPED, **act_)


def each(amount: int) -> dict[str, Any]:
    """What the quality management department sets for a piece."""
    return {
        "penalty_clause": TWELVE,
        "amounts": [{"clause": TWELVE, "each": yuan(amount)}],
    }


A12 = story(
    received("C1", "2025-03-18 09:00"),
    missed("P", "patrol_inspector"),
    missed("F", "final_inspector"),
    not_fined("P", LATER, "amounts", **each(49)),
    not_fined("P", LATER, "amounts", **each(201)),
    fined("P", LATER, **each(100)),
    fined("F", LATER, **each(100)),
    act(
        "O",
        DAY,
        complaint="C1",
        person="p-operator",
        role="operator",
        act="self_check_failed",
        facts={"pieces": 3, "reached": "customer", "repairable": False},
    ),
    fined("O", LATER, penalty_clause="S6@1#5.2.3.3"),
    fines="S6@1",
).at(catalogs=((text_of("S6_v1"), V1_FROM),))


async def test_one_fine_a_person_by_the_most_severe_clause(tell: Tell) -> None:
    world = await tell(A12)

    p, f, o = (world.notice(name) for name in "PFO")
    assert [n.charge.penalty_clause for n in (p, f) if n.charge] == [TWELVE, TWELVE]
    assert money([p]) == money([f]) == 300_00
    assert money([p, f]) == 600_00
    superseded = [e for e in p.happened if isinstance(e, Superseded)]
    assert [(e.penalty_clause, e.amount and e.amount.minor) for e in superseded] == [
        ("S6@1#5.2.1.2", 60_00),
        ("S6@1#5.2.1.11", 30_00),
    ]
    assert {e.clause for e in superseded} == {"S6@1#6.1-6.7"}
    assert money([o]) == 60_00  # a separate person, kept
    assert money([p, f, o]) == 660_00
