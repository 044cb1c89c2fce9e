"""A01: S46 5.2.1, the one-day and three-day answers across Labour Day."""

import pytest

from tests.scenarios.asking import late, reading
from tests.scenarios.conftest import Tell
from tests.scenarios.language import at, facts, received, said, story

pytestmark = pytest.mark.anyio

ANSWERS = ("CLK-corrective-answer", "CLK-preventive-answer")

A01 = story(
    received("C1", "2025-04-30 15:40"),
    said("C1", "accepted", "2025-04-30 16:20", unit="technical quality"),
    *facts("C1", "2025-04-30 16:30", function_effect="reduced", urgent_or_special=False),
    said("C1", "replied", "2025-05-06 15:00", part="corrective"),
    said("C1", "replied", "2025-05-09 09:30", part="preventive"),
    said("C1", "graded", "2025-05-09 10:00", scheme="S46", code="B"),
    grading="S46@1",
    clocks="S46@1",
    closure="S46@1",
)


async def test_the_corrective_answer_is_on_time_and_the_preventive_one_a_day_late(
    tell_anyhow: Tell,
) -> None:
    world = await tell_anyhow(A01)

    corrective, preventive = (reading(world, "S46@1", one, "C1") for one in ANSWERS)

    assert (corrective.due, corrective.state) == (at("2025-05-06 23:59:59"), "met")
    assert (preventive.due, preventive.state) == (at("2025-05-08 23:59:59"), "late")
    assert late(preventive) == "1 working day"
    counted = [f"{day.day:%m-%d}" for day in preventive.days if day.counted]
    assert counted == ["05-06", "05-07", "05-08"]


async def test_half_of_the_answers_of_this_case_were_on_time(tell: Tell) -> None:
    world = await tell(A01)

    met = [reading(world, "S46@1", one, "C1").state == "met" for one in ANSWERS]

    assert f"{sum(met)}/{len(met)} = {100 * sum(met) / len(met):.1f}%" == "1/2 = 50.0%"
    assert world.row("C1")["grades"] == {"S46": "B"}
