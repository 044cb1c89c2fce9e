"""What makes a clause of S6 heavier, lighter, or void: approvals, repetition, gravity."""

import pytest

from domain.errors import InvalidError
from domain.rulebooks.predicates import Value
from tests.domain.fining import judged, of


@pytest.mark.parametrize(
    ("approved", "bought", "fined"),
    [
        ({}, {"purchase_on": "2025-03-10"}, True),  # nobody allowed it
        ({"special_approval_on": "2025-03-09"}, {"purchase_on": "2025-03-10"}, False),
        ({"special_approval_on": "2025-03-10"}, {"purchase_on": "2025-03-10"}, False),
        ({"special_approval_on": "2025-03-11"}, {"purchase_on": "2025-03-10"}, True),
    ],
)
def test_a_written_approval_helps_only_when_it_came_before(
    approved: dict[str, Value], bought: dict[str, Value], *, fined: bool
) -> None:
    """5.1.3.1: bulk purchase although the sample was not passed."""
    found = judged("procurement", "bulk_purchase_unpassed_sample", {**approved, **bought})

    assert [one.amount for one in found] == ([500_00] if fined else [])


@pytest.mark.parametrize(
    ("before", "amount", "outcome"),
    [(0, 200_00, None), (1, None, "dismissal"), (2, None, "dismissal")],
)
@pytest.mark.parametrize(
    ("clause", "role"), [("5.1.1.2", "incoming_inspector"), ("5.2.1.3", "inspector")]
)
def test_falsifying_a_second_time_costs_the_post(
    clause: str, role: str, before: int, amount: int | None, outcome: str | None
) -> None:
    one = of(judged(role, "falsified_report", {}, earlier={clause: before}), clause)

    assert (one.amount, one.outcome, one.nth) == (amount, outcome, before + 1)


@pytest.mark.parametrize(
    ("clause", "role", "act", "least"),
    [
        ("5.2.1.10", "inspector", "instructions_not_stopped", 20),
        ("5.2.3.1", "production", "instructions_missing", 50),
    ],
)
def test_a_repetition_is_open_upwards_and_never_below(
    clause: str, role: str, act: str, least: int
) -> None:
    earlier = {clause: 1}
    one = of(judged(role, act, {}, earlier=earlier), clause)

    assert (one.state, one.low, one.high, one.heavier) == ("open", least * 100, None, True)
    with pytest.raises(InvalidError):
        judged(role, act, {}, earlier=earlier, amounts={one.clause: least * 100 - 1})
    made = of(judged(role, act, {}, earlier=earlier, amounts={one.clause: 999_00}), clause)
    assert made.amount == 999_00


@pytest.mark.parametrize(
    ("clause", "role", "act", "facts"),
    [
        (
            "5.1.5.1 a",
            "logistics",
            "material_mishandled",
            {"told_quality_management": False},
        ),
        ("5.2.1.2", "inspector", "missed_inspection", {"pieces": 2, "serious": True}),
        (
            "5.2.1.9",
            "patrol_inspector",
            "product_misplaced",
            {"accident_grade": "batch", "serious": True},
        ),
    ],
)
def test_serious_circumstances_leave_the_amount_to_a_person(
    clause: str, role: str, act: str, facts: dict[str, Value]
) -> None:
    one = of(judged(role, act, facts), clause)

    assert (one.state, one.amount, one.high, one.heavier) == ("open", None, None, True)


def test_what_nobody_said_of_the_circumstances_is_asked_and_not_applied() -> None:
    one = of(judged("inspector", "missed_inspection", {"pieces": 2}), "5.2.1.2")

    assert (one.state, one.amount, one.asks) == ("set", 40_00, ("serious",))


@pytest.mark.parametrize(
    ("clause", "role", "act", "facts"),
    [
        ("5.1.5.1 b", "logistics", "property_neglected", {"damaged": True}),
        ("5.2.3.2", "operator", "instruction_not_followed", {}),
    ],
)
def test_the_loss_is_borne_besides(
    clause: str, role: str, act: str, facts: dict[str, Value]
) -> None:
    assert of(judged(role, act, facts), clause).bears_cost
