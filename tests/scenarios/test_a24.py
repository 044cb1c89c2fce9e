"""A24: one set of facts under seven rulebooks."""

from typing import Any

import pytest

from tests.scenarios.asking import verdict
from tests.scenarios.conftest import Tell
from tests.scenarios.language import Story, World, facts, received, said, story, yuan

pytestmark = pytest.mark.anyio

SEVEN = ("S6", "S10", "S20", "S22", "S37", "S45", "S46")


LOT = {
    "product": "M7",
    "batch": "L1",
    "shipment_batch": "L1",
    "production_date": "2025-02-18",
    "quantity": 60,
    "price": yuan(120),
}
KNOWN: dict[str, bool | str | None] = {
    "found_at": "customer_assembly",
    "function_effect": "reduced",
    "customer_use_affected": True,
    "customer_loss": "direct",
    "safety_hazard": False,
    "injury": False,
    "media_involved": False,
    "media_or_authority_threat": False,
    "reputation_harm": False,
    # None of S22's structural criteria: stated, not merely unknown.
    "main_structure_damaged": False,
    "foundation_defect": False,
    "dimension_or_appearance": False,
    "equipment_function": False,
    # A part has no vehicle, so nobody's third complaint about one.
    "vehicle": None,
    "vehicle_fire": False,
    "airbag_or_belt": False,
    "steering_or_brake_accident": False,
    "drastic_behaviour": False,
}


def returned(loss: float) -> Story:
    """60 pieces of M7 made on 2025-02-18, rejected on the customer's line and returned."""
    cost: dict[str, Any] = {"loss": yuan(loss), "rework_loss": yuan(loss)}
    cost |= {"scrap_minutes": 0, "rework_minutes": 0}
    return story(
        received("C1", "2025-03-03 09:00", items=[LOT]),
        said("C1", "goods_arrived", "2025-03-04 10:00", item=1, pieces=60),
        *facts("C1", "2025-03-04 11:00", **KNOWN),
        said("C1", "loss_stated", "2025-03-05 09:00", **cost),
        grading="S46@1",
        closure="S46@1",
    )


@pytest.mark.parametrize(
    ("loss", "grades"),
    [
        (18_000, "batch important major general general urgent B"),
        (20_000, "major important major general general urgent B"),
        (100_000, "major important major major general urgent B"),
        (9_999, "batch important major - general urgent B"),
    ],
)
async def test_seven_regulations_seven_grades(
    tell_anyhow: Tell, loss: float, grades: str
) -> None:
    world = await tell_anyhow(returned(loss))

    found = [verdict(world, f"{scheme}@1", "C1") for scheme in SEVEN]
    assert " ".join(one.code or "-" for one in found) == grades
    assert [one.might_be for one in found] == [()] * 7, "everything was stated"
    assert world.complaint("C1").grades == {}, "a verdict changes nothing that is stored"


async def test_each_with_its_reason(tell: Tell) -> None:
    world = await tell(returned(18_000))

    assert reasons(world, "S6") == [
        "returned_of_shipment 60 >= 500 no",
        "reputation_harm False is True no",
        "loss 1800000 >= 2000000 no",
        "injury False is True no",
        "same_model_and_day 60 >= 50 yes",
        "scrap_minutes 0 >= 30 no",
        "rework_minutes 0 >= 60 no",
    ]
    assert "customer_use_affected True is True yes" in reasons(world, "S10")
    assert "pieces_at_assembly 60 >= 5 yes" in reasons(world, "S20")
    assert reasons(world, "S22")[-3:] == [
        "rework_loss 1800000 >= 10000000 no",
        "rework_loss 1800000 >= 1000000 yes",
        "rework_loss 1800000 <= 10000000 yes",
    ]
    assert "same_customer_same_problem 0 >= 3 no" in reasons(world, "S37")
    assert "faulty_of_batch 60 >= 10 yes" in reasons(world, "S45")
    assert "function_effect reduced is reduced yes" in reasons(world, "S46")
    urgent = world.book("S45@1").clocks["CLK-response"].by_grade["urgent"]
    assert (urgent.amount, urgent.unit) == (2, "hour")


async def test_exactly_a_hundred_thousand_is_both_and_the_more_severe_counts(
    tell: Tell,
) -> None:
    found = verdict(await tell(returned(100_000)), "S22@1", "C1")

    assert (found.code, found.fits_too, found.boundary) == (
        "major",
        ("general",),
        "more_severe",
    )


def reasons(world: World, scheme: str) -> list[str]:
    """The comparisons of a verdict, each on a line."""
    found = verdict(world, f"{scheme}@1", "C1")
    return [
        f"{c.name} {getattr(c.stated, 'at_least', c.stated)} {c.op} {c.wanted}"
        f" {'yes' if c.truth == 'true' else 'no'}"
        for grade in found.considered
        for c in grade.criteria
    ]
