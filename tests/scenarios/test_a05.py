"""A05: S45, feedback, verification, callback, and what the customers are given."""

from typing import Any

import pytest

from tests.scenarios.asking import late, reading
from tests.scenarios.conftest import Tell
from tests.scenarios.language import (
    Benefit,
    Step,
    Story,
    at,
    facts,
    received,
    refused,
    said,
    story,
)

pytestmark = pytest.mark.anyio

TOPICS = ("grading", "clocks", "closure", "compensation")
S45 = dict.fromkeys(TOPICS, "S45@1") | {"fines": "S6@1"}
CLOCKS = ("CLK-feedback", "CLK-verification", "CLK-callback")
MONEY, GIFT = Benefit("money", fen=500_00), Benefit("gift")
WARRANTY = Benefit("longer_warranty", months=12)
COUPON = Benefit("coupon", percent_off=10)

# Safety hazard: urgent. Facts and what they are in S45.
URGENT = {"safety_hazard": True}
IMPORTANT = {"safety_hazard": False, "function_effect": "lost"}
GENERAL = {"safety_hazard": False, "function_effect": "slight"}

CARRIED_OUT = story(
    received("C1", "2024-09-28 09:00", items=[{"batch": "B1", "quantity": 1}]),
    *facts("C1", "2024-09-28 10:00", **URGENT),
    said("C1", "graded", "2024-09-28 11:00", scheme="S45", code="urgent"),
    said("C1", "action_planned", "2024-09-29 09:00", action="A1", text="换绝缘件"),
    said("C1", "solution_executed", "2024-09-30 16:00"),
    said("C1", "action_implemented", "2024-09-30 17:00", action="A1"),
    **S45,
)
TOLD = CARRIED_OUT.then(
    said("C1", "contacted", "2024-10-08 11:00", channel="phone", outward=True),
    said(
        "C1",
        "verified",
        "2024-10-08 15:00",
        result="effective",
        side_effect=False,
    ),
    said("C1", "duty_done", "2024-10-09 09:00", duty="case_library"),
)


async def test_each_later_clock_has_its_own_calendar(tell: Tell) -> None:
    world = await tell(CARRIED_OUT)

    due = [reading(world, "S45@1", clock, "C1").due for clock in CLOCKS]
    assert due == [
        at("2024-10-08 23:59:59"),  # a working day; 1 to 7 October are off
        at("2024-10-07 23:59:59"),  # a week, although it ends on a holiday
        at("2024-10-30 23:59:59"),
    ]


async def test_told_in_time_and_verified_a_day_late(tell: Tell) -> None:
    world = await tell(TOLD)

    feedback, verification, callback = (
        reading(world, "S45@1", clock, "C1") for clock in CLOCKS
    )
    assert (feedback.state, verification.state) == ("met", "late")
    assert late(verification) == "1 day"
    assert callback.state == "running"  # nobody has called


async def test_it_is_closed_after_the_callback_of_day_thirty(tell: Tell) -> None:
    world = await tell(
        TOLD.then(
            refused("C1", "closed", "2024-10-20 09:00", "called_back"),
            said("C1", "called_back", "2024-10-30 10:00", reached=True, satisfied=True),
            said("C1", "closed", "2024-10-30 11:00"),
        )
    )

    assert reading(world, "S45@1", "CLK-callback", "C1").state == "met"
    assert world.complaint("C1").closed


def october() -> Story:
    """Three urgent, two important and four general solutions, each with what is due."""
    steps: list[Step] = []
    cases = [("urgent", URGENT)] * 3 + [("important", IMPORTANT)] * 2
    cases += [("general", GENERAL)] * 4
    for nth, (code, known) in enumerate(cases, start=1):
        name, day = f"C{nth}", f"2024-10-{7 + nth:02}"
        items = [{"batch": f"B{nth}", "quantity": 1}]
        steps += [
            received(name, f"{day} 09:00", items=items),
            *facts(name, f"{day} 10:00", **known),
            said(name, "graded", f"{day} 11:00", scheme="S45", code=code),
            refused(name, "compensated", f"{day} 12:00", "solution_executed"),
            said(name, "solution_executed", f"{day} 13:00"),
            said(name, "compensated", f"{day} 14:00"),
            said(name, "compensated", f"{day} 15:00"),  # again: nothing new
        ]
    return story(*steps, **S45)


async def test_the_money_of_october(tell: Tell) -> None:
    world = await tell(october())

    given = world.compensated("2024-10")
    assert (MONEY.fen * given[MONEY], given[GIFT]) == (1_500_00, 3)
    assert (given[WARRANTY], given[COUPON]) == (2, 4)
    listed = (Benefit("exchange"), Benefit("repair"), Benefit("note"))
    assert [given[one] for one in listed] == [3, 2, 4]  # what grades get besides
    assert world.fined() == 0  # the fine ledger stays 0.00


async def test_what_is_taken_back_nets_to_zero_in_its_own_month(tell: Tell) -> None:
    back: dict[str, Any] = {"taken_back": True, "reason": "客户退款"}
    world = await tell(
        october().then(said("C1", "compensated", "2024-11-04 09:00", **back))
    )

    assert world.compensated("2024-10")[MONEY] == 3  # a month that was stated stays
    assert world.compensated("2024-11") == {MONEY: -1, GIFT: -1, Benefit("exchange"): -1}
